#include "codec/flag_json.h"

#include <stdexcept>
#include <utility>

#include "codec/evidence_json.h"

namespace scr::codec {

namespace {

using namespace domain;

// --- writing

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
    flag.siteRule = readOptionalText(json, "site_rule");
    flag.ruleVersion = readText(json, "rule_version");
    const Json& subject = member(json, "subject");
    flag.subject = {readName(subject, "kind", subjectKindOf), readText(subject, "key"),
                    PostKey{readOptionalText(subject, "post")}};
    flag.from = readTime(json, "from");
    flag.to = readTime(json, "to");
    flag.score = read<double>(json, "score");
    flag.falseShare = readOptionalNumber(json, "false_share");
    flag.belowReviewLine = json.contains("below_review_line") && read<bool>(json, "below_review_line");
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
    flag.displacement = readOptionalNumber(json, "displacement").value_or(0);
    flag.evidence = evidenceFromJson(json);
    return flag;
}

} // namespace

namespace {

Json jsonOf(const Flag& flag)
{
    Json json{{"flag", flag.key.text},
              {"detector", nameOf(flag.detector)},
              {"rule_version", flag.ruleVersion},
              {"subject", subjectOf(flag.subject)},
              {"from", isoText(flag.from)},
              {"to", isoText(flag.to)},
              {"score", flag.score},
              {"false_share", flag.falseShare ? Json(*flag.falseShare) : Json()},
              {"below_review_line", flag.belowReviewLine},
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
              {"displacement", flag.displacement},
              {"priority", priorityOf(flag)},
              {"evidence", evidenceToJson(flag.evidence)}};
    if (!flag.siteRule.empty()) // else every flag on record would look changed to the next scan
        json["site_rule"] = flag.siteRule;
    return json;
}

Json timeOrNull(const std::optional<UtcTime>& time)
{
    return time ? Json(isoText(*time)) : Json();
}

std::string lineOf(const Json& json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

std::string flagToJson(const Flag& flag)
{
    return lineOf(jsonOf(flag));
}

std::string recordedFlagToJson(const FlagReading& reading)
{
    const RecordedFlag& recorded = reading.recorded;
    Json decisions = Json::array();
    for (const ReviewEntry& entry : reading.decisions)
        decisions.push_back({{"review", entry.review},
                             {"decision", nameOf(entry.decision)},
                             {"reason", entry.reason},
                             {"actor", entry.actor},
                             {"decided_at", isoText(entry.decidedAt)},
                             {"snooze_until", timeOrNull(entry.snoozeUntil)}});
    return lineOf({{"flag", jsonOf(recorded.flag)},
                   {"state", nameOf(recorded.state)},
                   {"last_review", recorded.lastReview},
                   {"actor", recorded.actor},
                   {"recorded_at", isoText(recorded.recordedAt)},
                   {"recorded_by", recorded.recordedBy},
                   {"versions", recorded.versions},
                   {"changed_by", recorded.changedBy},
                   {"changed_at", timeOrNull(recorded.changedAt)},
                   {"subject_label", recorded.subjectLabel},
                   {"post_title", recorded.postTitle},
                   {"decisions", std::move(decisions)}});
}

namespace {

std::optional<UtcTime> readOptionalTime(const Json& object, const char* name)
{
    return member(object, name).is_null() ? std::nullopt : std::optional{readTime(object, name)};
}

ReviewEntry readDecision(const Json& json, const FlagKey& flag)
{
    return {read<std::int64_t>(json, "review"),
            flag,
            readName(json, "decision", decisionOf),
            readText(json, "reason"),
            readText(json, "actor"),
            readTime(json, "decided_at"),
            readOptionalTime(json, "snooze_until")};
}

FlagReading readRecorded(const Json& json)
{
    FlagReading reading;
    RecordedFlag& recorded = reading.recorded;
    recorded.flag = readFlag(member(json, "flag"));
    recorded.state = readName(json, "state", flagStateOf);
    recorded.lastReview = read<std::int64_t>(json, "last_review");
    recorded.actor = readText(json, "actor");
    recorded.recordedAt = readTime(json, "recorded_at");
    recorded.recordedBy = readText(json, "recorded_by");
    recorded.versions = read<std::int64_t>(json, "versions");
    recorded.changedBy = readText(json, "changed_by");
    recorded.changedAt = readOptionalTime(json, "changed_at");
    recorded.subjectLabel = readText(json, "subject_label");
    recorded.postTitle = readText(json, "post_title");
    for (const Json& decision : readList(json, "decisions"))
        reading.decisions.push_back(readDecision(decision, recorded.flag.key));
    return reading;
}

template <class T>
Result<T> parsed(std::string_view text, T (*read)(const Json&))
{
    constexpr auto kRemedy = "The line was not written by this program, or was changed since";
    try {
        return read(Json::parse(text));
    } catch (const Json::exception&) {
        return failure(Fault::Corrupt, "The flag is not a line of JSON", kRemedy);
    } catch (const std::invalid_argument& wrong) {
        return failure(Fault::Corrupt, std::string{"The flag cannot be read: "} + wrong.what(), kRemedy);
    }
}

} // namespace

Result<Flag> flagFromJson(std::string_view text)
{
    return parsed(text, readFlag);
}

Result<FlagReading> recordedFlagFromJson(std::string_view text)
{
    return parsed(text, readRecorded);
}

} // namespace scr::codec
