#include "detect/alike_tokens.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <map>

#include "detect/bounded_table.h"
#include "detect/tails.h"

namespace scr::detect {

namespace {

using domain::Index;

constexpr std::size_t kBands = 8;        ///< chances to meet
constexpr std::size_t kFewestHashes = 3; ///< that must all agree for it
constexpr std::size_t kMostHashes = 5;
constexpr std::size_t kMostInBucket = 64; ///< more are alike than a bucket can tell apart
constexpr double kLog10Alike = -2;        ///< the group is judged as a whole; its own votes are among those of the posts

/// The distinct posts of one token in one period: posts[begin, end) of all of them.
struct Stay {
    Index token{};
    std::int64_t period{};
    std::size_t begin{};
    std::size_t end{};
};

class Alike {
public:
    Alike(const Scene& scene, const RowGroups& byToken) :
        m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.denseBlock}, m_byToken{byToken}
    {
        m_mixed.reserve(m_votes.posts.size());
        for (std::size_t post = 0; post < m_votes.posts.size(); ++post)
            m_mixed.push_back(spread(post + 1));
    }

    [[nodiscard]] std::optional<std::vector<TokenPair>> find(Progress& progress)
    {
        readStays();
        m_stayMask = (std::uint64_t{1} << std::bit_width(m_stays.size())) - 1;
        std::size_t hashes = kFewestHashes;
        for (; hashes < kMostHashes; ++hashes) { // where everybody meets everybody it takes more to be alike
            fillBuckets(0, hashes);
            if (pairsInBuckets() <= m_stays.size())
                break;
        }
        std::vector<TokenPair> pairs;
        for (std::size_t band = 0; band < kBands; ++band) {
            fillBuckets(band, hashes);
            eachBucket([&](std::size_t begin, std::size_t end) { addPairs(begin, end, pairs); });
            if (!progress.advance(0))
                return std::nullopt;
        }
        std::sort(pairs.begin(), pairs.end());
        pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
        return pairs;
    }

private:
    void readStays()
    {
        constexpr std::size_t kMostPosts = 400; ///< in a period: who votes on everything is like everybody
        const std::int64_t length = m_rule.period.count();
        m_ofPost = m_scene.facts.ofPost;
        for (Index token = 0; token < m_byToken.size(); ++token) {
            const std::span<const std::uint32_t> rows = m_byToken.group(token);
            if (rows.size() < m_rule.common || !hasItsDays(rows))
                continue;
            for (std::size_t begin = 0; begin < rows.size();) {
                const std::int64_t at = m_votes.castAt[rows[begin]];
                const std::int64_t period = at / length - (at % length < 0 ? 1 : 0);
                std::size_t end = begin;
                for (; end < rows.size() && m_votes.castAt[rows[end]] < (period + 1) * length; ++end)
                    --m_ofPost[m_votes.post[rows[end]]];
                m_ofPeriod[period] += end - begin;
                if (end - begin >= m_rule.common && end - begin <= kMostPosts)
                    addStay(token, period, rows.subspan(begin, end - begin));
                begin = end;
            }
        }
        for (auto& [period, votes] : m_ofPeriod)
            votes = m_scene.order.countBetween(period * length, (period + 1) * length - 1) - votes;
    }

    /// Whether one period holds most of a token's votes, as the days of a block do; with the others gone, those who vote all the
    /// time are no company for everybody.
    [[nodiscard]] bool hasItsDays(std::span<const std::uint32_t> rows) const
    {
        const auto at = [&](std::size_t place) { return m_votes.castAt[rows[place]]; };
        const auto most = static_cast<std::size_t>(std::ceil(kDenseBlockDays * static_cast<double>(rows.size())));
        // whichever votes those are, the ones in the middle are among them
        if (at(most - 1) - at(rows.size() - most) > m_rule.period.count())
            return false;
        for (std::size_t first = 0; first + most <= rows.size(); ++first) {
            if (at(first + most - 1) - at(first) <= m_rule.period.count())
                return true;
        }
        return false;
    }

    void addStay(Index token, std::int64_t period, std::span<const std::uint32_t> rows)
    {
        const std::size_t begin = m_posts.size();
        for (const std::uint32_t row : rows)
            m_posts.push_back(m_votes.post[row]);
        const auto first = m_posts.begin() + static_cast<std::ptrdiff_t>(begin);
        std::sort(first, m_posts.end());
        m_posts.erase(std::unique(first, m_posts.end()), m_posts.end());
        if (m_posts.size() - begin < m_rule.common)
            m_posts.resize(begin);
        else
            m_stays.push_back({token, period, begin, m_posts.size()});
    }

