#include "race/judge.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

namespace scr::race {

namespace {

bool isVoting(Action action) noexcept
{
    return action == Action::Cast || action == Action::Change || action == Action::Withdraw;
}

bool isSentAgain(Pattern pattern) noexcept
{
    return pattern == Pattern::SameRequest || pattern == Pattern::LostConnections;
}

/// All that is known of one token on one post.
struct Pair {
    std::uint32_t round{};
    std::set<std::string> acceptedCasts; ///< by request key: sent again it is the same one
    std::uint32_t acceptedWithdrawals{};
    std::set<double> acceptedValues;
    bool unanswered = false; ///< a call of which nobody knows whether it was carried out
    std::vector<const StoredVote*> stored;
};

class Judge {
public:
    Judge(const Journal& journal, const Evidence& evidence) : m_journal{journal}, m_evidence{evidence}
    {
        for (const Call& call : journal.calls) {
            m_roundOfPost.emplace(call.post, call.round);
            if (isVoting(call.action))
                add(call);
        }
        // Others may vote on the same database meanwhile; theirs count for the scores alone.
        for (const Call& call : journal.calls)
            m_tokens.insert(call.token);
        for (const StoredVote& vote : evidence.votes) {
            if (m_tokens.contains(vote.token))
                m_pairs[{vote.token, vote.post}].stored.push_back(&vote);
        }
    }

    std::vector<Violation> run()
    {
        checkFailures();
        for (const auto& [key, pair] : m_pairs)
            checkPair(key.first, key.second, pair);
        checkScores();
        if (isSentAgain(m_journal.pattern))
            checkRequests();
        else
            checkLog();
        switch (m_journal.pattern) {
        case Pattern::CloseAndCast: checkEnd(Action::Close, Breach::AfterClosing); break;
        case Pattern::RevokeAndCast: checkEnd(Action::Revoke, Breach::AfterRevoking); break;
        case Pattern::RateEdge: checkLimit(); break;
        case Pattern::VoidAndCast:
        case Pattern::TwoVoids: checkVoids(); break;
        case Pattern::SamePost:
        case Pattern::SameRequest:
        case Pattern::ChangeAndCast:
        case Pattern::LostConnections: break;
        }
        return std::move(m_violations);
    }

private:
    void tell(Breach breach, std::uint32_t round, std::string what) { m_violations.push_back({breach, round, std::move(what)}); }

    void add(const Call& call)
    {
        Pair& pair = m_pairs[{call.token, call.post}];
        pair.round = call.round;
        pair.unanswered = pair.unanswered || call.outcome.empty();
        if (call.outcome != "accepted")
            return;
        if (call.action == Action::Cast)
            pair.acceptedCasts.insert(call.requestKey);
        if (call.action == Action::Withdraw)
            ++pair.acceptedWithdrawals;
        else
            pair.acceptedValues.insert(call.value);
    }

    void checkFailures()
    {
        for (const Call& call : m_journal.calls) {
            const bool expected = m_journal.pattern == Pattern::LostConnections && call.outcome.empty();
            if (!expected && (call.outcome.empty() || call.outcome == "error"))
                tell(Breach::Failed, call.round,
                     fmt::format("connection {} was to {} and had an error: {}", call.connection, nameOf(call.action),
                                 call.error.empty() ? "the answer says so, the attempt log has its SQLSTATE" : call.error));
        }
    }

    void checkPair(const std::string& token, const std::string& post, const Pair& pair)
    {
        const auto counted = static_cast<std::size_t>(
            std::count_if(pair.stored.begin(), pair.stored.end(), [](const StoredVote* vote) { return vote->counted; }));
        const std::uint32_t round = pair.round;
        const std::string where = fmt::format("token {} on post {}", token, post);
        if (counted > 1)
            tell(Breach::SecondVote, round, fmt::format("{} has {} counted votes", where, counted));
        if (m_journal.pattern == Pattern::ChangeAndCast)
            return checkHistory(where, pair, counted);
        if (pair.acceptedCasts.size() > 1)
            tell(Breach::AcceptedTwice, round, fmt::format("{}: {} calls were told accepted", where, pair.acceptedCasts.size()));
        if (!pair.acceptedCasts.empty() && pair.stored.empty())
            tell(Breach::LostVote, round, fmt::format("{} was told accepted and has no vote", where));
        for (const StoredVote* vote : pair.stored) {
            if (!pair.unanswered && !pair.acceptedValues.empty() && !pair.acceptedValues.contains(vote->value))
                tell(Breach::WrongValue, round, fmt::format("{} has {}, which no accepted call asked for", where, vote->value));
        }
        if (pair.acceptedCasts.empty() && !pair.stored.empty() && !pair.unanswered)
            tell(Breach::InventedVote, round, fmt::format("{} has a vote that no call was told of", where));
    }

