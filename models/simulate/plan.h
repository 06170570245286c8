#pragma once

#include <cstdint>
#include <vector>

#include "simulate/random.h"
#include "simulate/scenario.h"
#include "simulate/site.h"

namespace scr::simulate {

inline constexpr std::int64_t kHour = 3'600'000; ///< times inside the simulator are milliseconds since the site's start
inline constexpr std::int64_t kDay = 24 * kHour;

struct SitePlan;

/// What is random about a person and does not depend on votes; made anew from seed and token whenever it is needed.
struct Person {
    double speed = 1;            ///< of the gaps between votes, 1: the usual
    std::int64_t zoneOffset = 0; ///< local time less UTC
    std::int64_t joinedAt = 0;   ///< negative: before the simulated days
};
[[nodiscard]] Person personOf(const SiteOptions& options, std::uint32_t token);

/// The address from which a token votes at a time; many share one, some change it with the hour.
[[nodiscard]] std::string originOf(const SiteOptions& options, std::uint32_t token, std::int64_t at);

/// Where a vote or a refused attempt of a campaign comes from.
[[nodiscard]] std::string originOf(const SitePlan& plan, std::uint32_t campaign, bool inCampaign, std::uint32_t token,
                                   std::int64_t at);

[[nodiscard]] std::string titleOf(const SiteOptions& options, std::uint32_t post);
[[nodiscard]] std::string labelOf(const SiteOptions& options, std::uint32_t token);

struct PlannedPost {
    std::int64_t bornAt = 0;
    double quality = 1;
    float likes = 0.86F; ///< share of votes that are +1
    std::uint32_t author = 0;
    std::int64_t counter = 0;
};

/// Where the votes of a campaign come from, when not from the tokens' own addresses.
enum class OriginKind : std::uint8_t { OfToken, Residential, Subnet, SubnetSix, OneAddress };

struct PlannedCampaign {
    Campaign told;
    OriginKind origin = OriginKind::OfToken;
    std::uint32_t network = 0; ///< of a subnet or an address, its number
};

/// A vote of a campaign, or an honest vote that a control moved.
struct PlannedMark {
    std::uint32_t campaign = 0;
    Label label = Label::Honest;
};

/// An attempt that left no vote.
struct PlannedRefusal {
    std::int64_t at = 0;
    std::int64_t lasts = 0;
    std::uint32_t token = 0;
    std::uint32_t post = 0;
    bool up = true;
    std::uint32_t campaign = 0;
};

/// All decisions of a site; the streams only write them out. Tokens and posts are counted from 0 here.
struct SitePlan {
    static constexpr unsigned kTokenBits = 24;

    SiteOptions options;
    std::vector<PlannedPost> posts;
    std::vector<std::uint64_t> when; ///< a vote: time << kTokenBits | token, ascending
    std::vector<std::uint32_t> what; ///< its post << 1 | 1 for an up vote
    // Of a scenario; empty without one. `when` orders votes by arrival then, and a vote's cast time may be another.
    std::vector<std::int64_t> joined; ///< of the tokens beyond options.tokens
    std::vector<PlannedCampaign> campaigns;
    std::vector<std::uint32_t> markOf;      ///< a vote: index into marks
    std::vector<PlannedMark> marks;         ///< the first is that of a vote without campaign
    std::vector<std::int64_t> shift;        ///< a vote: cast time less arrival
    std::vector<PlannedRefusal> refusals;   ///< by time
    std::vector<std::uint32_t> movedTokens; ///< whose address is that of a campus, ascending
    std::uint32_t campusNetwork = 0;

    [[nodiscard]] std::int64_t end() const noexcept { return static_cast<std::int64_t>(options.days) * kDay; }
    [[nodiscard]] std::int64_t timeOf(std::size_t vote) const noexcept
    {
        return static_cast<std::int64_t>(when[vote] >> kTokenBits);
    }
    [[nodiscard]] std::int64_t castOf(std::size_t vote) const noexcept
    {
        return timeOf(vote) + (shift.empty() ? 0 : shift[vote]);
    }
    [[nodiscard]] PlannedMark markOfVote(std::size_t vote) const noexcept
    {
        return markOf.empty() ? PlannedMark{} : marks[markOf[vote]];
    }
    [[nodiscard]] std::uint32_t tokenOf(std::size_t vote) const noexcept
    {
        return static_cast<std::uint32_t>(when[vote] & ((1U << kTokenBits) - 1));
    }
};

/// How many votes each token casts: lognormal activity, in sum exactly options.votes. Nobody casts more than `backlog`.
[[nodiscard]] domain::Result<std::vector<std::uint32_t>> allotVotes(const SiteOptions& options, std::uint64_t backlog);

/// Posts born evenly before and during the simulated days, by time of birth. The first ones are there from the start.
[[nodiscard]] std::vector<PlannedPost> bearPosts(const SiteOptions& options);

/// Appends the times of one token's votes, in sessions that do not overlap.
class SessionMaker {
public:
    explicit SessionMaker(const SiteOptions& options);
    void append(std::uint32_t token, std::uint32_t votes, std::vector<std::uint64_t>& when);
    /// A moment of the site's day by its usual rhythm, in UTC.
    [[nodiscard]] std::int64_t momentIn(Random& random, std::int64_t from, std::int64_t to) const;

private:
    struct Session {
        std::int64_t start;
        std::int64_t length;
        std::uint32_t votes;
        std::size_t firstGap;
    };
    [[nodiscard]] std::int64_t startOf(Random& random, const Person& person, bool fewVotes) const;
    void spread();

    const SiteOptions& m_options;
    std::int64_t m_end;
    std::vector<double> m_rhythm; ///< share of the day's votes up to the end of each ten minutes, local time
    std::vector<Session> m_sessions;
    std::vector<std::int64_t> m_gaps;
};

/// Gives each vote its post: young and good ones mostly, never the same twice to one token.
[[nodiscard]] domain::Status choosePosts(SitePlan& plan, const std::vector<std::uint32_t>& votesOfToken,
                                         const domain::KeepGoing& keepGoing);

/// Adds the campaigns of a scenario to a plan that has its honest votes.
void addScenario(const Scenario& scenario, SitePlan& plan);

} // namespace scr::simulate
