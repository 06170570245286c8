#include "ctl/backtest_output.h"

#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "codec/flag_json.h"
#include "ctl/text_table.h"
#include "domain/visible_text.h"

namespace scr::ctl {

namespace {

using detect::FlagDiff;
using detect::FlagPair;
using domain::Flag;
using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

void addRow(Rows& rows, std::string_view change, const Flag& flag, std::string severity)
{
    rows.push_back({std::string{change}, flag.key.text, std::move(severity), std::string{domain::nameOf(flag.detector)},
                    cellText(fmt::format("{} {}", domain::nameOf(flag.subject.kind), flag.subject.key)),
                    cellText(flag.subject.post.text), domain::visibleText(flag.summary)});
}

std::string flagRows(const FlagDiff& difference)
{
    Rows rows{{"CHANGE", "FLAG", "SEVERITY", "DETECTOR", "SUBJECT", "POST", "WHAT"}};
    for (const Flag* flag : difference.gained)
        addRow(rows, "gained", *flag, std::string{domain::nameOf(flag->severity)});
    for (const Flag* flag : difference.lost)
        addRow(rows, "lost", *flag, std::string{domain::nameOf(flag->severity)});
    for (const FlagPair& pair : difference.severity)
        addRow(rows, "severity", *pair.after,
               fmt::format("{} -> {}", domain::nameOf(pair.before->severity), domain::nameOf(pair.after->severity)));
    for (const FlagPair& pair : difference.otherVotes)
        addRow(rows, "votes", *pair.after, std::string{domain::nameOf(pair.after->severity)});
    return rows.size() == 1 ? std::string{} : alignedText(rows) + '\n';
}

std::string totalRows(const FlagDiff& difference)
{
    Rows rows{{"DETECTOR", "OLD", "NEW", "GAINED", "LOST", "SEVERITY", "VOTES"}};
    for (const detect::DetectorTotals& total : difference.totals)
        rows.push_back({std::string{domain::nameOf(total.detector)}, fmt::to_string(total.before), fmt::to_string(total.after),
                        fmt::to_string(total.gained), fmt::to_string(total.lost), fmt::to_string(total.severity),
                        fmt::to_string(total.otherVotes)});
    return rows.size() == 1 ? std::string{} : alignedText(rows) + '\n';
}

std::string votesText(std::uint64_t votes)
{
    return fmt::format("{} vote{}", votes, votes == 1 ? "" : "s");
}

void addLine(std::string& text, const Json& json)
{
    text += json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Json flagJson(const Flag& flag)
{
    return Json::parse(codec::flagToJson(flag));
}

Json pairJson(std::string_view change, const FlagPair& pair)
{
    return {{"change", change},
            {"old_severity", domain::nameOf(pair.before->severity)},
            {"new_severity", domain::nameOf(pair.after->severity)},
            {"old_extra_votes", pair.before->extraVotes.size()},
            {"flag", flagJson(*pair.after)}};
}

Json totalsJson(const Backtest& backtest, const FlagDiff& difference)
{
    Json detectors = Json::array();
    for (const detect::DetectorTotals& total : difference.totals)
        detectors.push_back({{"detector", domain::nameOf(total.detector)},
                             {"old", total.before},
                             {"new", total.after},
                             {"gained", total.gained},
                             {"lost", total.lost},
                             {"severity", total.severity},
                             {"votes", total.otherVotes}});
    return {{"change", "totals"},
            {"old_rules", backtest.before.ruleVersion},
            {"new_rules", backtest.after.ruleVersion},
            {"votes", backtest.after.votes},
            {"newly_voided", difference.votesGained},
            {"no_longer_voided", difference.votesLost},
            {"detectors", std::move(detectors)}};
}

} // namespace

std::string tableOf(const Backtest& backtest, const FlagDiff& difference)
{
    return flagRows(difference) + totalRows(difference) +
           fmt::format("Of {}, a void of all flags would newly take out {} and no longer {}\n", votesText(backtest.after.votes),
                       votesText(difference.votesGained), votesText(difference.votesLost));
}

std::string jsonLinesOf(const Backtest& backtest, const FlagDiff& difference)
{
    std::string text;
    for (const Flag* flag : difference.gained)
        addLine(text, {{"change", "gained"}, {"flag", flagJson(*flag)}});
    for (const Flag* flag : difference.lost)
        addLine(text, {{"change", "lost"}, {"flag", flagJson(*flag)}});
    for (const FlagPair& pair : difference.severity)
        addLine(text, pairJson("severity", pair));
    for (const FlagPair& pair : difference.otherVotes)
        addLine(text, pairJson("votes", pair));
    addLine(text, totalsJson(backtest, difference));
    return text;
}

} // namespace scr::ctl
