#include "history/history_columns.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <type_traits>

#include <fmt/format.h>

#include "domain/network.h"
#include "domain/visible_text.h"

namespace scr::history {

namespace {

using domain::HistoryAttempt;
using domain::HistoryPost;
using domain::HistoryToken;
using domain::HistoryVote;

constexpr std::size_t kLongestKey = 512;
constexpr std::size_t kLongestText = 16U << 10U;

/// C0, DEL, and C1 as UTF-8 writes it (C2 80 to C2 9F): they make two different keys look like one.
bool hasControl(std::string_view text) noexcept
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if (byte < 0x20 || byte == 0x7f)
            return true;
        if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0)
            return true;
    }
    return false;
}

std::string takeKey(std::string& into, std::string_view column, std::string_view cell)
{
    if (cell.size() > kLongestKey)
        return fmt::format("{} is longer than {} bytes", column, kLongestKey);
    if (hasControl(cell))
        return fmt::format("{} '{}' holds a control character", column, shownCell(cell));
    into.assign(cell);
    return {};
}

std::string takeNumber(double& into, std::string_view column, std::string_view cell)
{
    const std::string_view digits = cell.starts_with('+') && !cell.starts_with("+-") ? cell.substr(1) : cell;
    double number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (digits.empty() || error == std::errc::invalid_argument || end != digits.data() + digits.size())
        return fmt::format("{} '{}' is not a number", column, shownCell(cell));
    if (error != std::errc{} || !(std::abs(number) <= std::numeric_limits<float>::max()))
        return fmt::format("{} '{}' is not a finite number of single precision", column, shownCell(cell));
    into = number;
    return {};
}

std::string takeTime(domain::UtcTime& into, std::string_view column, std::string_view cell)
{
    const domain::Result<domain::UtcTime> time = domain::parseTime(cell);
    if (!time) {
        return fmt::format("{} '{}' is not a time; write 2026-03-12T14:20:07Z or epoch seconds, years 1900 to 2199", column,
                           shownCell(cell));
    }
    into = *time;
    return {};
}

template <auto Member, class Row>
std::string required(Row& row, std::string_view column, std::string_view cell)
{
    return cell.empty() ? fmt::format("{} is empty", column) : takeKey(row.*Member, column, cell);
}

template <auto Member, class Row>
std::string optionalKey(Row& row, std::string_view column, std::string_view cell)
{
    return takeKey(row.*Member, column, cell);
}

template <auto Member, class Row>
std::string text(Row& row, std::string_view column, std::string_view cell)
{
    if (cell.size() > kLongestText)
        return fmt::format("{} is longer than {} bytes", column, kLongestText);
    (row.*Member).assign(cell);
    return {};
}

template <auto Member, class Row>
std::string number(Row& row, std::string_view column, std::string_view cell)
{
    auto& into = row.*Member;
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(into)>, double>) {
        return takeNumber(into, column, cell);
    } else {
        into.reset();
        return cell.empty() ? std::string{} : takeNumber(into.emplace(), column, cell);
    }
}

template <auto Member, class Row>
std::string time(Row& row, std::string_view column, std::string_view cell)
{
    auto& into = row.*Member;
    if constexpr (std::is_same_v<std::remove_reference_t<decltype(into)>, domain::UtcTime>) {
        return takeTime(into, column, cell);
    } else {
        into.reset();
        return cell.empty() ? std::string{} : takeTime(into.emplace(), column, cell);
    }
}

template <class Row>
std::string origin(Row& row, std::string_view column, std::string_view cell)
{
    if (!cell.empty() && !domain::isAddressOrNetwork(cell))
        return fmt::format("{} '{}' is not an IPv4 or IPv6 address or network", column, shownCell(cell));
    row.origin.assign(cell);
    return {};
}

std::string outcome(HistoryAttempt& row, std::string_view column, std::string_view cell)
{
    const std::optional<domain::AttemptOutcome> known = domain::attemptOutcomeOf(cell);
    if (!known) {
        return fmt::format("{} '{}' is not one of accepted, duplicate, rate_limited, invalid_token, closed, invalid_input, error",
                           column, shownCell(cell));
    }
    row.outcome = *known;
    return {};
}

