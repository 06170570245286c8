#include "detect/late_entries.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "detect/tails.h"

namespace scr::detect {

namespace {

using domain::Index;

constexpr std::size_t kFewest = 1024; ///< votes that make a clock
constexpr std::size_t kAsked = 33;
constexpr double kLog10Odd = -9;
constexpr double kFactor = 3; ///< a post may have so many times its share of what was entered late

/// The key that was about to be given when a block of votes, in the order of time, was cast.
class KeyClock {
public:
    explicit KeyClock(const Scene& scene) : m_scene{scene}, m_block{std::clamp<std::size_t>(scene.order.size() / 256, 64, 512)}
    {
        const std::size_t votes = scene.order.size();
        for (std::size_t first = 0; first < votes; first += m_block)
            m_keys.push_back(medianOf(first, std::min(first + m_block, votes)));
        for (std::size_t block = m_keys.size(); block-- > 1;)
            m_keys[block - 1] = std::min(m_keys[block - 1], m_keys[block]);
    }

    /// Whether a key was given later than when the block after the one that holds a place, in the order of time, was cast.
    [[nodiscard]] bool isAfter(std::int64_t key, std::size_t place) const
    {
        const std::size_t block = place / m_block + 1;
        return block < m_keys.size() && key > m_keys[block];
    }

private:
    [[nodiscard]] std::int64_t medianOf(std::size_t first, std::size_t last) const
    {
        std::array<std::int64_t, kAsked> keys;
        const std::size_t asked = std::min(kAsked, last - first);
        for (std::size_t at = 0; at < asked; ++at)
            keys[at] = m_scene.input.votes.voteKeys.number(m_scene.order.row(first + at * (last - first) / asked));
        const auto middle = keys.begin() + static_cast<std::ptrdiff_t>(asked / 2);
        std::nth_element(keys.begin(), middle, keys.begin() + static_cast<std::ptrdiff_t>(asked));
        return *middle;
    }

    const Scene& m_scene;
    std::size_t m_block;
    std::vector<std::int64_t> m_keys; ///< by block
};

bool areNumbers(const domain::KeyList& keys)
{
    for (std::size_t row = 0; row < keys.size(); ++row) {
        if (!keys.isNumber(row))
            return false;
    }
    return true;
}

/// Leaves those of posts that have more than their share.
void keepConcentrated(const Scene& scene, std::vector<std::uint32_t>& late)
{
    const domain::VoteColumns& votes = scene.input.votes;
    std::unordered_map<Index, std::uint64_t> ofPost;
    for (const std::uint32_t row : late)
        ++ofPost[votes.post[row]];
    // the post with the most says nothing about how the site works
    std::uint64_t mostOfOne = 0;
    for (const auto& [post, count] : ofPost)
        mostOfOne = std::max(mostOfOne, count);
    if (static_cast<double>(late.size() - mostOfOne) > scene.rules.impossibleVotes.trustedShare * scene.facts.votes)
        return late.clear();
    const auto isOdd = [&](std::uint32_t row) {
        const std::uint64_t here = ofPost[votes.post[row]];
        const double share = (static_cast<double>(scene.facts.ofPost[votes.post[row]]) + 1) / (scene.facts.votes + 1);
        return here >= scene.rules.impossibleVotes.lateVotes &&
               log10BinomialTail(here, late.size(), std::min(0.95, kFactor * share)) <= kLog10Odd;
    };
    std::erase_if(late, [&](std::uint32_t row) { return !isOdd(row); });
    std::sort(late.begin(), late.end());
}

} // namespace

std::vector<std::uint32_t> lateEntries(const Scene& scene, Progress& progress)
{
    const domain::VoteColumns& votes = scene.input.votes;
    const ImpossibleVotesRule& rule = scene.rules.impossibleVotes;
    std::vector<std::uint32_t> late;
    if (votes.size() < kFewest || !areNumbers(votes.voteKeys)) {
        static_cast<void>(progress.advance(votes.size()));
        return late;
    }
    const KeyClock clock{scene};
    const std::size_t most = votes.size() / 4; // more, and the keys do not follow the times
    std::size_t then = 0;                      // the first place that is as much later as is allowed
    const bool ended = forRows(votes.size(), progress, [&](std::size_t place) {
        const std::uint32_t row = scene.order.row(place);
        while (then < votes.size() && votes.castAt[scene.order.row(then)] <= votes.castAt[row] + rule.lateEntry.count())
            ++then;
        if (late.size() <= most && clock.isAfter(votes.voteKeys.number(row), then))
            late.push_back(row);
    });
    if (!ended || late.size() > most)
        return {};
    keepConcentrated(scene, late);
    return late;
}

} // namespace scr::detect
