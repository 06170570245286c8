#pragma once

#include "detect/bounded_table.h"
#include "detect/rules.h"
#include "detect/screen.h"

namespace scr::detect {

/// Posts with more votes of tokens that had never voted before than the site's posts have. 2^18 posts and a bit for each of
/// 2^27 tokens, 22 MB. At the start of a history everybody is new; the usual share is learned as it falls.
class NewcomerScreen final : public Screen {
public:
    explicit NewcomerScreen(const Rules& rules);

    void see(std::span<const VoteEvent> votes) override;
    [[nodiscard]] std::size_t bytes() const noexcept override;

    [[nodiscard]] std::vector<domain::Index> posts() { return m_posts.take(); }

private:
    struct Post {
        std::uint32_t votes;
        std::uint32_t newcomers;
        float expected; ///< newcomers, had each vote been one with the share of its time
    };
    const Rules& m_rules;
    BoundedTable<Post> m_table{18};
    std::vector<std::uint64_t> m_known; ///< a bit a token
    double m_share = 1;                 ///< of recent votes that were a token's first
    Suspects<domain::Index> m_posts{1U << 17U};
};

} // namespace scr::detect
