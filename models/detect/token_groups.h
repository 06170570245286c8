#pragma once

#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "detect/gap_law.h"
#include "detect/progress.h"
#include "detect/rules.h"
#include "domain/vote_columns.h"

namespace scr::detect {

/// A vote as the detectors of tokens see it, in 12 bytes: ten million of them are walked in the order of tokens, where looking
/// up 8-byte times by row number would miss the cache each time.
struct Cast {
    std::uint32_t timeWords[2];
    domain::Index post;

    [[nodiscard]] std::int64_t at() const noexcept
    {
        std::int64_t time = 0;
        std::memcpy(&time, timeWords, sizeof time);
        return time;
    }
    void set(std::int64_t time, domain::Index onPost) noexcept
    {
        std::memcpy(timeWords, &time, sizeof time);
        post = onPost;
    }
};
static_assert(sizeof(Cast) == 12);

/// All votes by token, each token's first votes on its posts in the order of time. Votes on a post the token had voted on
/// before are left out, and the token is named in `repeating`.
class TokenGroups {
public:
    /// False when the progress was stopped.
    [[nodiscard]] bool build(const domain::VoteColumns& votes, const TokenBurstRule& rule, unsigned threads, Progress& progress);

    [[nodiscard]] std::size_t tokens() const noexcept { return m_firsts.size(); }
    [[nodiscard]] std::span<const Cast> firstVotes(domain::Index token) const noexcept
    {
        return {m_casts.get() + m_starts[token], m_firsts[token]};
    }
    [[nodiscard]] std::size_t votesOf(domain::Index token) const noexcept
    {
        return m_starts[token + std::size_t{1}] - m_starts[token];
    }
    [[nodiscard]] const std::vector<domain::Index>& repeating() const noexcept { return m_repeating; } ///< ascending
    [[nodiscard]] const GapCounts& gaps() const noexcept { return m_gaps; }

    /// Tokens cut into `parts` runs of about as many votes each: part p is [cuts[p], cuts[p + 1]).
    [[nodiscard]] std::vector<domain::Index> cuts(unsigned parts) const;

private:
    struct Part {
        std::vector<domain::Index> repeating;
        GapCounts gaps;
    };
    [[nodiscard]] bool countVotes(const domain::VoteColumns& votes, Progress& progress);
    [[nodiscard]] bool scatter(const domain::VoteColumns& votes, domain::Index first, domain::Index end, Progress& progress,
                               bool reports);
    [[nodiscard]] bool order(domain::Index first, domain::Index end, std::size_t posts, const TokenBurstRule& rule, Part& part,
                             Progress& progress);

    std::unique_ptr<Cast[]> m_casts;
    std::vector<std::uint32_t> m_starts; ///< token -> its first vote; one more entry ends the last
    std::vector<std::uint32_t> m_firsts; ///< token -> number of first votes; while votes are dealt out: the next free place
    std::vector<domain::Index> m_repeating;
    GapCounts m_gaps;
};

/// Rows of chosen tokens or pairs, grouped: those of group g are rows[starts[g] .. starts[g + 1]).
struct RowGroups {
    std::vector<std::uint32_t> rows;
    std::vector<std::size_t> starts;

    [[nodiscard]] std::size_t size() const noexcept { return starts.empty() ? 0 : starts.size() - 1; }
    [[nodiscard]] std::span<const std::uint32_t> group(std::size_t at) const noexcept
    {
        return std::span{rows}.subspan(starts[at], starts[at + 1] - starts[at]);
    }
};

/// Rows whose `column` is one of `chosen` (ascending, no repeats, all below `values`), group by group in the order of `chosen`,
/// each by time, then by row.
[[nodiscard]] RowGroups rowsByValue(const std::vector<domain::Index>& column, const std::vector<std::int64_t>& times,
                                    const std::vector<domain::Index>& chosen, std::size_t values);

/// Runs `work(part)` for each part, on as many threads; on the caller's when there is one part only.
void inParallel(unsigned parts, const std::function<void(unsigned)>& work);

} // namespace scr::detect
