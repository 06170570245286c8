#include "detect/newcomer_screen.h"

#include "detect/tails.h"

namespace scr::detect {

namespace {

constexpr std::size_t kTokenBits = std::size_t{1} << 27U;
constexpr double kMemory = 1.0 / 20'000; ///< votes over which the usual share is taken
constexpr double kLog10Odd = -4;

} // namespace

NewcomerScreen::NewcomerScreen(const Rules& rules) : m_rules{rules}, m_known(kTokenBits / 64) {}

void NewcomerScreen::see(std::span<const VoteEvent> votes)
{
    for (const VoteEvent& vote : votes) {
        const std::size_t bit = vote.token % kTokenBits;
        std::uint64_t& word = m_known[bit / 64];
        const bool isNew = (word >> (bit % 64) & 1U) == 0;
        word |= std::uint64_t{1} << (bit % 64);
        m_share += kMemory * ((isNew ? 1.0 : 0.0) - m_share);
        Post& post = m_table.touch(vote.post + std::uint64_t{1}).entry;
        ++post.votes;
        post.expected += static_cast<float>(m_share);
        if (!isNew)
            continue;
        if (++post.newcomers >= m_rules.postSurge.suspects && post.newcomers % 8 == 0 &&
            log10PoissonTail(post.newcomers, static_cast<double>(post.expected)) <= kLog10Odd)
            m_posts.add(vote.post);
    }
}

std::size_t NewcomerScreen::bytes() const noexcept
{
    return m_table.bytes() + m_known.size() * sizeof(std::uint64_t) + m_posts.bytes() + sizeof *this;
}

} // namespace scr::detect
