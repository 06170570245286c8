#include "detect/group_matrix.h"

#include <algorithm>
#include <span>
#include <unordered_map>

namespace scr::detect {

using domain::Index;

domain::LockstepMatrix matrixOf(const domain::VoteColumns& votes, const LockstepGroup& group)
{
    constexpr std::size_t kShownTokens = 60;
    constexpr std::size_t kShownPosts = 40;
    std::unordered_map<Index, std::size_t> votesOf;
    for (const std::uint32_t row : group.rows)
        ++votesOf[votes.token[row]];
    std::vector<Index> tokens = group.members;
    std::stable_sort(tokens.begin(), tokens.end(), [&](Index left, Index right) { return votesOf[left] > votesOf[right]; });
    tokens.resize(std::min(tokens.size(), kShownTokens));
    std::unordered_map<Index, std::uint32_t> place;
    domain::LockstepMatrix matrix;
    for (const Index token : tokens) {
        place.emplace(token, static_cast<std::uint32_t>(matrix.tokens.size()));
        matrix.tokens.emplace_back(votes.tokens.key(token));
    }
    for (const LockstepEvent& event : std::span{group.events}.first(std::min(group.events.size(), kShownPosts))) {
        for (const std::uint32_t row : event.rows) {
            if (const auto at = place.find(votes.token[row]); at != place.end())
                matrix.cells.push_back({at->second, static_cast<std::uint32_t>(matrix.posts.size()),
                                        static_cast<double>(votes.castAt[row] - event.from) / 1e6});
        }
        matrix.posts.emplace_back(votes.posts.key(event.post));
        matrix.starts.push_back(domain::timeOf(event.from));
    }
    return matrix;
}

} // namespace scr::detect
