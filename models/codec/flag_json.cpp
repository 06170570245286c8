#include "codec/flag_json.h"

#include <cmath>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

#include "domain/time.h"
#include "domain/visible_text.h"

namespace scr::codec {

namespace {

using Json = nlohmann::ordered_json;
using namespace domain;

// --- writing

template <class Tag>
Json keysOf(const std::vector<Key<Tag>>& keys)
{
    Json list = Json::array();
    for (const Key<Tag>& key : keys)
        list.push_back(key.text);
    return list;
}

Json toJson(const GapStrip& strip)
{
    Json points = Json::array();
    for (const GapStrip::Point& point : strip.points)
        points.push_back({{"at", isoText(point.at)}, {"gap_s", point.gapSeconds}, {"in_burst", point.inBurst}});
    return {{"kind", "gap_strip"},
            {"site_low_s", strip.siteLowSeconds},
            {"site_high_s", strip.siteHighSeconds},
            {"faster_than_s", strip.fasterThanSeconds},
            {"points", std::move(points)}};
}

Json toJson(const AttemptWaterfall& waterfall)
{
    Json bars = Json::array();
    for (const AttemptWaterfall::Bar& bar : waterfall.bars) {
        Json one{{"start", isoText(bar.start)}};
        if (bar.end)
            one["end"] = isoText(*bar.end);
        one["outcome"] = nameOf(bar.outcome);
        one["extra_vote"] = bar.extraVote;
        if (!bar.sqlstate.empty())
            one["sqlstate"] = bar.sqlstate;
        if (!bar.vote.empty())
            one["vote"] = bar.vote.text;
        if (!bar.origin.empty())
            one["origin"] = bar.origin;
        bars.push_back(std::move(one));
    }
    return {{"kind", "attempt_waterfall"}, {"from_votes", waterfall.fromVotes}, {"bars", std::move(bars)}};
}

Json toJson(const CounterTrace& trace)
{
    Json rows = Json::array();
    for (const CounterTrace::Point& point : trace.rows)
        rows.push_back({{"at", isoText(point.at)}, {"sum", point.sum}});
    return {{"kind", "counter_trace"}, {"counter", trace.counter}, {"row_sum", trace.rowSum}, {"rows", std::move(rows)}};
}

Json toJson(const LockstepMatrix& matrix)
{
    Json posts = Json::array();
    for (std::size_t at = 0; at < matrix.posts.size(); ++at)
        posts.push_back({{"post", matrix.posts[at].text}, {"start", isoText(matrix.starts[at])}});
    Json cells = Json::array();
    for (const LockstepMatrix::Cell& cell : matrix.cells)
        cells.push_back({{"token", cell.token}, {"post", cell.post}, {"after_s", cell.afterSeconds}});
    return {
        {"kind", "lockstep_matrix"}, {"tokens", keysOf(matrix.tokens)}, {"posts", std::move(posts)}, {"cells", std::move(cells)}};
}

Json toJson(const SubnetShare& share)
{
    Json rows = Json::array();
    for (const SubnetShare::Row& row : share.rows)
        rows.push_back({{"post", row.post.text}, {"tokens", row.tokens}, {"expected", row.expected}, {"votes", row.votes}});
    return {{"kind", "subnet_share"}, {"network", share.network}, {"site_share", share.siteShare}, {"rows", std::move(rows)}};
}

Json toJson(const VoteMatrix& matrix)
{
    Json cells = Json::array();
    for (const VoteMatrix::Cell& cell : matrix.cells)
        cells.push_back({{"voter", cell.voter}, {"author", cell.author}, {"votes", cell.votes}, {"expected", cell.expected}});
    return {{"kind", "vote_matrix"},
            {"voters", keysOf(matrix.voters)},
            {"authors", keysOf(matrix.authors)},
            {"cells", std::move(cells)}};
}

Json toJson(const CompositionContrast::Group& group)
{
    return {{"votes", group.votes}, {"up", group.up}, {"arrivals", group.arrivals}};
}

Json toJson(const CompositionContrast& contrast)
{
    return {{"kind", "composition_contrast"},      {"start", isoText(contrast.start)},
            {"bin_s", contrast.binSeconds},        {"one_off", toJson(contrast.oneOff)},
            {"regular", toJson(contrast.regular)}, {"expected_one_off", contrast.expectedOneOff}};
}

Json toJson(const Evidence& evidence)
{
    return std::visit(
        [](const auto& one) -> Json {
            if constexpr (std::is_same_v<std::decay_t<decltype(one)>, std::monostate>)
                return nullptr;
            else
                return toJson(one);
        },
        evidence);
}

Json toJson(const std::optional<RankImpact>& impact)
{
    if (!impact)
        return nullptr;
    return {{"post", impact->post.text},
            {"rank_with", impact->rankWith},
            {"rank_without", impact->rankWithout},
            {"score_with", impact->scoreWith},
            {"score_without", impact->scoreWithout}};
}

Json subjectOf(const Subject& subject)
{
    Json json{{"kind", nameOf(subject.kind)}, {"key", subject.key}};
    if (!subject.post.empty())
        json["post"] = subject.post.text;
    return json;
}

Json ruleOf(const std::vector<RuleParameter>& rule)
{
    Json list = Json::array();
    for (const RuleParameter& parameter : rule)
        list.push_back({{"name", parameter.name}, {"value", parameter.value}, {"unit", parameter.unit}});
    return list;
}

// --- reading: a broken line throws, flagFromJson makes an Error of it

[[noreturn]] void refuse(const std::string& what)
{
    throw std::invalid_argument{what};
}

const Json& member(const Json& object, const char* name)
{
    if (!object.is_object() || !object.contains(name))
        refuse(std::string{"\""} + name + "\" is missing");
    return object.at(name);
}

template <class T>
T read(const Json& object, const char* name)
{
    const Json& value = member(object, name);
    const bool fits = std::is_same_v<T, std::string> ? value.is_string()
                      : std::is_same_v<T, bool>      ? value.is_boolean()
                      : std::is_floating_point_v<T>  ? value.is_number()
                                                     : value.is_number_integer();
    if (!fits)
        refuse(std::string{"\""} + name + "\" has the wrong kind of value");
    return value.get<T>();
}

std::string readText(const Json& object, const char* name)
{
    return read<std::string>(object, name);
}

std::string readOptionalText(const Json& object, const char* name)
{
    return object.contains(name) ? readText(object, name) : std::string{};
}

UtcTime readTime(const Json& object, const char* name)
{
    const auto time = parseTime(readText(object, name));
    if (!time)
        refuse(std::string{"\""} + name + "\": " + time.error().detail);
    return *time;
}

template <class Name>
auto readName(const Json& object, const char* name, Name nameToValue)
{
    const auto value = nameToValue(readText(object, name));
    if (!value)
        refuse(std::string{"\""} + name + "\" has an unknown value \"" + visibleText(readText(object, name)) + "\"");
    return *value;
}

const Json& readList(const Json& object, const char* name)
{
    const Json& list = member(object, name);
    if (!list.is_array())
        refuse(std::string{"\""} + name + "\" is not a list");
    return list;
}

std::vector<std::string> readTexts(const Json& object, const char* name)
{
    std::vector<std::string> texts;
    for (const Json& text : readList(object, name)) {
        if (!text.is_string())
            refuse(std::string{"\""} + name + "\" holds something that is not text");
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

template <class KeyType>
std::vector<KeyType> readKeys(const Json& object, const char* name)
{
    std::vector<KeyType> keys;
    for (std::string& text : readTexts(object, name))
        keys.emplace_back(std::move(text));
    return keys;
}

GapStrip readGapStrip(const Json& json)
{
    GapStrip strip;
    strip.siteLowSeconds = read<double>(json, "site_low_s");
    strip.siteHighSeconds = read<double>(json, "site_high_s");
    strip.fasterThanSeconds = read<double>(json, "faster_than_s");
    for (const Json& point : readList(json, "points"))
        strip.points.push_back({readTime(point, "at"), read<double>(point, "gap_s"), read<bool>(point, "in_burst")});
    return strip;
}

AttemptWaterfall readWaterfall(const Json& json)
{
    AttemptWaterfall waterfall;
    waterfall.fromVotes = read<bool>(json, "from_votes");
    for (const Json& one : readList(json, "bars")) {
        AttemptWaterfall::Bar bar;
        bar.start = readTime(one, "start");
        if (one.contains("end"))
            bar.end = readTime(one, "end");
        bar.outcome = readName(one, "outcome", attemptOutcomeOf);
        bar.extraVote = read<bool>(one, "extra_vote");
        bar.sqlstate = readOptionalText(one, "sqlstate");
        bar.vote = VoteKey{readOptionalText(one, "vote")};
        bar.origin = readOptionalText(one, "origin");
        waterfall.bars.push_back(std::move(bar));
    }
    return waterfall;
}

CounterTrace readTrace(const Json& json)
{
    CounterTrace trace;
    trace.counter = read<double>(json, "counter");
    trace.rowSum = read<double>(json, "row_sum");
    for (const Json& point : readList(json, "rows"))
        trace.rows.push_back({readTime(point, "at"), read<double>(point, "sum")});
    return trace;
}

/// An index that is inside its list, so that no chart reads beyond it.
std::uint32_t readIndex(const Json& json, const char* name, std::size_t size)
{
    const auto index = read<std::int64_t>(json, name);
    if (index < 0 || static_cast<std::uint64_t>(index) >= size)
        refuse(std::string{"\""} + name + "\" points outside its list");
    return static_cast<std::uint32_t>(index);
}

LockstepMatrix readLockstep(const Json& json)
{
    LockstepMatrix matrix;
    matrix.tokens = readKeys<TokenKey>(json, "tokens");
    for (const Json& post : readList(json, "posts")) {
        matrix.posts.emplace_back(readText(post, "post"));
        matrix.starts.push_back(readTime(post, "start"));
    }
    for (const Json& cell : readList(json, "cells"))
        matrix.cells.push_back({readIndex(cell, "token", matrix.tokens.size()), readIndex(cell, "post", matrix.posts.size()),
                                read<double>(cell, "after_s")});
    return matrix;
}

SubnetShare readSubnet(const Json& json)
{
    SubnetShare share;
    share.network = readText(json, "network");
    share.siteShare = read<double>(json, "site_share");
    for (const Json& row : readList(json, "rows"))
        share.rows.push_back({PostKey{readText(row, "post")}, read<std::int64_t>(row, "tokens"), read<double>(row, "expected"),
                              read<std::int64_t>(row, "votes")});
    return share;
}

VoteMatrix readVoteMatrix(const Json& json)
{
    VoteMatrix matrix;
    matrix.voters = readKeys<TokenKey>(json, "voters");
    matrix.authors = readKeys<AuthorKey>(json, "authors");
    for (const Json& cell : readList(json, "cells"))
        matrix.cells.push_back({readIndex(cell, "voter", matrix.voters.size()), readIndex(cell, "author", matrix.authors.size()),
                                read<std::int64_t>(cell, "votes"), read<double>(cell, "expected")});
    return matrix;
}

CompositionContrast::Group readGroup(const Json& json, const char* name)
{
    const Json& object = member(json, name);
    CompositionContrast::Group group{read<std::int64_t>(object, "votes"), read<std::int64_t>(object, "up"), {}};
    for (const Json& count : readList(object, "arrivals")) {
        if (!count.is_number_integer())
            refuse("\"arrivals\" holds something that is not a whole number");
        group.arrivals.push_back(count.get<std::int64_t>());
    }
    return group;
}

CompositionContrast readComposition(const Json& json)
{
    return {readTime(json, "start"), read<double>(json, "bin_s"), readGroup(json, "one_off"), readGroup(json, "regular"),
            read<double>(json, "expected_one_off")};
}

Evidence readEvidence(const Json& json)
{
    const Json& evidence = member(json, "evidence");
    if (evidence.is_null())
        return std::monostate{};
    const std::string kind = readText(evidence, "kind");
    if (kind == "gap_strip")
        return readGapStrip(evidence);
    if (kind == "attempt_waterfall")
        return readWaterfall(evidence);
    if (kind == "counter_trace")
        return readTrace(evidence);
    if (kind == "lockstep_matrix")
        return readLockstep(evidence);
    if (kind == "subnet_share")
        return readSubnet(evidence);
    if (kind == "vote_matrix")
        return readVoteMatrix(evidence);
    if (kind == "composition_contrast")
        return readComposition(evidence);
    refuse("the evidence is of an unknown kind \"" + visibleText(kind) + "\"");
}

std::optional<RankImpact> readImpact(const Json& json)
{
    const Json& impact = member(json, "rank_impact");
    if (impact.is_null())
        return std::nullopt;
    return RankImpact{PostKey{readText(impact, "post")}, read<std::int64_t>(impact, "rank_with"),
                      read<std::int64_t>(impact, "rank_without"), read<double>(impact, "score_with"),
                      read<double>(impact, "score_without")};
}

std::vector<RuleParameter> readRule(const Json& json)
{
    std::vector<RuleParameter> rule;
    for (const Json& parameter : readList(json, "rule"))
        rule.push_back({readText(parameter, "name"), readText(parameter, "value"), readText(parameter, "unit")});
    return rule;
}

Flag readFlag(const Json& json)
{
    Flag flag;
    flag.key = FlagKey{readText(json, "flag")};
    flag.detector = readName(json, "detector", detectorOf);
    flag.ruleVersion = readText(json, "rule_version");
    const Json& subject = member(json, "subject");
    flag.subject = {readName(subject, "kind", subjectKindOf), readText(subject, "key"),
                    PostKey{readOptionalText(subject, "post")}};
    flag.from = readTime(json, "from");
    flag.to = readTime(json, "to");
    flag.score = read<double>(json, "score");
    flag.severity = readName(json, "severity", severityOf);
    flag.votes = readKeys<VoteKey>(json, "votes");
    flag.extraVotes = readKeys<VoteKey>(json, "extra_votes");
    flag.tokens = readKeys<TokenKey>(json, "tokens");
    flag.posts = readKeys<PostKey>(json, "posts");
    flag.headline = readText(json, "headline");
    flag.summary = readText(json, "summary");
    flag.explanation = readText(json, "explanation");
    flag.counterEvidence = readTexts(json, "counter_evidence");
    flag.clearsIf = readText(json, "clears_if");
    flag.rule = readRule(json);
    flag.rankImpact = readImpact(json);
    flag.evidence = readEvidence(json);
    return flag;
}

} // namespace

std::string flagToJson(const Flag& flag)
{
    const Json json{{"flag", flag.key.text},
                    {"detector", nameOf(flag.detector)},
                    {"rule_version", flag.ruleVersion},
                    {"subject", subjectOf(flag.subject)},
                    {"from", isoText(flag.from)},
                    {"to", isoText(flag.to)},
                    {"score", flag.score},
                    {"severity", nameOf(flag.severity)},
                    {"votes", keysOf(flag.votes)},
                    {"extra_votes", keysOf(flag.extraVotes)},
                    {"tokens", keysOf(flag.tokens)},
                    {"posts", keysOf(flag.posts)},
                    {"headline", flag.headline},
                    {"summary", flag.summary},
                    {"explanation", flag.explanation},
                    {"counter_evidence", flag.counterEvidence},
                    {"clears_if", flag.clearsIf},
                    {"rule", ruleOf(flag.rule)},
                    {"rank_impact", toJson(flag.rankImpact)},
                    {"evidence", toJson(flag.evidence)}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Flag> flagFromJson(std::string_view text)
{
    constexpr auto kRemedy = "The line was not written by this program, or was changed since";
    try {
        return readFlag(Json::parse(text));
    } catch (const Json::exception&) {
        return failure(Fault::Corrupt, "The flag is not a line of JSON", kRemedy);
    } catch (const std::invalid_argument& wrong) {
        return failure(Fault::Corrupt, std::string{"The flag cannot be read: "} + wrong.what(), kRemedy);
    }
}

} // namespace scr::codec