    /// A withdrawal ends what a cast began, in whatever order: so many casts less so many withdrawals count now.
    void checkHistory(const std::string& where, const Pair& pair, std::size_t counted)
    {
        const auto standing = static_cast<std::int64_t>(pair.acceptedCasts.size()) - pair.acceptedWithdrawals;
        if (standing != static_cast<std::int64_t>(counted) && counted <= 1)
            tell(Breach::WrongValue, pair.round,
                 fmt::format("{}: {} casts and {} withdrawals were accepted, but {} votes count", where,
                             pair.acceptedCasts.size(), pair.acceptedWithdrawals, counted));
        for (const StoredVote* vote : pair.stored) {
            if (vote->counted && !pair.acceptedValues.contains(vote->value))
                tell(Breach::WrongValue, pair.round,
                     fmt::format("{} counts {}, which no accepted call asked for", where, vote->value));
        }
    }

    void checkScores()
    {
        std::unordered_map<std::string, double> sums;
        for (const StoredVote& vote : m_evidence.votes) {
            if (vote.counted)
                sums[vote.post] += vote.value;
        }
        for (const PostScore& post : m_evidence.scores) {
            if (std::abs(post.score - sums[post.post]) > 1e-6)
                tell(Breach::WrongScore, roundOf(post.post),
                     fmt::format("post {} shows the score {}, its votes sum to {}", post.post, post.score, sums[post.post]));
        }
    }

    [[nodiscard]] std::unordered_map<std::string, std::vector<const LoggedAttempt*>> logByRequest() const
    {
        std::unordered_map<std::string, std::vector<const LoggedAttempt*>> log;
        for (const LoggedAttempt& attempt : m_evidence.attempts) {
            if (m_tokens.contains(attempt.token))
                log[attempt.requestKey].push_back(&attempt);
        }
        return log;
    }

    /// Every call has a key of its own: one row of the log, and that says what the client was told.
    void checkLog()
    {
        auto log = logByRequest();
        for (const Call& call : m_journal.calls) {
            if (!isVoting(call.action))
                continue;
            const std::vector<const LoggedAttempt*> rows = std::exchange(log[call.requestKey], {});
            if (rows.empty())
                tell(Breach::NotLogged, call.round, fmt::format("the log has no row for request {}", call.requestKey));
            else if (rows.size() > 1)
                tell(Breach::LoggedTooOften, call.round,
                     fmt::format("the log has {} rows for request {}", rows.size(), call.requestKey));
            else if (!call.outcome.empty() && rows.front()->outcome != call.outcome)
                tell(
                    Breach::NotLogged, call.round,
                    fmt::format("request {} was told {}, the log says {}", call.requestKey, call.outcome, rows.front()->outcome));
        }
        checkNobodyElse(log);
    }

    void checkNobodyElse(const std::unordered_map<std::string, std::vector<const LoggedAttempt*>>& log)
    {
        for (const auto& [key, rows] : log) {
            if (!rows.empty())
                tell(Breach::LoggedTooOften, roundOf(rows.front()->post),
                     fmt::format("the log has {} rows for request {}, which nobody sent", rows.size(), key));
        }
    }

    struct Request {
        std::uint32_t round{};
        std::size_t tries{};
        std::size_t unanswered{};
        std::string error;
        std::size_t reports{};
        std::set<std::pair<std::string, std::string>> answers;
    };

