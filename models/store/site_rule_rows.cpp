#include "store/site_rule_rows.h"

#include <charconv>
#include <cmath>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "domain/visible_text.h"

namespace scr::store {

namespace {

using domain::failure;
using domain::Fault;
using domain::Status;

constexpr std::string_view kNames[] = {"subject", "votes", "score", "explanation"};
constexpr std::size_t kLongestSubject = 500;
constexpr std::size_t kLongestExplanation = 4000;

tl::unexpected<domain::Error> invalid(std::string why)
{
    return failure(Fault::Invalid, std::move(why));
}

/// typcategory of pg_type: 'A' array, 'N' number, 'S' text.
domain::Result<std::string> categoryOf(ReadConnection& connection, unsigned type)
{
    const auto rows =
        connection.query("SELECT typcategory::text FROM pg_catalog.pg_type WHERE oid = $1::oid", {std::to_string(type)});
    if (!rows)
        return domain::failureOf(rows);
    return rows->size() == 1 ? std::string{rows->text(0, 0)} : std::string{};
}

} // namespace

std::optional<std::vector<std::string>> plainElements(std::string_view text)
{
    std::vector<std::string> elements;
    if (text.size() < 2 || text.front() != '{' || text.back() != '}')
        return std::nullopt; // "[0:1]={…}" counts from somewhere else
    text = text.substr(1, text.size() - 2);
    std::size_t at = 0;
    while (at < text.size()) {
        std::string element;
        const bool quoted = text[at] == '"';
        at += quoted ? 1U : 0U;
        while (at < text.size() && text[at] != (quoted ? '"' : ',')) {
            if (!quoted && (text[at] == '{' || text[at] == '}'))
                return std::nullopt;
            at += text[at] == '\\' && at + 1 < text.size() ? 1U : 0U;
            element += text[at++];
        }
        at += quoted ? 2U : 1U;
        if (!quoted && element == "NULL")
            return std::nullopt;
        elements.push_back(std::move(element));
    }
    return elements;
}

Status SiteRuleRows::describe(const ReadRows& rows, ReadConnection& connection)
{
    for (int column = 0; column < rows.columns(); ++column) {
        const std::string_view name = rows.nameOf(column);
        int known = 0;
        while (known < Count && kNames[known] != name)
            ++known;
        if (known == Count)
            return invalid(fmt::format("It returns a column \"{}\"; the columns are subject, votes, score and explanation",
                                       domain::visibleText(name)));
        if (m_at[known] >= 0)
            return invalid(fmt::format("It returns two columns \"{}\"", name));
        m_at[known] = column;
    }
    for (int known = 0; known < Count; ++known) {
        if (m_at[known] < 0)
            return invalid(fmt::format("It returns no column \"{}\"", kNames[known]));
    }
    for (const auto& [column, category, what] :
         {std::tuple{Votes, "A", "an array of vote keys"}, std::tuple{Score, "N", "a number"}}) {
        const auto found = categoryOf(connection, rows.typeOf(m_at[column]));
        if (!found)
            return domain::failureOf(found);
        if (*found != category)
            return invalid(fmt::format("Its column \"{}\" is not {}", kNames[column], what));
    }
    return domain::Nothing{};
}

domain::Result<SiteRuleRow> SiteRuleRows::readRow(const ReadRows& rows, int row) const
{
    for (int column = 0; column < Count; ++column) {
        if (rows.isNull(row, m_at[column]))
            return invalid(fmt::format("its \"{}\" is null", kNames[column]));
    }
    SiteRuleRow read;
    read.subject = rows.text(row, m_at[Subject]);
    read.explanation = rows.text(row, m_at[Explanation]);
    const std::string_view score = rows.text(row, m_at[Score]);
    const auto [end, error] = std::from_chars(score.data(), score.data() + score.size(), read.score);
    if (error != std::errc{} || end != score.data() + score.size() || !std::isfinite(read.score))
        return invalid(fmt::format("its \"score\" is {}, not a finite number", score));
    if (read.subject.empty() || read.subject.size() > kLongestSubject || !domain::isUtf8(read.subject))
        return invalid(fmt::format("its \"subject\" must be a text of 1 to {} bytes", kLongestSubject));
    if (read.explanation.empty() || read.explanation.size() > kLongestExplanation || !domain::isUtf8(read.explanation))
        return invalid(fmt::format("its \"explanation\" must be a text of 1 to {} bytes", kLongestExplanation));
    auto votes = plainElements(rows.text(row, m_at[Votes]));
    if (!votes)
        return invalid("its \"votes\" must be a list without nulls");
    if (votes->empty())
        return invalid("it names no vote");
    read.votes = std::move(*votes);
    return read;
}

Status SiteRuleRows::take(const ReadRows& rows)
{
    for (int row = 0; row < rows.size(); ++row) {
        if (m_rows.size() == kMostSiteRows)
            return invalid(fmt::format("It returns more than {} rows", kMostSiteRows));
        auto read = readRow(rows, row);
        if (!read)
            return invalid(fmt::format("Row {}: {}", m_rows.size() + 1, read.error().detail));
        m_votes += read->votes.size();
        if (m_votes > kMostSiteVotes)
            return invalid(fmt::format("Its rows name more than {} votes", kMostSiteVotes));
        m_rows.push_back(std::move(*read));
    }
    return domain::Nothing{};
}

} // namespace scr::store
