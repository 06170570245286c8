#include "detect/waterfall.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "detect/words.h"

namespace scr::detect {

namespace {

constexpr std::size_t kBars = 200;

} // namespace

domain::AttemptWaterfall waterfallOfAttempts(const domain::AttemptColumns& attempts, std::span<const std::uint32_t> rows,
                                             const std::vector<domain::VoteKey>& extraVotes)
{
    const std::unordered_set<domain::VoteKey> extra{extraVotes.begin(), extraVotes.end()};
    domain::AttemptWaterfall waterfall;
    for (const std::uint32_t row : rows.first(std::min(rows.size(), kBars))) {
        domain::AttemptWaterfall::Bar bar;
        bar.start = domain::timeOf(attempts.attemptedAt[row]);
        if (attempts.finishedAt[row] > attempts.attemptedAt[row])
            bar.end = domain::timeOf(attempts.finishedAt[row]);
        bar.outcome = attempts.outcome[row];
        if (row < attempts.votes.size())
            bar.vote = domain::VoteKey{attempts.votes.at(row)};
        bar.extraVote = bar.outcome == domain::AttemptOutcome::Accepted && extra.contains(bar.vote);
        if (!attempts.sqlstate.empty())
            bar.sqlstate = attempts.sqlstate[row];
        if (!attempts.origin.empty())
            bar.origin = attempts.origin[row];
        waterfall.bars.push_back(std::move(bar));
    }
    return waterfall;
}

domain::AttemptWaterfall waterfallOfVotes(const domain::VoteColumns& votes, std::span<const std::uint32_t> rows)
{
    domain::AttemptWaterfall waterfall;
    waterfall.fromVotes = true;
    for (std::size_t at = 0; at < std::min(rows.size(), kBars); ++at) {
        domain::AttemptWaterfall::Bar bar;
        bar.start = domain::timeOf(votes.castAt[rows[at]]);
        bar.extraVote = at > 0;
        bar.vote = domain::VoteKey{votes.voteKeys.at(rows[at])};
        waterfall.bars.push_back(std::move(bar));
    }
    return waterfall;
}

std::string originSentence(const domain::AttemptColumns& attempts, std::span<const std::uint32_t> rows)
{
    if (attempts.origin.empty())
        return {};
    std::set<std::string_view> origins;
    for (const std::uint32_t row : rows) {
        if (!attempts.origin[row].empty())
            origins.insert(attempts.origin[row]);
    }
    if (origins.empty() || rows.size() < 2)
        return {};
    if (origins.size() == 1)
        return fmt::format("All {} attempts come from one address, as those of a single client that repeats itself do.",
                           countText(rows.size()));
    return fmt::format("The {} attempts come from {} addresses: several devices may share the token.", countText(rows.size()),
                       countText(origins.size()));
}

std::string refusalText(const domain::AttemptColumns& attempts, std::span<const std::uint32_t> rows)
{
    using domain::AttemptOutcome;
    static constexpr std::array kRefusals{std::pair{AttemptOutcome::Duplicate, "as a duplicate"},
                                          std::pair{AttemptOutcome::RateLimited, "by the rate limit"},
                                          std::pair{AttemptOutcome::InvalidToken, "for the token"},
                                          std::pair{AttemptOutcome::Closed, "because the post was closed"},
                                          std::pair{AttemptOutcome::InvalidInput, "as invalid input"},
                                          std::pair{AttemptOutcome::Error, "by an error"}};
    std::string text;
    for (const auto& [outcome, words] : kRefusals) {
        const auto count = std::count_if(rows.begin(), rows.end(),
                                         [&, wanted = outcome](std::uint32_t row) { return attempts.outcome[row] == wanted; });
        if (count > 0)
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", countText(static_cast<std::uint64_t>(count)), words);
    }
    return text;
}

std::string requestSentence(const domain::AttemptColumns& attempts, std::span<const std::uint32_t> rows)
{
    if (attempts.request.empty())
        return {};
    std::map<std::uint64_t, std::size_t> sent;
    std::size_t most = 0;
    for (const std::uint32_t row : rows) {
        if (attempts.request[row] != 0)
            most = std::max(most, ++sent[attempts.request[row]]);
    }
    if (most < 2)
        return {};
    return fmt::format(
        "{} of the {} attempts carry one request key: a client that repeats a request looks the same from outside.",
        most == rows.size() ? "All" : countText(most), countText(rows.size()));
}

} // namespace scr::detect
