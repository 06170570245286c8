#pragma once

#include "detect/bounded_table.h"
#include "detect/screen.h"
#include "detect/token_screen.h"

namespace scr::detect {

/// Tokens that vote for each other's posts. 2^21 voters with their authors, 23 MB.
class RingScreen final : public Screen {
public:
    void see(std::span<const VoteEvent> votes) override;
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return m_mutual.dropped(); }
    [[nodiscard]] std::size_t bytes() const noexcept override { return m_counts.bytes() + m_mutual.bytes() + sizeof *this; }

    /// Pairs that voted for each other, the lower index as voter.
    [[nodiscard]] std::vector<VoterAuthor> mutual() { return m_mutual.take(); }

private:
    struct Count {
        std::uint32_t votes;
    };
    struct Lookup {
        KeyHash there; ///< voter and author
        KeyHash back;  ///< the other way round
    };
    [[nodiscard]] Lookup ask(const VoteEvent& vote) const noexcept;
    void seeOne(const VoteEvent& vote, const Lookup& lookup);

    BoundedTable<Count> m_counts{1U << 21U};
    Suspects<VoterAuthor> m_mutual{1U << 18U};
};

} // namespace scr::detect
