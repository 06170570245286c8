#include "domain/scan_append.h"

#include <iterator>
#include <utility>

namespace scr::domain {

namespace {

/// The index in `to` of every key of `from`.
std::vector<Index> mapping(const KeyTable& from, KeyTable& to)
{
    std::vector<Index> map;
    map.reserve(from.size());
    for (std::size_t index = 0; index < from.size(); ++index)
        map.push_back(to.intern(from.key(static_cast<Index>(index))));
    return map;
}

template <class T>
void append(std::vector<T>& to, std::vector<T>& from)
{
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    std::vector<T>{}.swap(from);
}

void append(KeyList& to, KeyList& from)
{
    to.append(from);
    from = {};
}

void appendMapped(std::vector<Index>& to, std::vector<Index>& from, const std::vector<Index>& map)
{
    const std::size_t before = to.size();
    to.resize(before + from.size());
    for (std::size_t row = 0; row < from.size(); ++row)
        to[before + row] = from[row] == kNoIndex ? kNoIndex : map[from[row]];
    std::vector<Index>{}.swap(from);
}

} // namespace

void appendRows(VoteColumns& votes, AttemptColumns& attempts, PostColumns& posts, VoteColumns&& fromVotes,
                AttemptColumns&& fromAttempts, PostColumns&& fromPosts)
{
    const std::vector<Index> tokens = mapping(fromVotes.tokens, votes.tokens);
    const std::vector<Index> postMap = mapping(fromVotes.posts, votes.posts);
    const std::size_t before = votes.size();
    // with and without the log's texts cannot be mixed
    const bool withTexts =
        (attempts.size() == 0 || !attempts.sqlstate.empty()) && (fromAttempts.size() == 0 || !fromAttempts.sqlstate.empty());
    appendMapped(votes.token, fromVotes.token, tokens);
    appendMapped(votes.post, fromVotes.post, postMap);
    if (!fromVotes.network.empty()) {
        votes.network.resize(before, kNoIndex);
        votes.host.resize(before);
        appendMapped(votes.network, fromVotes.network, mapping(fromVotes.networks, votes.networks));
        append(votes.host, fromVotes.host);
    } else if (!votes.network.empty()) {
        votes.network.resize(votes.token.size(), kNoIndex);
        votes.host.resize(votes.token.size());
    }
    for (Index post = 0; post < fromVotes.authorOfPost.size(); ++post) {
        if (const Index author = fromVotes.authorOfPost[post]; author != kNoIndex)
            votes.setAuthor(postMap[post], tokens[author]);
    }
    append(votes.castAt, fromVotes.castAt);
    append(votes.value, fromVotes.value);
    append(votes.voteKeys, fromVotes.voteKeys);
    appendMapped(attempts.token, fromAttempts.token, tokens);
    appendMapped(attempts.post, fromAttempts.post, postMap);
    append(attempts.keys, fromAttempts.keys);
    append(attempts.attemptedAt, fromAttempts.attemptedAt);
    append(attempts.finishedAt, fromAttempts.finishedAt);
    append(attempts.outcome, fromAttempts.outcome);
    append(attempts.sqlstate, fromAttempts.sqlstate);
    append(attempts.request, fromAttempts.request);
    append(attempts.origin, fromAttempts.origin);
    if (!withTexts) {
        attempts.sqlstate.clear();
        attempts.request.clear();
        attempts.origin.clear();
    }
    append(attempts.votes, fromAttempts.votes);
    appendMapped(posts.post, fromPosts.post, postMap);
    append(posts.counter, fromPosts.counter);
    append(posts.openedAt, fromPosts.openedAt);
    append(posts.closedAt, fromPosts.closedAt);
}

} // namespace scr::domain
