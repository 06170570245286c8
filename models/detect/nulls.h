#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "detect/rules.h"

namespace scr::detect {

/// What each test makes of honest chance: upper bounds of probabilities as log10, at most 0. Where a pair is asked about only
/// because something was seen of it, the probability is that of seeing so much given that anything was. Screens, detectors and
/// their calibration go through these, so that what is calibrated is what accuses.

inline constexpr std::size_t kMostPauses = 31;

/// So many even ones among a window of at most kMostPauses, in microseconds; 0 where their median is shorter than the rule looks
/// at.
[[nodiscard]] double log10EvenPauses(std::span<const double> pauses, const MetronomeRule& rule);

/// So many of a token's votes in a row go to one author, who gets `share` of the site's other votes and `ownShare` of the
/// token's.
[[nodiscard]] double log10SerialVotes(std::uint64_t ofAuthor, std::uint64_t votes, double share, double ownShare,
                                      const SerialVoterRule& rule) noexcept;

/// The share of a token's votes that an author may get by chance, who gets `share` of the site's others: the odds by the factor.
[[nodiscard]] double likelyShare(double share, const SerialVoterRule& rule) noexcept;

/// An edge of a ring, for which the ring's own probability allows: so many votes of a token with `given` votes for an author with
/// `share` of the site's other votes; both with their own.
[[nodiscard]] double expectedSupport(double given, double share, const VoteRingRule& rule) noexcept;
[[nodiscard]] double log10Support(std::uint64_t votes, double given, double share, const VoteRingRule& rule) noexcept;

/// So many tokens of a network on a post with `ofPost` votes; the network has `share` of the votes elsewhere.
[[nodiscard]] double expectedCrowd(double ofPost, double share, const SubnetSocksRule& rule) noexcept;
[[nodiscard]] double log10Crowd(std::uint64_t tokens, double expected) noexcept;
[[nodiscard]] double log10Crowd(std::uint64_t tokens, double ofPost, double share, const SubnetSocksRule& rule) noexcept;

/// A token's votes, and how many votes of others stood within the window before them.
struct Exposure {
    std::uint32_t votes;
    std::uint32_t met;
};
/// Names a pair for lockstep, for which the group's own probability allows: so many times that two tokens met, among `all` votes.
[[nodiscard]] double log10Meetings(std::uint64_t count, const Exposure& one, const Exposure& other, double all) noexcept;

} // namespace scr::detect