    /// Calls that share a key: one answer for all, a row for each, and the vote accepted in one of them.
    void checkRequests()
    {
        std::map<std::string, Request> requests;
        for (const Call& call : m_journal.calls) {
            if (!isVoting(call.action))
                continue;
            Request& request = requests[call.requestKey];
            request.round = call.round;
            ++request.tries;
            request.reports += call.reports;
            request.unanswered += call.outcome.empty() ? 1U : 0U;
            request.error = call.error.empty() ? request.error : call.error;
            if (!call.outcome.empty() && call.outcome != "rate_limited" && call.outcome != "error")
                request.answers.emplace(call.outcome, call.vote);
        }
        auto log = logByRequest();
        for (const auto& [key, request] : requests)
            checkRequest(key, request, std::exchange(log[key], {}));
        checkNobodyElse(log);
    }

    void checkRequest(const std::string& key, const Request& request, const std::vector<const LoggedAttempt*>& rows)
    {
        if (request.unanswered == request.tries)
            tell(Breach::Failed, request.round,
                 fmt::format("request {} was sent {} times and never answered: {}", key, request.tries, request.error));
        if (request.answers.size() > 1)
            tell(Breach::DifferentAnswers, request.round,
                 fmt::format("request {} was told {} and {}", key, textOf(*request.answers.begin()),
                             textOf(*request.answers.rbegin())));
        const auto accepted =
            std::count_if(rows.begin(), rows.end(), [](const LoggedAttempt* row) { return row->outcome == "accepted"; });
        if (accepted > 1)
            tell(Breach::AcceptedTwice, request.round,
                 fmt::format("the log says {} times that request {} was accepted", accepted, key));
        if (rows.size() < request.tries)
            tell(Breach::NotLogged, request.round,
                 fmt::format("request {} was sent {} times, the log has {} rows", key, request.tries, rows.size()));
        // One that was carried out and then reported stands there as both, and the answer to a report may be lost as well.
        if (rows.size() > request.tries + request.reports)
            tell(Breach::LoggedTooOften, request.round,
                 fmt::format("request {} was sent {} times, the log has {} rows", key, request.tries, rows.size()));
    }

    static std::string textOf(const std::pair<std::string, std::string>& answer)
    {
        return answer.second.empty() ? answer.first : answer.first + " (vote " + answer.second + ")";
    }

    /// Closing a post or revoking a token: nothing may be accepted that was sent, or was stored, when it was over.
    void checkEnd(Action action, Breach breach)
    {
        const auto subjectOf = [action](const auto& row) -> const std::string& {
            return action == Action::Revoke ? row.token : row.post;
        };
        std::unordered_map<std::string, const Call*> ends;
        for (const Call& call : m_journal.calls) {
            if (call.action == action && call.outcome == "done")
                ends[subjectOf(call)] = &call;
        }
        for (const Call& call : m_journal.calls) {
            const auto end = ends.find(subjectOf(call));
            if (end != ends.end() && isVoting(call.action) && call.outcome == "accepted" && call.sentAt > end->second->answeredAt)
                tell(breach, call.round,
                     fmt::format("request {} was sent after that was answered, and accepted", call.requestKey));
        }
        // Whoever asked in its transaction after that one was committed saw what there was; more than that came later.
        std::unordered_map<std::string, std::set<std::string>> seen;
        for (const auto& [subject, end] : ends)
            seen[subject] = {end->votes.begin(), end->votes.end()};
        for (const StoredVote& vote : m_evidence.votes) {
            const auto end = ends.find(subjectOf(vote));
            if (end != ends.end() && !seen[end->first].contains(vote.vote))
                tell(breach, end->second->round,
                     fmt::format("vote {} of token {} on post {} came after that was committed", vote.vote, vote.token,
                                 vote.post));
        }
    }

