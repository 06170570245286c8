#include "detect/repeated_pairs.h"

#include <algorithm>
#include <bit>
#include <tuple>

#include "detect/bounded_table.h"
#include "detect/places.h"
#include "detect/token_rows.h"

namespace scr::detect {

namespace {

using domain::Index;
using domain::kNoIndex;

std::uint64_t hashOf(Index token, Index post) noexcept
{
    return spread(std::uint64_t{token} << 32U | post);
}

constexpr std::size_t kPlacesARow = 8;

/// Most rows that chance led this far are told from the others by another hash, before what is left has to be sorted.
void dropSingle(std::vector<std::uint32_t>& rows, const std::vector<Index>& token, const std::vector<Index>& post)
{
    Places seen{2 * kPlacesARow * rows.size()};
    Places again{2 * kPlacesARow * rows.size()};
    const auto hashOfRow = [&](std::uint32_t row) { return spread(~hashOf(token[row], post[row])); };
    for (const std::uint32_t row : rows) {
        if (const std::uint64_t hash = hashOfRow(row); seen.take(hash))
            again.take(hash);
    }
    std::erase_if(rows, [&](std::uint32_t row) { return !again.isTaken(hashOfRow(row)); });
}

} // namespace

std::optional<std::vector<std::uint32_t>> repeatedPairs(const std::vector<Index>& token, const std::vector<Index>& post,
                                                        const std::vector<std::int64_t>& times, Progress& progress)
{
    constexpr std::size_t kAhead = 16;
    const auto isWhole = [&](std::size_t row) { return token[row] != kNoIndex && post[row] != kNoIndex; };
    Places seen{kPlacesARow * token.size()};
    Places again{token.size()}; // of the few that were there before: small enough to stay in the processor's cache
    const bool went = forRows(token.size(), progress, [&](std::size_t row) {
        if (row + kAhead < token.size())
            seen.prefetch(hashOf(token[row + kAhead], post[row + kAhead]));
        const std::uint64_t hash = hashOf(token[row], post[row]);
        if (isWhole(row) && seen.take(hash))
            again.take(std::rotl(hash, 32));
    });
    std::vector<std::uint32_t> rows;
    const bool gathered = went && forRows(token.size(), progress, [&](std::size_t row) {
                              if (isWhole(row) && again.isTaken(std::rotl(hashOf(token[row], post[row]), 32)))
                                  rows.push_back(static_cast<std::uint32_t>(row));
                          });
    if (!gathered)
        return std::nullopt;
    dropSingle(rows, token, post);
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
