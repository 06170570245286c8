#include "detect/late_entries.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "detect/tails.h"
#include "detect/token_rows.h"

namespace scr::detect {

namespace {

using domain::Index;

constexpr std::size_t kFewest = 1024; ///< votes that make a clock
constexpr std::size_t kAsked = 33;
constexpr double kLog10Odd = -9;
constexpr double kFactor = 2; ///< a post may have so many times its share

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

    [[nodiscard]] std::size_t block() const noexcept { return m_block; }
    /// The key of the block after the one that holds a place in the order of time; more than all where there is none.
    [[nodiscard]] std::int64_t keyAfter(std::size_t place) const
    {
        const std::size_t block = place / m_block + 1;
        return block < m_keys.size() ? m_keys[block] : std::numeric_limits<std::int64_t>::max();
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

/// Which posts have more of what was entered late than their share of the votes of the same hours lets expect: a queue that is
/// emptied late holds votes on what was popular just then.
class Concentration {
public:
    Concentration(const Scene& scene, const std::vector<std::uint32_t>& late) :
        m_scene{scene}, m_votes{scene.input.votes}, m_all{late.size()}
    {
        for (const std::uint32_t row : late) {
            ++m_late[m_votes.post[row]];
            ++m_lateThen[hoursOf(row)];
        }
        for (const auto& [post, count] : m_late) {
            m_mostOfOne = std::max(m_mostOfOne, count);
            if (count >= scene.rules.impossibleVotes.lateVotes)
                m_posts.push_back(post);
        }
        const RowGroups byPost = rowsByValue(m_votes.post, m_votes.castAt, m_posts, m_votes.posts.size());
        for (std::size_t at = 0; at < m_posts.size(); ++at) {
            if (isOdd(m_posts[at], byPost.group(at)))
                m_odd.push_back(m_posts[at]);
        }
    }

    [[nodiscard]] std::uint64_t mostOfOne() const noexcept { return m_mostOfOne; }
    [[nodiscard]] bool isOdd(Index post) const { return std::binary_search(m_odd.begin(), m_odd.end(), post); }

private:
    static constexpr std::int64_t kHours = 6 * kHourMicros;

    [[nodiscard]] std::int64_t hoursOf(std::uint32_t row) const
    {
        const std::int64_t at = m_votes.castAt[row];
        return at >= 0 ? at / kHours : (at + 1) / kHours - 1;
    }

    /// `rows`: all votes of the post.
    [[nodiscard]] bool isOdd(Index post, std::span<const std::uint32_t> rows) const
    {
        std::map<std::int64_t, double> ofPost;
        for (const std::uint32_t row : rows)
            ++ofPost[hoursOf(row)];
        double expected = 0;
        for (const auto& [hours, votes] : ofPost) {
            const auto late = m_lateThen.find(hours);
            if (late == m_lateThen.end())
                continue;
            const auto site = static_cast<double>(m_scene.order.countBetween(hours * kHours, (hours + 1) * kHours - 1));
            const double own = std::min(votes, static_cast<double>(std::min(late->second, m_late.at(post))));
            expected += static_cast<double>(late->second) * (votes - own + 0.5) / std::max(1.0, site - own);
        }
        const double share = std::min(0.95, kFactor * expected / static_cast<double>(m_all));
        return log10BinomialTail(m_late.at(post), m_all, share) <= kLog10Odd;
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    std::uint64_t m_all;                   ///< entered late
    std::map<Index, std::uint64_t> m_late; ///< by post
    std::map<std::int64_t, std::uint64_t> m_lateThen;
    std::uint64_t m_mostOfOne = 0;
    std::vector<Index> m_posts; ///< with enough to look at, ascending
    std::vector<Index> m_odd;   ///< ascending
};

/// Leaves those of posts that have more than their share.
void keepConcentrated(const Scene& scene, std::vector<std::uint32_t>& late)
{
    const Concentration concentration{scene, late};
    // the post with the most says nothing about how the site works
    const auto elsewhere = static_cast<double>(late.size() - concentration.mostOfOne());
    if (elsewhere > scene.rules.impossibleVotes.trustedShare * scene.facts.votes)
        return late.clear();
    std::erase_if(late, [&](std::uint32_t row) { return !concentration.isOdd(scene.input.votes.post[row]); });
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
    const std::size_t most = votes.size() / 4;      // more, and the keys do not follow the times
    const auto laterThan = [&](std::uint32_t row) { // the first place that is as much later as is allowed
        return scene.order.countBetween(std::numeric_limits<std::int64_t>::min(), votes.castAt[row] + rule.lateEntry.count());
    };
    std::size_t untold = 0; // rows that the progress does not know of
    for (std::size_t first = 0; first < votes.size(); first += clock.block()) {
        const std::size_t last = std::min(first + clock.block(), votes.size());
        const std::int64_t least = clock.keyAfter(laterThan(scene.order.row(first))); // for the others it is later
        for (std::size_t place = first; place < last; ++place) {
            const std::uint32_t row = scene.order.row(place);
            const std::int64_t key = votes.voteKeys.number(row);
            if (key > least && key > clock.keyAfter(laterThan(row)))
                late.push_back(row);
        }
        untold += last - first;
        if (untold < kReportEvery && last < votes.size())
            continue;
        if (late.size() > most)
            untold += votes.size() - last;
        if (!progress.advance(std::exchange(untold, 0)) || late.size() > most)
            return {};
    }
    keepConcentrated(scene, late);
    return late;
}

} // namespace scr::detect
