#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.h"
#include "simulate/site.h"

namespace scr::simulate {

/// Ways to manipulate votes, in the order of docs: F1 … F12; then some more.
enum class Family {
    RaceDuplicates,
    TokenBurst,
    SlowDrip,
    SlowDripDiurnal, ///< arrivals follow the site's day: hard
    SlowDripNatural, ///< arrivals follow the post's own votes: very hard
    Lockstep,
    VoteRing,
    SubnetSocks,
    Camouflage,
    Metronome,
    SerialVoter,
    HijackedAccounts,
    Brigade,        ///< ambiguous: real people sent by one link
    AdaptiveEvader, ///< knows the thresholds
    Timetable,      ///< a program that a clock wakes
    FanOut,         ///< a program that votes on many posts in one moment
    SlowBlock,      ///< lockstep over hours instead of minutes
    TokenHopping,   ///< one person who votes with one token after the other
};
inline constexpr Family kFamilies[] = {
    Family::RaceDuplicates, Family::TokenBurst,       Family::SlowDrip,    Family::SlowDripDiurnal, Family::SlowDripNatural,
    Family::Lockstep,       Family::VoteRing,         Family::SubnetSocks, Family::Camouflage,      Family::Metronome,
    Family::SerialVoter,    Family::HijackedAccounts, Family::Brigade,     Family::AdaptiveEvader,  Family::Timetable,
    Family::FanOut,         Family::SlowBlock,        Family::TokenHopping};
[[nodiscard]] std::string_view nameOf(Family family) noexcept; // "race_duplicates", …

/// Things that happen on honest sites and look odd: N1 … N10. Double clicks and retries (N6) are part of every site.
enum class Control {
    ViralPost,
    DaylightSaving,
    Campus,
    PowerUser,
    FanCommunity,
    ReleaseDay,
    LateBatch,
    ClockSkew,
    Outage,
};
inline constexpr Control kControls[] = {Control::ViralPost, Control::DaylightSaving, Control::Campus,
                                        Control::PowerUser, Control::FanCommunity,   Control::ReleaseDay,
                                        Control::LateBatch, Control::ClockSkew,      Control::Outage};
[[nodiscard]] std::string_view nameOf(Control control) noexcept; // "viral_post", …

/// What a vote is in truth.
enum class Label {
    Honest,
    Attack,    ///< to be found
    Companion, ///< honest in itself though an attacker cast it: a first vote, camouflage
    Ambiguous, ///< reported apart
};
[[nodiscard]] std::string_view nameOf(Label label) noexcept; // "honest", "attack", "companion", "ambiguous"

/// So many campaigns a million votes of a family or a control, at least one where it is more than nothing.
template <class Kind>
struct Dose {
    Kind kind{};
    double perMillion{};
};
[[nodiscard]] std::vector<Dose<Family>> usualAttacks();
[[nodiscard]] std::vector<Dose<Control>> usualControls();

struct Scenario {
    SiteOptions site;
    std::vector<Dose<Family>> attacks;
    std::vector<Dose<Control>> controls;
};

/// One campaign as the truth knows it.
struct Campaign {
    std::string kind; ///< name of its family or control
    bool isAttack{};
    domain::UtcTime from{};
    domain::UtcTime to{};
    std::uint64_t votes{}; ///< labelled Attack or Ambiguous, and all of a control
    std::uint64_t tokens{};
    std::uint64_t posts{};
};

/// Truth of one vote; only votes that are not simply honest have one.
struct TruthRow {
    std::uint64_t voteKey{};
    Label label{};
    std::uint32_t campaign{}; ///< index into Site::campaigns()
};

} // namespace scr::simulate
