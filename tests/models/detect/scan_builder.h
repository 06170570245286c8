#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include "domain/network.h"
#include "domain/vote_columns.h"

namespace scr::test {

/// A scan's input vote by vote; times in microseconds, vote keys "v1", "v2", … in the order of the calls.
struct ScanBuilder {
    domain::ScanInput input;

    /// Origins are told of all votes or of none.
    std::string vote(std::string_view token, std::string_view post, std::int64_t at, float value = 1,
                     std::string_view origin = {})
    {
        domain::VoteColumns& votes = input.votes;
        votes.token.push_back(votes.tokens.intern(token));
        votes.post.push_back(votes.posts.intern(post));
        votes.castAt.push_back(at);
        votes.value.push_back(value);
        if (!origin.empty() || !votes.network.empty()) {
            const domain::Origin from = domain::originOf(origin);
            votes.network.resize(votes.size() - 1, domain::kNoIndex);
            votes.host.resize(votes.size() - 1);
            votes.network.push_back(from.network == 0 ? domain::kNoIndex
                                                      : votes.networks.intern(static_cast<std::int64_t>(from.network)));
            votes.host.push_back(from.host);
        }
        const std::string key = "v" + std::to_string(votes.size());
        votes.voteKeys.push(key);
        return key;
    }

    void author(std::string_view post, std::string_view author)
    {
        const domain::Index index = input.votes.posts.intern(post);
        input.votes.setAuthor(index, input.votes.tokens.intern(author));
    }

    void attempt(std::string_view token, std::string_view post, std::int64_t at, std::int64_t lasts,
                 domain::AttemptOutcome outcome, std::string_view vote = {}, std::string_view origin = {},
                 std::uint64_t request = 0)
    {
        domain::AttemptColumns& attempts = input.attempts;
        input.hasAttempts = true;
        attempts.keys.push(static_cast<std::int64_t>(attempts.size()) + 1);
        attempts.token.push_back(token.empty() ? domain::kNoIndex : input.votes.tokens.intern(token));
        attempts.post.push_back(input.votes.posts.intern(post));
        attempts.attemptedAt.push_back(at);
        attempts.finishedAt.push_back(at + lasts);
        attempts.outcome.push_back(outcome);
        attempts.votes.push(vote);
        attempts.origin.emplace_back(origin);
        attempts.request.push_back(request);
    }

    void counter(std::string_view post, double shown)
    {
        input.hasCounters = true;
        input.posts.post.push_back(input.votes.posts.intern(post));
        input.posts.counter.push_back(shown);
        input.posts.openedAt.push_back(domain::kNoTime);
        input.posts.closedAt.push_back(domain::kNoTime);
    }

    void times(std::string_view post, std::int64_t openedAt, std::int64_t closedAt = domain::kNoTime)
    {
        input.posts.post.push_back(input.votes.posts.intern(post));
        input.posts.counter.push_back(std::numeric_limits<double>::quiet_NaN());
        input.posts.openedAt.push_back(openedAt);
        input.posts.closedAt.push_back(closedAt);
    }
};

} // namespace scr::test