std::string sqlstate(HistoryAttempt& row, std::string_view column, std::string_view cell)
{
    const auto isCode = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
    if (!cell.empty() && (cell.size() != 5 || !std::all_of(cell.begin(), cell.end(), isCode)))
        return fmt::format("{} '{}' is not five digits or capital letters", column, shownCell(cell));
    row.sqlstate.assign(cell);
    return {};
}

constexpr std::array<Column<HistoryVote>, 7> kVoteColumns{
    {{"token", true, required<&HistoryVote::token>},
     {"post", true, required<&HistoryVote::post>},
     {"value", false, number<&HistoryVote::value>},
     {"cast_at", true, time<&HistoryVote::castAt>},
     {"vote_key", false, required<&HistoryVote::voteKey>},
     {"author", false, optionalKey<&HistoryVote::author>},
     {"origin", false, origin<HistoryVote>, optionalKey<&HistoryVote::origin>}}};
constexpr std::array<Column<HistoryAttempt>, 10> kAttemptColumns{
    {{"token", true, optionalKey<&HistoryAttempt::token>},
     {"post", true, optionalKey<&HistoryAttempt::post>},
     {"value", false, number<&HistoryAttempt::value>},
     {"attempted_at", true, time<&HistoryAttempt::attemptedAt>},
     {"finished_at", false, time<&HistoryAttempt::finishedAt>},
     {"outcome", true, outcome},
     {"sqlstate", false, sqlstate},
     {"vote_key", false, optionalKey<&HistoryAttempt::voteKey>},
     {"origin", false, origin<HistoryAttempt>, optionalKey<&HistoryAttempt::origin>},
     {"request_key", false, optionalKey<&HistoryAttempt::requestKey>}}};
constexpr std::array<Column<HistoryPost>, 5> kPostColumns{{{"post", true, required<&HistoryPost::post>},
                                                           {"title", false, text<&HistoryPost::title>},
                                                           {"author", false, optionalKey<&HistoryPost::author>},
                                                           {"created_at", false, time<&HistoryPost::createdAt>},
                                                           {"counter", false, number<&HistoryPost::counter>}}};
constexpr std::array<Column<HistoryToken>, 4> kTokenColumns{{{"token", true, required<&HistoryToken::token>},
                                                             {"label", false, text<&HistoryToken::label>},
                                                             {"created_at", false, time<&HistoryToken::createdAt>},
                                                             {"state", false, optionalKey<&HistoryToken::state>}}};

} // namespace

template <>
std::span<const Column<HistoryVote>> columnsOf() noexcept
{
    return kVoteColumns;
}
template <>
std::span<const Column<HistoryAttempt>> columnsOf() noexcept
{
    return kAttemptColumns;
}
template <>
std::span<const Column<HistoryPost>> columnsOf() noexcept
{
    return kPostColumns;
}
template <>
std::span<const Column<HistoryToken>> columnsOf() noexcept
{
    return kTokenColumns;
}

std::string contradictionIn(const HistoryVote&)
{
    return {};
}
std::string contradictionIn(const HistoryPost&)
{
    return {};
}
std::string contradictionIn(const HistoryToken&)
{
    return {};
}

std::string contradictionIn(const HistoryAttempt& row)
{
    if (row.token.empty() && row.outcome != domain::AttemptOutcome::InvalidToken)
        return "token is empty though the outcome is not invalid_token";
    const bool reachedPost = row.outcome == domain::AttemptOutcome::Accepted || row.outcome == domain::AttemptOutcome::Duplicate;
    if (row.post.empty() && reachedPost)
        return fmt::format("post is empty though the outcome is {}", domain::nameOf(row.outcome));
    if (row.finishedAt && *row.finishedAt < row.attemptedAt)
        return "finished_at is before attempted_at";
    return {};
}

std::string shownCell(std::string_view cell)
{
    constexpr std::size_t kShown = 60;
    if (cell.size() <= kShown)
        return domain::visibleText(cell);
    std::size_t end = kShown; // not through the middle of a character
    while (end > 0 && (static_cast<unsigned char>(cell[end]) & 0xc0U) == 0x80U)
        --end;
    return domain::visibleText(cell.substr(0, end)) + "…";
}

} // namespace scr::history
