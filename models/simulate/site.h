#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "domain/history_row.h"
#include "domain/result.h"
#include "domain/vote_columns.h"

namespace scr::simulate {

struct SitePlan;
struct Scenario;
struct Campaign;
struct TruthRow;

struct SiteOptions {
    std::uint64_t tokens = 2000;
    std::uint64_t posts = 400;
    std::uint64_t votes = 40'000;
    std::uint64_t seed = 1;
    std::uint64_t days = 14;
    domain::UtcTime start{domain::Micros{1'767'225'600'000'000}}; ///< 2026-01-01T00:00:00Z

    friend bool operator==(const SiteOptions&, const SiteOptions&) = default;
};

template <class Row>
using OnRows = std::function<domain::Status(std::span<const Row>)>; ///< an error ends the stream and is passed on

/// A voting site, without any fraud unless a scenario says otherwise: the same options give the same bytes on every machine.
/// People vote in sessions, by the rhythm of their time zone, mostly on young posts; some share an address. Keys are whole
/// numbers from 1, a vote's key is its place in time. At most one vote of a token on a post. 12 bytes a vote are held, 20 while
/// it is made.
class Site {
public:
    /// Fault::Invalid when so many votes cannot come from so many tokens, posts and days.
    [[nodiscard]] static domain::Result<Site> make(const SiteOptions& options, const domain::KeepGoing& keepGoing = {});
    /// With the campaigns of a scenario on top; they bring votes, tokens and posts of their own.
    [[nodiscard]] static domain::Result<Site> make(const Scenario& scenario, const domain::KeepGoing& keepGoing = {});
    Site(Site&&) noexcept;
    Site& operator=(Site&&) noexcept;
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;
    ~Site();

    [[nodiscard]] const SiteOptions& options() const noexcept;
    [[nodiscard]] std::uint64_t tokenCount() const noexcept; ///< with those that campaigns brought
    [[nodiscard]] std::uint64_t postCount() const noexcept;
    [[nodiscard]] std::uint64_t voteCount() const noexcept;
    [[nodiscard]] std::span<const Campaign> campaigns() const noexcept;

    /// In batches of at most 4096. Tokens and posts by key; a post's counter is the sum of its votes; votes by time; attempts by
    /// time, with the double clicks and retries that a real log holds.
    [[nodiscard]] domain::Status tokens(const OnRows<domain::HistoryToken>& onRows) const;
    [[nodiscard]] domain::Status posts(const OnRows<domain::HistoryPost>& onRows) const;
    [[nodiscard]] domain::Status votes(const OnRows<domain::HistoryVote>& onRows) const;
    [[nodiscard]] domain::Status attempts(const OnRows<domain::HistoryAttempt>& onRows) const;
    /// By vote key; votes that are simply honest are left out.
    [[nodiscard]] domain::Status truth(const OnRows<TruthRow>& onRows) const;

private:
    explicit Site(std::unique_ptr<const SitePlan> plan);

    std::unique_ptr<const SitePlan> m_plan;
    std::vector<Campaign> m_campaigns;
};

} // namespace scr::simulate
