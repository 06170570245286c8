#include "detect/followers.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

namespace scr::detect {

namespace {

using domain::Index;

/// Followers that an author is given without evidence and that never come in the window: few regulars prove no habit, and they
/// may be accomplices that the search has missed.
constexpr double kAbsent = 20;

} // namespace

std::vector<double> expectedOfFollowers(const Scene& scene, const LockstepRule& rule, const RowGroups& byPost,
                                        const std::vector<Index>& members, const std::vector<LockstepEvent>& events)
{
    const domain::VoteColumns& votes = scene.input.votes;
    std::vector<double> expected(events.size());
    std::map<Index, std::vector<std::size_t>> ofAuthor;
    for (std::size_t at = 0; at < events.size(); ++at) {
        if (const Index author = votes.authorOf(events[at].post); author != domain::kNoIndex)
            ofAuthor[author].push_back(at);
    }
    for (const auto& [author, indices] : ofAuthor) {
        if (indices.size() < 2)
            continue;
        std::vector<std::unordered_set<Index>> meanwhile(indices.size());
        std::unordered_map<Index, std::size_t> posts; // that a token outside of the group voted on
        for (std::size_t at = 0; at < indices.size(); ++at) {
            const LockstepEvent& event = events[indices[at]];
            std::unordered_set<Index> known;
            const auto [from, to] = windowAround(event, rule);
            for (const std::uint32_t row : byPost.group(event.post)) {
                const Index token = votes.token[row];
                if (std::binary_search(members.begin(), members.end(), token))
                    continue;
                if (known.insert(token).second)
                    ++posts[token];
                if (votes.castAt[row] >= from && votes.castAt[row] <= to)
                    meanwhile[at].insert(token);
            }
        }
        const auto isRegular = [&](const auto& entry) { return entry.second >= 2; };
        const auto regulars = static_cast<double>(std::count_if(posts.begin(), posts.end(), isRegular));
        for (std::size_t at = 0; at < indices.size(); ++at) {
            const auto came = static_cast<double>(
                std::count_if(meanwhile[at].begin(), meanwhile[at].end(), [&](Index token) { return posts.at(token) >= 2; }));
            expected[indices[at]] = static_cast<double>(members.size()) * came / (regulars + kAbsent);
        }
    }
    return expected;
}

} // namespace scr::detect
