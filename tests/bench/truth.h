#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "simulate/scenario.h"

namespace scr::bench {

/// What the votes of a bench site are in truth, by key.
class Truth {
public:
    struct Vote {
        simulate::Label label = simulate::Label::Honest;
        std::size_t campaign = 0;
    };
    struct Campaign {
        std::string kind;
        std::uint64_t attackVotes = 0;
    };

    void addCampaign(std::string kind) { m_campaigns.push_back({std::move(kind), 0}); }
    void addVote(std::int64_t key, simulate::Label label, std::size_t campaign);

    [[nodiscard]] Vote of(std::int64_t key) const;
    [[nodiscard]] std::span<const Campaign> campaigns() const noexcept { return m_campaigns; }

private:
    std::unordered_map<std::int64_t, Vote> m_votes; ///< without those that are simply honest
    std::vector<Campaign> m_campaigns;
};

/// Counts what a query or a detector found, by the measures of `scrutineerctl evaluate`.
class Tally {
public:
    explicit Tally(const Truth& truth) : m_truth{truth}, m_caught(truth.campaigns().size(), 0) {}

    /// One finding with the votes it names.
    void add(std::span<const std::int64_t> votes);

    [[nodiscard]] std::uint64_t findings() const noexcept { return m_findings; }
    [[nodiscard]] std::uint64_t wrong() const noexcept { return m_wrong; } ///< most of whose votes are honest
    [[nodiscard]] std::uint64_t attackVotes() const noexcept { return m_attackVotes; }
    [[nodiscard]] std::uint64_t honestVotes() const noexcept { return m_honestVotes; }
    /// "7 of 12": campaigns of these families of whose votes at least half were named.
    [[nodiscard]] std::string campaignsFound(std::span<const simulate::Family> families) const;

private:
    const Truth& m_truth;
    std::unordered_set<std::int64_t> m_named;
    std::vector<std::uint64_t> m_caught; ///< by campaign
    std::uint64_t m_findings = 0;
    std::uint64_t m_wrong = 0;
    std::uint64_t m_attackVotes = 0;
    std::uint64_t m_honestVotes = 0;
};

} // namespace scr::bench
