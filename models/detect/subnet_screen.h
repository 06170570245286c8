#pragma once

#include <array>

#include "detect/bounded_table.h"
#include "detect/rules.h"
#include "detect/screen.h"

namespace scr::detect {

/// Networks with more tokens on a post than their share of the site's votes explains; for each address its /24 and /16, or /64
/// and /48. With it networks with an address from which one token after the other votes on the same posts. 2^20 posts and
/// networks together and 2^18 networks, 27 MB.
class SubnetScreen final : public Screen {
public:
    explicit SubnetScreen(const Rules& rules);

    void see(std::span<const VoteEvent> votes) override;
    [[nodiscard]] std::uint64_t dropped() const noexcept override { return m_networks.dropped() + m_hopping.dropped(); }
    [[nodiscard]] std::size_t bytes() const noexcept override;

    [[nodiscard]] std::vector<domain::NetworkCode> networks() { return m_networks.take(); }
    [[nodiscard]] std::vector<domain::NetworkCode> hopping() { return m_hopping.take(); }

private:
    struct Count {
        std::uint32_t votes;
    };
    struct Here {
        std::uint32_t votes;
        domain::Index last;      ///< token
        std::uint32_t time : 24; ///< of its vote, seconds; only differences count
        std::uint32_t host : 8;
    };
    struct Total {
        std::uint32_t votes;
        std::uint32_t hops; ///< votes on a post that another token of the same address had just voted on
    };
    void prefetch(const VoteEvent& vote) const noexcept;
    [[nodiscard]] bool isCrowd(std::uint32_t here, double expected) const noexcept;
    void seeNetwork(const VoteEvent& vote, domain::NetworkCode network, std::uint32_t ofPost);
    void seeHop(const VoteEvent& vote, Here& here, Total& total);

    const Rules& m_rules;
    /// By number of votes: the most expected ones beside which so many are suspicious. A look into it instead of a tail each.
    std::array<double, 64> m_mostExpected{};
    BoundedTable<Here> m_pairs{1U << 20U};
    BoundedTable<Total> m_totals{1U << 18U};
    BoundedTable<Count> m_posts{1U << 16U};
    std::uint64_t m_seen = 0;
    Suspects<domain::NetworkCode> m_networks{1U << 16U};
    Suspects<domain::NetworkCode> m_hopping{1U << 16U};
};

} // namespace scr::detect
