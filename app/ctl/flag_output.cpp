#include "ctl/flag_output.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "codec/flag_json.h"
#include "domain/visible_text.h"
#include "history/csv_writer.h"

namespace scr::ctl {

namespace {

using domain::Flag;

constexpr std::size_t kColumns = 7;
constexpr std::size_t kWidestCell = 44;
using Row = std::array<std::string, kColumns>;

std::size_t widthOf(const std::string& utf8)
{
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Cuts between characters, never within one.
std::string shortened(std::string text)
{
    if (widthOf(text) <= kWidestCell)
        return text;
    std::size_t end = 0;
    for (std::size_t seen = 0; seen < kWidestCell; ++end) {
        if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U)
            ++seen;
    }
    text.resize(end - 1);
    return text + "…";
}

Row rowOf(const Flag& flag)
{
    return {flag.key.text,
            std::string{domain::nameOf(flag.severity)},
            std::string{domain::nameOf(flag.detector)},
            shortened(domain::visibleText(fmt::format("{} {}", domain::nameOf(flag.subject.kind), flag.subject.key))),
            shortened(domain::visibleText(flag.subject.post.text)),
            domain::isoText(flag.from).substr(0, 19),
            domain::visibleText(flag.summary)};
}

std::string tableOf(const std::vector<Flag>& flags)
{
    std::vector<Row> rows{{"FLAG", "SEVERITY", "DETECTOR", "SUBJECT", "POST", "FROM (UTC)", "WHAT"}};
    for (const Flag& flag : flags)
        rows.push_back(rowOf(flag));
    std::array<std::size_t, kColumns> widths{};
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < kColumns; ++i)
            widths[i] = std::max(widths[i], widthOf(row[i]));
    }
    std::string text;
    for (const Row& row : rows) {
        for (std::size_t i = 0; i + 1 < kColumns; ++i)
            text += row[i] + std::string(widths[i] - widthOf(row[i]) + 2, ' ');
        text += row[kColumns - 1] + '\n';
    }
    return text;
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
        "flag,detector,rule_version,subject_kind,subject_key,post,from,to,score,severity,votes,tokens,explanation\n";
    for (const Flag& flag : flags) {
        const std::array<std::string, 13> cells{flag.key.text,
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
                                                flag.explanation};
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
