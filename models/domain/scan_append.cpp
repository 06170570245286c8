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

/// The numbers that the tables of the taken rows get in those of the others, and the steps that find them.
struct Mappings {
    std::vector<Index> tokens;
    std::vector<Index> posts;
    WorkPlan::Step ofTokens{};
    WorkPlan::Step ofPosts{};
};

void addVotes(WorkPlan& plan, const Mappings& mappings, VoteColumns& votes, VoteColumns& from)
{
    const std::size_t before = votes.size();
    const std::size_t after = before + from.size();
    const bool hasNetworks = !votes.network.empty() || !from.network.empty();
    plan.addWhole([&votes, &from, before, after, hasNetworks] {
        votes.host.resize(hasNetworks ? before : 0);
        append(votes.host, from.host);
        votes.host.resize(hasNetworks ? after : 0);
    });
    plan.addWhole([&] { append(votes.value, from.value); });
    plan.addWhole([&] { appendMapped(votes.token, from.token, mappings.tokens); }, {mappings.ofTokens});
    plan.addWhole([&] { appendMapped(votes.post, from.post, mappings.posts); }, {mappings.ofPosts});
    plan.addWhole([&votes, &from, before, after, hasNetworks] {
        votes.network.resize(hasNetworks ? before : 0, kNoIndex);
        appendMapped(votes.network, from.network, mapping(from.networks, votes.networks));
        votes.network.resize(hasNetworks ? after : 0, kNoIndex);
    });
    plan.addWhole([&] { append(votes.voteKeys, from.voteKeys); });
    plan.addWhole([&] { append(votes.castAt, from.castAt); });
    plan.addWhole(
        [&] {
            for (Index post = 0; post < from.authorOfPost.size(); ++post) {
                if (const Index author = from.authorOfPost[post]; author != kNoIndex)
                    votes.setAuthor(mappings.posts[post], mappings.tokens[author]);
            }
            for (Index post = 0; post < from.earlierScore.size(); ++post)
                votes.addEarlierScore(mappings.posts[post], from.earlierScore[post]);
        },
        {mappings.ofTokens, mappings.ofPosts});
}

void addAttempts(WorkPlan& plan, const Mappings& mappings, AttemptColumns& attempts, AttemptColumns& from)
{
    // with and without the log's texts cannot be mixed
    const bool withTexts = (attempts.size() == 0 || !attempts.sqlstate.empty()) && (from.size() == 0 || !from.sqlstate.empty());
    plan.addWhole([&] { appendMapped(attempts.token, from.token, mappings.tokens); }, {mappings.ofTokens});
    plan.addWhole([&] { appendMapped(attempts.post, from.post, mappings.posts); }, {mappings.ofPosts});
    plan.addWhole([&] {
        append(attempts.keys, from.keys);
        append(attempts.attemptedAt, from.attemptedAt);
        append(attempts.finishedAt, from.finishedAt);
        append(attempts.outcome, from.outcome);
        append(attempts.votes, from.votes);
    });
    plan.addWhole([&attempts, &from, withTexts] {
        append(attempts.sqlstate, from.sqlstate);
        append(attempts.request, from.request);
        append(attempts.origin, from.origin);
        if (withTexts)
            return;
        attempts.sqlstate.clear();
        attempts.request.clear();
        attempts.origin.clear();
    });
}

void addPosts(WorkPlan& plan, const Mappings& mappings, PostColumns& posts, PostColumns& from)
{
    plan.addWhole(
        [&] {
            appendMapped(posts.post, from.post, mappings.posts);
            append(posts.counter, from.counter);
            append(posts.openedAt, from.openedAt);
            append(posts.closedAt, from.closedAt);
        },
        {mappings.ofPosts});
}

} // namespace

void appendRows(VoteColumns& votes, AttemptColumns& attempts, PostColumns& posts, VoteColumns&& fromVotes,
                AttemptColumns&& fromAttempts, PostColumns&& fromPosts, unsigned threads)
{
    Mappings mappings;
    WorkPlan plan;
    mappings.ofTokens = plan.addWhole([&] { mappings.tokens = mapping(fromVotes.tokens, votes.tokens); });
    mappings.ofPosts = plan.addWhole([&] { mappings.posts = mapping(fromVotes.posts, votes.posts); });
    addVotes(plan, mappings, votes, fromVotes);
    addAttempts(plan, mappings, attempts, fromAttempts);
    addPosts(plan, mappings, posts, fromPosts);
    static_cast<void>(plan.run(threads)); // no step stops
}

} // namespace scr::domain
