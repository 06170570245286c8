#include "simulate/scenario.h"

#include <algorithm>
#include <cmath>

#include "simulate/campaign_maker.h"

namespace scr::simulate {

std::string_view nameOf(Family family) noexcept
{
    switch (family) {
    case Family::RaceDuplicates: return "race_duplicates";
    case Family::TokenBurst: return "token_burst";
    case Family::SlowDrip: return "slow_drip";
    case Family::SlowDripDiurnal: return "slow_drip_diurnal";
    case Family::SlowDripNatural: return "slow_drip_natural";
    case Family::Lockstep: return "lockstep";
    case Family::VoteRing: return "vote_ring";
    case Family::SubnetSocks: return "subnet_socks";
    case Family::Camouflage: return "camouflage";
    case Family::Metronome: return "metronome";
    case Family::SerialVoter: return "serial_voter";
    case Family::HijackedAccounts: return "hijacked_accounts";
    case Family::Brigade: return "brigade";
    case Family::AdaptiveEvader: return "adaptive_evader";
    case Family::Timetable: return "timetable";
    case Family::FanOut: return "fan_out";
    case Family::SlowBlock: return "slow_block";
    case Family::TokenHopping: return "token_hopping";
    }
    return {};
}

std::string_view nameOf(Control control) noexcept
{
    switch (control) {
    case Control::ViralPost: return "viral_post";
    case Control::DaylightSaving: return "daylight_saving";
    case Control::Campus: return "campus";
    case Control::PowerUser: return "power_user";
    case Control::FanCommunity: return "fan_community";
    case Control::ReleaseDay: return "release_day";
    case Control::LateBatch: return "late_batch";
    case Control::ClockSkew: return "clock_skew";
    case Control::Outage: return "outage";
    }
    return {};
}

std::string_view nameOf(Label label) noexcept
{
    switch (label) {
    case Label::Honest: return "honest";
    case Label::Attack: return "attack";
    case Label::Companion: return "companion";
    case Label::Ambiguous: return "ambiguous";
    }
    return {};
}

std::vector<Dose<Family>> usualAttacks()
{
    return {{Family::RaceDuplicates, 60}, {Family::TokenBurst, 50},     {Family::SlowDrip, 8},    {Family::Lockstep, 12},
            {Family::VoteRing, 12},       {Family::SubnetSocks, 12},    {Family::Camouflage, 12}, {Family::Metronome, 20},
            {Family::SerialVoter, 25},    {Family::HijackedAccounts, 8}};
}

std::vector<Dose<Control>> usualControls()
{
    return {{Control::ViralPost, 10}, {Control::DaylightSaving, 1}, {Control::Campus, 1},
            {Control::PowerUser, 10}, {Control::FanCommunity, 6},   {Control::ReleaseDay, 1},
            {Control::LateBatch, 3},  {Control::ClockSkew, 1},      {Control::Outage, 1}};
}

namespace {

std::uint64_t countOf(double perMillion, std::uint64_t votes)
{
    const double count = perMillion * static_cast<double>(votes) / 1e6;
    return perMillion <= 0 ? 0 : std::max<std::uint64_t>(1, static_cast<std::uint64_t>(count + 0.5));
}

bool movesVotes(Control control)
{
    return control == Control::DaylightSaving || control == Control::ClockSkew || control == Control::Outage ||
           control == Control::Campus;
}

} // namespace

void addScenario(const Scenario& scenario, SitePlan& plan)
{
    CampaignMaker maker{plan};
    const auto addControls = [&](bool moving) {
        for (const Dose<Control>& dose : scenario.controls) {
            if (movesVotes(dose.kind) != moving)
                continue;
            const std::uint64_t count = moving ? std::min<std::uint64_t>(1, countOf(dose.perMillion, plan.options.votes))
                                               : countOf(dose.perMillion, plan.options.votes);
            for (std::uint64_t number = 0; number < count; ++number)
                addControl(dose.kind, number, scenario, maker);
        }
    };
    addControls(true);
    addControls(false);
    for (const Dose<Family>& dose : scenario.attacks) {
        for (std::uint64_t number = 0; number < countOf(dose.perMillion, plan.options.votes); ++number)
            addAttack(dose.kind, number, scenario, maker);
    }
    maker.finish();
}

} // namespace scr::simulate