    void checkLimit()
    {
        struct Round {
            std::size_t accepted{};
            std::size_t calls{};
            std::int64_t first = INT64_MAX;
            std::int64_t last = 0;
        };
        std::map<std::uint32_t, Round> rounds;
        for (const Call& call : m_journal.calls) {
            Round& round = rounds[call.round];
            ++round.calls;
            round.accepted += call.outcome == "accepted" ? 1U : 0U;
            round.first = std::min(round.first, call.sentAt);
            round.last = std::max(round.last, call.answeredAt);
        }
        for (const auto& [number, round] : rounds) {
            if (!m_journal.limit) {
                if (round.accepted == round.calls)
                    tell(Breach::OverLimit, number,
                         fmt::format("all {} attempts were accepted: there is no rate limit", round.calls));
                continue;
            }
            const double seconds = static_cast<double>(round.last - round.first) / 1e6;
            const double most = m_journal.limit->burst + seconds * m_journal.limit->perSecond;
            const double least = std::min(std::floor(m_journal.limit->burst), static_cast<double>(round.calls));
            if (static_cast<double>(round.accepted) > most)
                tell(Breach::OverLimit, number,
                     fmt::format("{} attempts were accepted within {:.3f} s, the limit allows {:.2f}", round.accepted, seconds,
                                 most));
            if (static_cast<double>(round.accepted) < least)
                tell(Breach::UnderLimit, number,
                     fmt::format("{} attempts were accepted, the limit allows {:.0f}", round.accepted, least));
        }
    }

    void checkVoids()
    {
        std::unordered_map<std::string, std::uint32_t> done;
        for (const Call& call : m_journal.calls) {
            for (const std::string& vote : call.outcome == "done" ? call.votes : std::vector<std::string>{})
                ++done[vote];
        }
        for (const StoredVote& vote : m_evidence.votes) {
            const std::uint32_t round = roundOf(vote.post);
            if (vote.voids > 1 || done[vote.vote] > 1)
                tell(Breach::VoidedTwice, round,
                     fmt::format("vote {} was voided by {} requests, {} were told so", vote.vote, vote.voids, done[vote.vote]));
            else if (vote.voids != done[vote.vote] || vote.counted != (vote.voids == 0))
                tell(Breach::VoidNotWhole, round,
                     fmt::format("vote {} {}, but {} requests void it and {} were told so", vote.vote,
                                 vote.counted ? "counts" : "does not count", vote.voids, done[vote.vote]));
        }
    }

    [[nodiscard]] std::uint32_t roundOf(const std::string& post) const
    {
        const auto found = m_roundOfPost.find(post);
        return found == m_roundOfPost.end() ? 0 : found->second;
    }

    const Journal& m_journal;
    const Evidence& m_evidence;
    std::unordered_set<std::string> m_tokens;
    std::map<std::pair<std::string, std::string>, Pair> m_pairs;
    std::unordered_map<std::string, std::uint32_t> m_roundOfPost;
    std::vector<Violation> m_violations;
};

} // namespace

std::string_view nameOf(Action action) noexcept
{
    switch (action) {
    case Action::Cast: return "cast";
    case Action::Change: return "change";
    case Action::Withdraw: return "withdraw";
    case Action::Close: return "close";
    case Action::Revoke: return "revoke";
    case Action::Void: return "void";
    }
    return {};
}

std::string_view nameOf(Breach breach) noexcept
{
    switch (breach) {
    case Breach::SecondVote: return "second_vote";
    case Breach::AcceptedTwice: return "accepted_twice";
    case Breach::LostVote: return "lost_vote";
    case Breach::InventedVote: return "invented_vote";
    case Breach::WrongValue: return "wrong_value";
    case Breach::WrongScore: return "wrong_score";
    case Breach::NotLogged: return "not_logged";
    case Breach::LoggedTooOften: return "logged_too_often";
    case Breach::DifferentAnswers: return "different_answers";
    case Breach::AfterClosing: return "after_closing";
    case Breach::AfterRevoking: return "after_revoking";
    case Breach::OverLimit: return "over_limit";
    case Breach::UnderLimit: return "under_limit";
    case Breach::VoidedTwice: return "voided_twice";
    case Breach::VoidNotWhole: return "void_not_whole";
    case Breach::Failed: return "failed";
    }
    return {};
}

std::vector<Violation> judge(const Journal& journal, const Evidence& evidence)
{
    return Judge{journal, evidence}.run();
}

} // namespace scr::race
