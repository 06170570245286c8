#include <algorithm>
#include <vector>

#include "simulate/campaign_maker.h"

namespace scr::simulate {

namespace {

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kAlive = 12 * kHour;

/// Something honest that looks odd.
class Oddity {
public:
    Oddity(CampaignMaker& maker, Random& random) : m_maker{maker}, m_random{random}, m_plan{maker.plan()} {}

    void viralPost();
    void daylightSaving();
    void campus();
    void powerUser();
    void fanCommunity();
    void releaseDay();
    void lateBatch();
    void clockSkew();
    void outage();

private:
    /// One sitting of a person: votes at a person's pace on what is listed.
    void sitting(std::uint32_t token, std::int64_t at, std::uint64_t votes, std::int64_t arrivesAt = -1);
    [[nodiscard]] std::uint32_t anyToken() { return static_cast<std::uint32_t>(m_random.below(m_plan.options.tokens)); }

    CampaignMaker& m_maker;
    Random& m_random;
    SitePlan& m_plan;
};

void Oddity::sitting(std::uint32_t token, std::int64_t at, std::uint64_t votes, std::int64_t arrivesAt)
{
    const double speed = m_random.lognormal(1, 0.4);
    for (; votes > 0; --votes) {
        const std::uint32_t post = m_maker.post(m_random, at, kAlive, 3);
        const std::int64_t arrival = arrivesAt < 0 ? at : arrivesAt;
        m_maker.vote(arrival, token, post, m_maker.likes(m_random, post), Label::Honest, at - arrival);
        at += std::clamp<std::int64_t>(static_cast<std::int64_t>(m_random.lognormal(9000 * speed, 1)), 300, 15 * kMinute);
    }
}

/// Found by a wider public: many of its voters have never voted here and never will again.
void Oddity::viralPost()
{
    constexpr double kNewcomers = 0.45;
    const std::int64_t at = m_maker.start(m_random, kDay);
    const std::uint32_t post = m_maker.post(m_random, at, kAlive, 8);
    const double bend = m_random.real(20, 90) * kMinute;
    const double shape = m_random.real(0.4, 1.0);
    for (std::int64_t left = m_random.between(300, 1500); left > 0; --left) {
        // the time of a power law's onset, t = bend * (u^(-1/shape) - 1), cut off at two days
        const double wait = bend * (exponential(-logarithm(m_random.uniform()) / shape) - 1);
        const std::int64_t when = at + static_cast<std::int64_t>(std::min(wait, 4e8));
        if (when > at + 2 * kDay)
            continue;
        const std::uint32_t token = m_random.chance(kNewcomers) ? m_maker.newToken(when - kMinute) : anyToken();
        m_maker.vote(when, token, post, m_maker.likes(m_random, post), Label::Honest);
    }
}

/// Half the zones change their clocks in the middle of the time: people are an hour later from then on.
void Oddity::daylightSaving()
{
    const std::int64_t middle = m_plan.end() / 2;
    for (std::size_t vote = 0; vote < m_plan.when.size(); ++vote) {
        const std::int64_t at = m_plan.timeOf(vote);
        const std::uint32_t token = m_plan.tokenOf(vote);
        if (at < middle || at + kHour >= m_plan.end() || personOf(m_plan.options, token).zoneOffset > kHour)
            continue;
        m_plan.when[vote] = static_cast<std::uint64_t>(at + kHour) << SitePlan::kTokenBits | token;
    }
}

/// 1.6 % of the tokens sit behind one address.
void Oddity::campus()
{
    m_plan.campusNetwork = static_cast<std::uint32_t>(1 + m_random.below(1U << 14U));
    for (std::uint32_t token = 0; token < m_plan.options.tokens; ++token) {
        if (m_random.chance(0.016))
            m_plan.movedTokens.push_back(token);
    }
}

void Oddity::powerUser()
{
    const std::uint32_t token = m_maker.newToken(-100 * kDay);
    const SessionMaker day{m_plan.options};
    for (std::int64_t today = 0; today < m_plan.end(); today += kDay) {
        for (std::int64_t left = 300; left > 0;) {
            const auto votes = static_cast<std::int64_t>(m_random.geometric(40));
            sitting(token, day.momentIn(m_random, today, today + kDay), static_cast<std::uint64_t>(std::min(left, votes)));
            left -= votes;
        }
    }
}

void Oddity::fanCommunity()
{
    std::vector<std::uint32_t> fans;
    for (std::int64_t left = m_random.between(30, 80); left > 0; --left)
        fans.push_back(m_maker.oldToken(m_random, 5));
    std::sort(fans.begin(), fans.end());
    fans.erase(std::unique(fans.begin(), fans.end()), fans.end());
    const std::uint32_t star = anyToken();
    for (std::int64_t left = m_random.between(10, 20); left > 0; --left) {
        const std::int64_t at = m_maker.start(m_random, kDay);
        const std::uint32_t post = m_maker.post(m_random, at, kAlive, 1);
        if (!m_maker.give(post, star))
            continue;
        for (const std::uint32_t fan : fans) {
            const auto wait = static_cast<std::int64_t>(m_random.lognormal(40.0 * kMinute, 1.3));
            if (fan != star && m_random.chance(0.5))
                m_maker.vote(std::max<std::int64_t>(m_plan.posts[post].bornAt, 0) + wait, fan, post, m_random.chance(0.95),
                             Label::Honest);
        }
    }
}

/// 200 posts in ten minutes, and everybody looks at them.
void Oddity::releaseDay()
{
    const std::int64_t at = m_maker.start(m_random, kDay);
    std::vector<std::uint32_t> posts;
    for (int i = 0; i < 200; ++i)
        posts.push_back(m_maker.newPost(at + m_random.between(0, 10 * kMinute), m_random.lognormal(1, 1.2), anyToken()));
    for (int i = 0; i < 800; ++i) {
        const std::uint32_t token = m_maker.oldToken(m_random, 3);
        std::int64_t when = at + 10 * kMinute + static_cast<std::int64_t>(m_random.exponentialOf(90.0 * kMinute));
        for (std::uint64_t left = m_random.geometric(5); left > 0; --left) {
            const std::uint32_t post = posts[m_random.below(posts.size())];
            m_maker.vote(when, token, post, m_maker.likes(m_random, post), Label::Honest);
            when += std::max<std::int64_t>(300, static_cast<std::int64_t>(m_random.lognormal(7000, 1)));
        }
    }
}

/// Votes cast without a connection: all of them arrive in one moment, hours later.
void Oddity::lateBatch()
{
    const std::int64_t arrival = kDay + m_maker.start(m_random, kDay + kHour);
    for (int i = 0; i < 40; ++i) {
        const std::int64_t at = arrival - m_random.between(kHour, 12 * kHour);
        sitting(m_maker.oldToken(m_random, 3), at, m_random.geometric(8), arrival + m_random.between(0, 2000));
    }
}

/// One of five application servers is two minutes fast for a day.
void Oddity::clockSkew()
{
    const std::int64_t at = m_maker.start(m_random, kDay);
    const std::int64_t skew = m_random.chance(0.5) ? 2 * kMinute : -2 * kMinute;
    for (std::size_t vote = 0; vote < m_plan.when.size(); ++vote) {
        Random server{m_plan.options.seed, Purpose::Campaign, (1ULL << 60U) + vote};
        const std::int64_t when = m_plan.timeOf(vote);
        if (when >= at && when < at + kDay && when + skew >= 0 && when + skew < m_plan.end() && server.chance(0.2))
            m_plan.shift[vote] = skew;
    }
}

/// Nothing for three hours; those who wanted to vote come in the next ones.
void Oddity::outage()
{
    constexpr std::int64_t kLong = 3 * kHour;
    const std::int64_t at = m_maker.start(m_random, 3 * kLong);
    for (std::size_t vote = 0; vote < m_plan.when.size(); ++vote) {
        const std::int64_t when = m_plan.timeOf(vote);
        if (when >= at && when < at + kLong)
            m_plan.when[vote] = static_cast<std::uint64_t>(when + kLong) << SitePlan::kTokenBits | m_plan.tokenOf(vote);
    }
}

} // namespace

void addControl(Control control, std::uint64_t number, const Scenario& scenario, CampaignMaker& maker)
{
    Random random{scenario.site.seed, Purpose::Campaign, (static_cast<std::uint64_t>(control) + 100) << 32U | number};
    maker.begin(nameOf(control), false);
    Oddity oddity{maker, random};
    switch (control) {
    case Control::ViralPost: return oddity.viralPost();
    case Control::DaylightSaving: return oddity.daylightSaving();
    case Control::Campus: return oddity.campus();
    case Control::PowerUser: return oddity.powerUser();
    case Control::FanCommunity: return oddity.fanCommunity();
    case Control::ReleaseDay: return oddity.releaseDay();
    case Control::LateBatch: return oddity.lateBatch();
    case Control::ClockSkew: return oddity.clockSkew();
    case Control::Outage: return oddity.outage();
    }
}

} // namespace scr::simulate
