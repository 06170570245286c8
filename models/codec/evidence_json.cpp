#include "codec/evidence_json.h"

#include <type_traits>

namespace scr::codec {

using namespace domain;

namespace {

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
    Json json{{"kind", "attempt_waterfall"}, {"from_votes", waterfall.fromVotes}, {"bars", std::move(bars)}};
    if (waterfall.unlogged)
        json["unlogged"] = true;
    return json;
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

Json toJson(const TimeHistogram& histogram)
{
    Json marks = Json::array();
    for (const TimeHistogram::Mark& mark : histogram.marks)
        marks.push_back({{"at", isoText(mark.at)}, {"label", mark.label}});
    return {{"kind", "time_histogram"},          {"counted", histogram.counted},  {"flagged", histogram.flagged},
            {"start", isoText(histogram.start)}, {"bin_s", histogram.binSeconds}, {"of_the_hour", histogram.isOfTheHour},
            {"others", histogram.others},        {"hits", histogram.hits},        {"expected", histogram.expected},
            {"marks", std::move(marks)}};
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
    waterfall.unlogged = json.contains("unlogged") && read<bool>(json, "unlogged");
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

std::vector<std::int64_t> readCounts(const Json& json, const char* name)
{
    std::vector<std::int64_t> counts;
    for (const Json& count : readList(json, name)) {
        if (!count.is_number_integer())
            refuse(std::string{"\""} + name + "\" holds something that is not a whole number");
        counts.push_back(count.get<std::int64_t>());
    }
    return counts;
}

CompositionContrast::Group readGroup(const Json& json, const char* name)
{
    const Json& object = member(json, name);
    return {read<std::int64_t>(object, "votes"), read<std::int64_t>(object, "up"), readCounts(object, "arrivals")};
}

CompositionContrast readComposition(const Json& json)
{
    return {readTime(json, "start"), read<double>(json, "bin_s"), readGroup(json, "one_off"), readGroup(json, "regular"),
            read<double>(json, "expected_one_off")};
}

TimeHistogram readHistogram(const Json& json)
{
    TimeHistogram histogram;
    histogram.counted = readText(json, "counted");
    histogram.flagged = readText(json, "flagged");
    histogram.start = readTime(json, "start");
    histogram.binSeconds = read<double>(json, "bin_s");
    histogram.isOfTheHour = read<bool>(json, "of_the_hour");
    histogram.others = readCounts(json, "others");
    histogram.hits = readCounts(json, "hits");
    for (const Json& level : readList(json, "expected")) {
        if (!level.is_number())
            refuse("\"expected\" holds something that is not a number");
        histogram.expected.push_back(level.get<double>());
    }
    if (histogram.hits.size() != histogram.others.size() ||
        (!histogram.expected.empty() && histogram.expected.size() != histogram.others.size()))
        refuse("the bins of the evidence differ in number");
    for (const Json& mark : readList(json, "marks"))
        histogram.marks.push_back({readTime(mark, "at"), readText(mark, "label")});
    return histogram;
}

} // namespace

Json evidenceToJson(const Evidence& evidence)
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

Evidence evidenceFromJson(const Json& json)
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
    if (kind == "time_histogram")
        return readHistogram(evidence);
    refuse("the evidence is of an unknown kind \"" + visibleText(kind) + "\"");
}

} // namespace scr::codec
