#include "store/scan_parts.h"

#include <utility>

#include "domain/large_pages.h"

namespace scr::store {

namespace {

using domain::Index;
using domain::KeyTable;
using domain::kNoIndex;

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

void append(domain::KeyList& to, domain::KeyList& from)
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

void take(ScanPart& to, ScanPart& from)
{
    const std::vector<Index> tokens = mapping(from.votes.tokens, to.votes.tokens);
    const std::vector<Index> posts = mapping(from.votes.posts, to.votes.posts);
    appendMapped(to.votes.token, from.votes.token, tokens);
    appendMapped(to.votes.post, from.votes.post, posts);
    if (!from.votes.network.empty()) {
        appendMapped(to.votes.network, from.votes.network, mapping(from.votes.networks, to.votes.networks));
        append(to.votes.host, from.votes.host);
    }
    for (Index post = 0; post < from.votes.authorOfPost.size(); ++post) {
        if (const Index author = from.votes.authorOfPost[post]; author != kNoIndex)
            to.votes.setAuthor(posts[post], tokens[author]);
    }
    append(to.votes.castAt, from.votes.castAt);
    append(to.votes.value, from.votes.value);
    append(to.votes.voteKeys, from.votes.voteKeys);
    appendMapped(to.attempts.token, from.attempts.token, tokens);
    appendMapped(to.attempts.post, from.attempts.post, posts);
    append(to.attempts.keys, from.attempts.keys);
    append(to.attempts.attemptedAt, from.attempts.attemptedAt);
    append(to.attempts.finishedAt, from.attempts.finishedAt);
    append(to.attempts.outcome, from.attempts.outcome);
    append(to.attempts.sqlstate, from.attempts.sqlstate);
    append(to.attempts.request, from.attempts.request);
    append(to.attempts.origin, from.attempts.origin);
    append(to.attempts.votes, from.attempts.votes);
    appendMapped(to.counters.post, from.counters.post, posts);
    append(to.counters.counter, from.counters.counter);
}

/// Whether a vote is among the voided ones.
bool isVoided(const domain::VoteColumns& votes, std::size_t row, const KeyTable& voided)
{
    return (votes.voteKeys.isNumber(row) ? voided.find(votes.voteKeys.number(row)) : voided.find(votes.voteKeys.text(row))) !=
           kNoIndex;
}

void leaveOut(domain::VoteColumns& votes, const KeyTable& voided)
{
    std::size_t kept = 0;
    for (std::size_t row = 0; row < votes.size(); ++row) {
        if (isVoided(votes, row, voided))
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

} // namespace

void reserveVotes(domain::VoteColumns& votes, std::size_t rows)
{
    const auto room = [rows](auto& column) {
        column.reserve(rows);
        domain::preferLargePages(column.data(), column.capacity() * sizeof *column.data());
    };
    votes.voteKeys.reserve(rows);
    room(votes.token);
    room(votes.post);
    room(votes.castAt);
    room(votes.value);
}

domain::ScanInput joined(std::vector<ScanPart> parts, const ScanPlan& plan, const domain::TimeRange& range)
{
    ScanPart& all = parts.front();
    for (std::size_t part = 1; part < parts.size(); ++part)
        take(all, parts[part]);
    domain::ScanInput input;
    if (plan.voided.size() > 0)
        leaveOut(all.votes, plan.voided);
    input.votes = std::move(all.votes);
    input.attempts = std::move(all.attempts);
    input.posts = std::move(all.counters);
    input.range = range;
    input.hasAttempts = plan.layout.hasAttempts;
    input.hasCounters = plan.layout.hasCounters;
    return input;
}

} // namespace scr::store
