#pragma once

#include <algorithm>
#include <utility>

#include "domain/vote_columns.h"

namespace scr::domain {

/// Takes over all rows of `from`, whose indices are numbers in tables of its own; each column is freed as soon as it was taken.
/// On so many threads, a column on each.
void appendRows(VoteColumns& votes, AttemptColumns& attempts, PostColumns& posts, VoteColumns&& fromVotes,
                AttemptColumns&& fromAttempts, PostColumns&& fromPosts, unsigned threads = 1);

/// Keeps the votes for which `keep(row)` is true, in their order; tables and posts stay as they are.
template <class Keep>
void keepVotes(VoteColumns& votes, Keep keep)
{
    std::size_t kept = 0;
    for (std::size_t row = 0; row < votes.size(); ++row) {
        if (!keep(row))
            continue;
        votes.voteKeys.move(row, kept);
        votes.token[kept] = votes.token[row];
        votes.post[kept] = votes.post[row];
        votes.castAt[kept] = votes.castAt[row];
        votes.value[kept] = votes.value[row];
        if (!votes.network.empty()) {
            votes.network[kept] = votes.network[row];
            votes.host[kept] = votes.host[row];
        }
        ++kept;
    }
    votes.voteKeys.truncate(kept);
    votes.token.resize(kept);
    votes.post.resize(kept);
    votes.castAt.resize(kept);
    votes.value.resize(kept);
    votes.network.resize(votes.network.empty() ? 0 : kept);
    votes.host.resize(votes.network.size());
}

/// Likewise of attempts.
template <class Keep>
void keepAttempts(AttemptColumns& attempts, Keep keep)
{
    std::size_t kept = 0;
    for (std::size_t row = 0; row < attempts.size(); ++row) {
        if (!keep(row))
            continue;
        const auto move = [&](auto& column) {
            if (!column.empty())
                column[kept] = std::move(column[row]);
        };
        attempts.keys.move(row, kept);
        attempts.votes.move(row, kept);
        move(attempts.post);
        move(attempts.attemptedAt);
        move(attempts.finishedAt);
        move(attempts.outcome);
        if (kept != row) {
            move(attempts.sqlstate);
            move(attempts.origin);
        }
        move(attempts.request);
        move(attempts.token);
        ++kept;
    }
    attempts.keys.truncate(kept);
    attempts.votes.truncate(kept);
    const auto shorten = [kept](auto& column) { column.resize(std::min(column.size(), kept)); };
    shorten(attempts.post);
    shorten(attempts.attemptedAt);
    shorten(attempts.finishedAt);
    shorten(attempts.outcome);
    shorten(attempts.sqlstate);
    shorten(attempts.origin);
    shorten(attempts.request);
    shorten(attempts.token);
}

} // namespace scr::domain
