#include "detect/site_facts.h"

#include <algorithm>

#include "detect/bounded_table.h"

namespace scr::detect {

namespace {

using domain::Index;
using domain::kNoIndex;

/// Of a sample of voters, so that a site with hundreds of millions of pairs costs no more than one with millions.
double reciprocityOf(const domain::VoteColumns& votes, const SiteFacts& facts)
{
    constexpr std::uint64_t kSample = 2000;
    const std::uint64_t stride = std::max<std::uint64_t>(1, facts.activeTokens / kSample);
    const auto isSampled = [&](Index token) { return spread(token) % stride == 0; };
    std::vector<std::uint64_t> given;    // voter, author of sampled voters
    std::vector<std::uint64_t> received; // author, voter: votes for sampled voters, turned round
    for (std::size_t row = 0; row < votes.size(); ++row) {
        const Index voter = votes.token[row];
        const Index author = votes.authorOf(votes.post[row]);
        if (author == kNoIndex || author == voter || facts.ofToken[author] == 0)
            continue;
        if (isSampled(voter))
            given.push_back(static_cast<std::uint64_t>(voter) << 32U | author);
        if (isSampled(author))
            received.push_back(static_cast<std::uint64_t>(author) << 32U | voter);
    }
    const auto tidy = [](std::vector<std::uint64_t>& pairs) {
        std::sort(pairs.begin(), pairs.end());
        pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    };
    tidy(given);
    tidy(received);
    std::vector<std::uint64_t> mutual;
    std::set_intersection(given.begin(), given.end(), received.begin(), received.end(), std::back_inserter(mutual));
    return given.empty() ? 0 : static_cast<double>(mutual.size()) / static_cast<double>(given.size());
}

} // namespace

void addFacts(const domain::VoteColumns& votes, std::size_t from, SiteFacts& facts)
{
    facts.ofToken.resize(votes.tokens.size());
    facts.ofPost.resize(votes.posts.size());
    facts.ofAuthor.resize(votes.authorOfPost.empty() ? 0 : votes.tokens.size());
    facts.ofNetwork.resize(votes.networks.size());
    for (std::size_t row = from; row < votes.size(); ++row) {
        facts.activeTokens += facts.ofToken[votes.token[row]]++ == 0 ? 1U : 0U;
        facts.activePosts += facts.ofPost[votes.post[row]]++ == 0 ? 1U : 0U;
        facts.votes += 1;
        if (const Index author = votes.authorOf(votes.post[row]); author != kNoIndex) {
            ++facts.ofAuthor[author];
            facts.votesWithAuthor += 1;
        }
        if (const Index network = votes.networkOf(row); network != kNoIndex) {
            ++facts.ofNetwork[network];
            facts.votesWithNetwork += 1;
        }
    }
}

bool countFacts(const domain::VoteColumns& votes, SiteFacts& facts, Progress& progress)
{
    facts = {};
    facts.ofToken.assign(votes.tokens.size(), 0);
    facts.ofPost.assign(votes.posts.size(), 0);
    facts.ofAuthor.assign(votes.authorOfPost.empty() ? 0 : votes.tokens.size(), 0);
    facts.ofNetwork.assign(votes.networks.size(), 0);
    const bool went = forRows(votes.size(), progress, [&](std::size_t row) {
        ++facts.ofToken[votes.token[row]];
        ++facts.ofPost[votes.post[row]];
        if (const Index network = votes.networkOf(row); network != kNoIndex)
            ++facts.ofNetwork[network];
    });
    if (!went)
        return false;
    facts.votes = static_cast<double>(votes.size());
    for (Index post = 0; post < facts.ofPost.size(); ++post) {
        if (const Index author = votes.authorOf(post); author != kNoIndex) {
            facts.ofAuthor[author] += facts.ofPost[post];
            facts.votesWithAuthor += facts.ofPost[post];
        }
        facts.activePosts += facts.ofPost[post] > 0 ? 1U : 0U;
    }
    for (const std::uint32_t count : facts.ofNetwork)
        facts.votesWithNetwork += count;
    facts.activeTokens =
        static_cast<std::size_t>(std::count_if(facts.ofToken.begin(), facts.ofToken.end(), [](auto count) { return count > 0; }));
    if (!facts.ofAuthor.empty())
        facts.reciprocity = reciprocityOf(votes, facts);
    return true;
}

} // namespace scr::detect