    [[nodiscard]] double votesOf(std::int64_t period) const
    {
        const auto known = m_ofPeriod.find(period);
        return (known == m_ofPeriod.end() ? 0 : static_cast<double>(known->second)) + 1;
    }

    [[nodiscard]] std::span<const Index> postsOf(const Stay& stay) const
    {
        return std::span{m_posts}.subspan(stay.begin, stay.end - stay.begin);
    }

    /// A bucket is told by the least of each hash over the posts.
    void fillBuckets(std::size_t band, std::size_t hashes)
    {
        std::array<std::uint64_t, kMostHashes> factors{};
        for (std::size_t at = 0; at < hashes; ++at)
            factors[at] = spread(band * kMostHashes + at + 1) | 1U;
        m_entries.clear();
        for (std::uint32_t at = 0; at < m_stays.size(); ++at) {
            std::array<std::uint64_t, kMostHashes> least{};
            least.fill(std::numeric_limits<std::uint64_t>::max());
            for (const Index post : postsOf(m_stays[at])) {
                const std::uint64_t mixed = m_mixed[post];
                for (std::size_t hash = 0; hash < hashes; ++hash)
                    least[hash] = std::min(least[hash], mixed * factors[hash]);
            }
            std::uint64_t bucket = spread(static_cast<std::uint64_t>(m_stays[at].period));
            for (std::size_t hash = 0; hash < hashes; ++hash)
                bucket = spread(bucket ^ least[hash]);
            m_entries.push_back((bucket & ~m_stayMask) | at);
        }
        std::sort(m_entries.begin(), m_entries.end());
    }

    template <class Visit>
    void eachBucket(Visit visit) const
    {
        for (std::size_t begin = 0; begin < m_entries.size();) {
            std::size_t end = begin;
            while (end < m_entries.size() && ((m_entries[end] ^ m_entries[begin]) & ~m_stayMask) == 0)
                ++end;
            visit(begin, std::min(end, begin + kMostInBucket));
            begin = end;
        }
    }

    [[nodiscard]] std::size_t pairsInBuckets() const
    {
        std::size_t pairs = 0;
        eachBucket([&](std::size_t begin, std::size_t end) { pairs += (end - begin) * (end - begin - 1) / 2; });
        return pairs;
    }

    void addPairs(std::size_t begin, std::size_t end, std::vector<TokenPair>& pairs) const
    {
        for (std::size_t one = begin; one + 1 < end; ++one) {
            for (std::size_t other = one + 1; other < end; ++other) {
                const Stay& left = m_stays[m_entries[one] & m_stayMask];
                const Stay& right = m_stays[m_entries[other] & m_stayMask];
                if (left.token != right.token && left.period == right.period && areAlike(left, right))
                    pairs.push_back({std::min(left.token, right.token), std::max(left.token, right.token)});
            }
        }
    }

    [[nodiscard]] bool areAlike(const Stay& left, const Stay& right) const
    {
        const std::span<const Index> ofLeft = postsOf(left);
        const std::span<const Index> ofRight = postsOf(right);
        std::size_t common = 0;
        double expected = 0;
        for (std::size_t at = 0, other = 0; at < ofLeft.size(); ++at) {
            while (other < ofRight.size() && ofRight[other] < ofLeft[at])
                ++other;
            common += other < ofRight.size() && ofRight[other] == ofLeft[at] ? 1U : 0U;
            expected += m_ofPost[ofLeft[at]] + 0.5;
        }
        if (common < m_rule.common)
            return false;
        // a post's votes of all time against the votes of the period errs on the side of innocence
        expected *= static_cast<double>(ofRight.size()) / votesOf(left.period);
        return log10PoissonTail(common, expected) <= kLog10Alike;
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const DenseBlockRule& m_rule;
    const RowGroups& m_byToken;
    // What everybody votes on is told by those who are no suspects: a block's own votes would make its posts popular.
    std::map<std::int64_t, std::size_t> m_ofPeriod; ///< votes of the others by period
    std::vector<std::uint32_t> m_ofPost;            ///< likewise by post, of all time
    std::vector<std::uint64_t> m_mixed;             ///< by post, a hash
    std::vector<Index> m_posts;
    std::vector<Stay> m_stays;
    std::uint64_t m_stayMask = 0;
    std::vector<std::uint64_t> m_entries; ///< of one band, ascending: the bucket in the upper bits, the stay in the lower
};

} // namespace

std::optional<std::vector<TokenPair>> alikeTokens(const Scene& scene, const RowGroups& byToken, Progress& progress)
{
    return Alike{scene, byToken}.find(progress);
}

} // namespace scr::detect
