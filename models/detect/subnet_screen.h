#pragma once

#include <array>

#include "detect/bounded_table.h"
#include "detect/rules.h"
#include "detect/screen.h"

namespace scr::detect {

/// Networks with more tokens on a post than their share of the site's votes explains; for each address its /24 and /16, or /64
/// and /48. With it networks with an address from which one token after the other votes on the same posts. 2^20 posts and
/// networks together and 2^18 networks, 19 MB.
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
    /// Eight bytes, so that a cache line holds what is to be looked up. Only whether the last vote was another token's is asked,
    /// and only how long ago it was.
    struct Here {
        std::uint64_t votes : 20; ///< not more than kMostHere
        std::uint64_t host : 8;
        std::uint64_t last : 16; ///< of its token's number: two in 65,536 look alike
        std::uint64_t time : 20; ///< seconds, 12 days before they begin anew
    };
    static constexpr std::uint32_t kMostHere = (1U << 20U) - 1;
    struct Total {
        std::uint32_t votes;
        std::uint32_t hops; ///< votes on a post that another token of the same address had just voted on
    };
    struct OfNetwork {
        domain::NetworkCode code = 0;
        KeyHash total;
        KeyHash pair; ///< of it and the post
    };
    struct Lookup {
        KeyHash post;
        OfNetwork own;
        OfNetwork wider; ///< code 0: none
    };
    [[nodiscard]] Lookup ask(const VoteEvent& vote) const noexcept;
    [[nodiscard]] OfNetwork askNetwork(domain::NetworkCode network, KeyHash post) const noexcept;
    [[nodiscard]] bool isCrowd(std::uint32_t here, double expected) const noexcept;
    void seeOne(const VoteEvent& vote, const Lookup& lookup);
    void seeNetwork(const VoteEvent& vote, const OfNetwork& lookup, std::uint32_t ofPost);
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
