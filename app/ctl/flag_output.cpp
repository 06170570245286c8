#include "ctl/flag_output.h"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "codec/flag_json.h"
#include "ctl/text_table.h"
#include "domain/visible_text.h"
#include "history/csv_writer.h"

namespace scr::ctl {

namespace {

using domain::Flag;

std::string detectorText(const Flag& flag)
{
    const std::string name{domain::nameOf(flag.detector)};
    return flag.siteRule.empty() ? name : name + ' ' + flag.siteRule;
}

std::vector<std::string> rowOf(const Flag& flag)
{
    return {flag.key.text,
            std::string{domain::nameOf(flag.severity)},
            detectorText(flag),
            cellText(fmt::format("{} {}", domain::nameOf(flag.subject.kind), flag.subject.key)),
            cellText(flag.subject.post.text),
            domain::isoText(flag.from).substr(0, 19),
            domain::visibleText(flag.summary)};
}

std::string tableOf(const std::vector<Flag>& flags)
{
    std::vector<std::vector<std::string>> rows{{"FLAG", "SEVERITY", "DETECTOR", "SUBJECT", "POST", "FROM (UTC)", "WHAT"}};
    for (const Flag& flag : flags)
        rows.push_back(rowOf(flag));
    return alignedText(rows);
}

/// Lists as JSON, since a key may hold any separator.
template <class Keys>
std::string listOf(const Keys& keys)
{
    nlohmann::json list = nlohmann::json::array();
    for (const auto& key : keys)
        list.push_back(key.text);
    return list.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string csvOf(const std::vector<Flag>& flags)
{
    std::string text =
        "flag,detector,rule_version,subject_kind,subject_key,post,from,to,score,severity,votes,tokens,explanation,site_rule\n";
    for (const Flag& flag : flags) {
        const std::array<std::string, 14> cells{flag.key.text,
                                                std::string{domain::nameOf(flag.detector)},
                                                flag.ruleVersion,
                                                std::string{domain::nameOf(flag.subject.kind)},
                                                flag.subject.key,
                                                flag.subject.post.text,
                                                domain::isoText(flag.from),
                                                domain::isoText(flag.to),
                                                history::numberText(flag.score),
                                                std::string{domain::nameOf(flag.severity)},
                                                listOf(flag.votes),
                                                listOf(flag.tokens),
                                                flag.explanation,
                                                flag.siteRule};
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i > 0)
                text += ',';
            history::appendCsvCell(text, cells[i], history::CsvStyle::ExactLf);
        }
        text += '\n';
    }
    return text;
}

} // namespace

std::string textOf(const std::vector<Flag>& flags, FlagFormat format)
{
    switch (format) {
    case FlagFormat::Table: return flags.empty() ? std::string{} : tableOf(flags);
    case FlagFormat::Csv: return csvOf(flags);
    case FlagFormat::JsonLines: break;
    }
    std::string text;
    for (const Flag& flag : flags)
        text += codec::flagToJson(flag) + '\n';
    return text;
}

} // namespace scr::ctl
