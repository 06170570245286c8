#include "domain/scan_append.h"

#include <iterator>
#include <utility>

#include "domain/work_plan.h"

namespace scr::domain {

namespace {

/// The index in `to` of every key of `from`.
std::vector<Index> mapping(const KeyTable& from, KeyTable& to)
{
    std::vector<Index> map;
    map.reserve(from.size());
    for (Index index = 0; index < from.size(); ++index)
        map.push_back(from.isNumber(index) ? to.intern(from.number(index)) : to.intern(std::string_view{from.key(index)}));
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
                AttemptColumns&& fromAttempts, PostColumns&& fromPosts, unsigned threads)
{
    std::vector<Index> tokens;
    std::vector<Index> postMap;
    const std::size_t before = votes.size();
    const std::size_t after = before + fromVotes.size();
    const bool hasNetworks = !votes.network.empty() || !fromVotes.network.empty();
    // with and without the log's texts cannot be mixed
    const bool withTexts =
        (attempts.size() == 0 || !attempts.sqlstate.empty()) && (fromAttempts.size() == 0 || !fromAttempts.sqlstate.empty());
    WorkPlan plan;
    // The widest columns last: what was freed of the others is used again, and memory that is new takes longest.
    const WorkPlan::Step ofTokens = plan.addWhole([&] { tokens = mapping(fromVotes.tokens, votes.tokens); });
    const WorkPlan::Step ofPosts = plan.addWhole([&] { postMap = mapping(fromVotes.posts, votes.posts); });
    plan.addWhole([&] {
        votes.host.resize(hasNetworks ? before : 0);
        append(votes.host, fromVotes.host);
        votes.host.resize(hasNetworks ? after : 0);
    });
    plan.addWhole([&] { append(votes.value, fromVotes.value); });
    plan.addWhole([&] { appendMapped(votes.token, fromVotes.token, tokens); }, {ofTokens});
    plan.addWhole([&] { appendMapped(votes.post, fromVotes.post, postMap); }, {ofPosts});
    plan.addWhole([&] {
        votes.network.resize(hasNetworks ? before : 0, kNoIndex);
        appendMapped(votes.network, fromVotes.network, mapping(fromVotes.networks, votes.networks));
        votes.network.resize(hasNetworks ? after : 0, kNoIndex);
    });
    plan.addWhole([&] { append(votes.voteKeys, fromVotes.voteKeys); });
    plan.addWhole([&] { append(votes.castAt, fromVotes.castAt); });
    plan.addWhole(
        [&] {
            for (Index post = 0; post < fromVotes.authorOfPost.size(); ++post) {
                if (const Index author = fromVotes.authorOfPost[post]; author != kNoIndex)
                    votes.setAuthor(postMap[post], tokens[author]);
            }
            appendMapped(attempts.token, fromAttempts.token, tokens);
            appendMapped(attempts.post, fromAttempts.post, postMap);
            appendMapped(posts.post, fromPosts.post, postMap);
        },
        {ofTokens, ofPosts});
    plan.addWhole([&] {
        append(attempts.keys, fromAttempts.keys);
        append(attempts.attemptedAt, fromAttempts.attemptedAt);
        append(attempts.finishedAt, fromAttempts.finishedAt);
        append(attempts.outcome, fromAttempts.outcome);
        append(attempts.votes, fromAttempts.votes);
        append(posts.counter, fromPosts.counter);
        append(posts.openedAt, fromPosts.openedAt);
        append(posts.closedAt, fromPosts.closedAt);
    });
    plan.addWhole([&] {
        append(attempts.sqlstate, fromAttempts.sqlstate);
        append(attempts.request, fromAttempts.request);
        append(attempts.origin, fromAttempts.origin);
        if (!withTexts) {
            attempts.sqlstate.clear();
            attempts.request.clear();
            attempts.origin.clear();
        }
    });
    static_cast<void>(plan.run(threads)); // no step stops
}

} // namespace scr::domain
