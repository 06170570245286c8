#include "truth.h"

#include <algorithm>

#include <fmt/format.h>

namespace scr::bench {

using simulate::Label;

void Truth::addVote(std::int64_t key, Label label, std::size_t campaign)
{
    m_votes[key] = {label, campaign};
    if (label == Label::Attack)
        ++m_campaigns[campaign].attackVotes;
}

Truth::Vote Truth::of(std::int64_t key) const
{
    const auto found = m_votes.find(key);
    return found == m_votes.end() ? Vote{} : found->second;
}

void Tally::add(std::span<const std::int64_t> votes)
{
    std::uint64_t honest = 0;
    std::uint64_t attack = 0;
    for (const std::int64_t key : votes) {
        const Truth::Vote vote = m_truth.of(key);
        const bool isNew = m_named.insert(key).second;
        honest += vote.label == Label::Honest ? 1U : 0U;
        attack += vote.label == Label::Attack ? 1U : 0U;
        m_honestVotes += isNew && vote.label == Label::Honest ? 1U : 0U;
        m_attackVotes += isNew && vote.label == Label::Attack ? 1U : 0U;
        if (isNew && vote.label == Label::Attack)
            ++m_caught[vote.campaign];
    }
    ++m_findings;
    m_wrong += honest > attack ? 1U : 0U;
}

std::string Tally::campaignsFound(std::span<const simulate::Family> families) const
{
    std::uint64_t found = 0;
    std::uint64_t all = 0;
    for (std::size_t at = 0; at < m_caught.size(); ++at) {
        const Truth::Campaign& campaign = m_truth.campaigns()[at];
        const bool asked = std::any_of(families.begin(), families.end(),
                                       [&](simulate::Family family) { return simulate::nameOf(family) == campaign.kind; });
        if (!asked || campaign.attackVotes == 0)
            continue;
        ++all;
        found += 2 * m_caught[at] >= campaign.attackVotes ? 1U : 0U;
    }
    return fmt::format("{} of {}", found, all);
}

} // namespace scr::bench
