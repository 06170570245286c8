#include "detect/repeated_pairs.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "detect/token_rows.h"
#include "domain/large_pages.h"

namespace scr::detect {

namespace {

using domain::Index;
using domain::kNoIndex;

/// Counts 0, 1, many for hashed pairs: two bits each, eight places a row.
class PairSketch {
public:
    explicit PairSketch(std::size_t pairs) :
        m_words{std::bit_ceil(std::max<std::size_t>(pairs / 4, 16))}, m_mask{m_words.size() * 32 - 1}
    {
    }

    void add(Index token, Index post) noexcept
    {
        const std::size_t place = placeOf(token, post);
        std::uint64_t& word = m_words[place / 32];
        const unsigned shift = static_cast<unsigned>(place % 32) * 2U;
        const std::uint64_t seen = (word >> shift) & 3U;
        word |= std::uint64_t{seen == 0 ? 1U : 2U} << shift;
    }
    void prefetch(Index token, Index post) const noexcept { __builtin_prefetch(&m_words[placeOf(token, post) / 32]); }
    [[nodiscard]] bool isRepeated(Index token, Index post) const noexcept
    {
        const std::size_t place = placeOf(token, post);
        return ((m_words[place / 32] >> (place % 32 * 2U)) & 2U) != 0;
    }

private:
    [[nodiscard]] std::size_t placeOf(Index token, Index post) const noexcept
    {
        std::uint64_t hash = (std::uint64_t{token} << 32U | post) * 0x9e3779b97f4a7c15ULL;
        hash = (hash ^ (hash >> 29U)) * 0xbf58476d1ce4e5b9ULL;
        return static_cast<std::size_t>(hash >> 16U) & m_mask;
    }

    domain::LargeArray<std::uint64_t> m_words;
    std::size_t m_mask;
};

} // namespace

std::optional<std::vector<std::uint32_t>> repeatedPairs(const std::vector<Index>& token, const std::vector<Index>& post,
                                                        const std::vector<std::int64_t>& times, Progress& progress)
{
    constexpr std::size_t kAhead = 16;
    PairSketch sketch{token.size()};
    const auto prefetchAfter = [&](std::size_t row) {
        if (row + kAhead < token.size())
            sketch.prefetch(token[row + kAhead], post[row + kAhead]);
    };
    const bool went = forRows(token.size(), progress, [&](std::size_t row) {
        prefetchAfter(row);
        if (token[row] != kNoIndex && post[row] != kNoIndex)
            sketch.add(token[row], post[row]);
    });
    std::vector<std::uint32_t> rows;
    const bool gathered = went && forRows(token.size(), progress, [&](std::size_t row) {
                              prefetchAfter(row);
                              if (token[row] != kNoIndex && post[row] != kNoIndex && sketch.isRepeated(token[row], post[row]))
                                  rows.push_back(static_cast<std::uint32_t>(row));
                          });
    if (!gathered)
        return std::nullopt;
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t left, std::uint32_t right) {
        return std::tuple{token[left], post[left], times[left], left} <
               std::tuple{token[right], post[right], times[right], right};
    });
    return rows;
}

std::vector<std::uint32_t> repeatedPairsOf(const std::vector<Index>& chosen, const std::vector<Index>& token,
                                           const std::vector<Index>& post, const std::vector<std::int64_t>& times,
                                           std::size_t tokens)
{
    const RowGroups groups = rowsByValue(token, times, chosen, tokens);
    std::vector<std::uint32_t> found;
    for (std::size_t at = 0; at < groups.size(); ++at) {
        std::vector<std::uint32_t> rows{groups.group(at).begin(), groups.group(at).end()};
        std::stable_sort(rows.begin(), rows.end(),
                         [&](std::uint32_t left, std::uint32_t right) { return post[left] < post[right]; });
        for (std::size_t begin = 0; begin < rows.size();) {
            std::size_t end = begin + 1;
            while (end < rows.size() && post[rows[end]] == post[rows[begin]])
                ++end;
            if (end - begin > 1 && post[rows[begin]] != kNoIndex)
                found.insert(found.end(), rows.begin() + static_cast<std::ptrdiff_t>(begin),
                             rows.begin() + static_cast<std::ptrdiff_t>(end));
            begin = end;
        }
    }
    return found;
}

} // namespace scr::detect
