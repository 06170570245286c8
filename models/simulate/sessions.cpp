#include <algorithm>

#include "simulate/plan.h"

namespace scr::simulate {

namespace {

constexpr std::size_t kSlots = 144; ///< of ten minutes
constexpr std::int64_t kSlot = kDay / static_cast<std::int64_t>(kSlots);
constexpr std::int64_t kBetweenSessions = 120'000;
constexpr std::int64_t kShortestGap = 300;
constexpr std::int64_t kLongestGap = 15 * 60'000;
constexpr double kMedianGap = 9000;
constexpr double kVotesASession = 4.5;
constexpr double kSessionsADay = 8; ///< who votes more than that makes longer sessions

/// Busiest at 20 h, quiet but not silent at night.
double rhythmAt(double hour) noexcept
{
    const double wave = std::max(0.0, cosineOfTurns((hour - 20) / 24));
    return 0.06 + wave * std::sqrt(wave);
}

} // namespace

SessionMaker::SessionMaker(const SiteOptions& options) : m_options{options}, m_end{static_cast<std::int64_t>(options.days) * kDay}
{
    double sum = 0;
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        sum += rhythmAt((static_cast<double>(slot) + 0.5) / 6);
        m_rhythm.push_back(sum);
    }
}

std::int64_t SessionMaker::startOf(Random& random, const Person& person, bool fewVotes) const
{
    const std::int64_t earliest = fewVotes ? std::max<std::int64_t>(0, person.joinedAt) : 0;
    constexpr int kTries = 8;
    for (int i = 0; i < kTries; ++i) {
        const auto day = static_cast<std::int64_t>(random.below(m_options.days));
        const auto slot =
            std::upper_bound(m_rhythm.begin(), m_rhythm.end(), random.uniform() * m_rhythm.back()) - m_rhythm.begin();
        const auto local =
            static_cast<std::int64_t>(slot) * kSlot + static_cast<std::int64_t>(random.uniform() * static_cast<double>(kSlot));
        const std::int64_t start = (day * kDay + local - person.zoneOffset + m_end) % m_end;
        if (start >= earliest)
            return start;
    }
    return earliest + static_cast<std::int64_t>(random.uniform() * static_cast<double>(m_end - earliest));
}

std::int64_t SessionMaker::momentIn(Random& random, std::int64_t from, std::int64_t to) const
{
    const double busiest = 0.06 + 1;
    for (int tries = 0; tries < 200; ++tries) {
        const std::int64_t at = from + static_cast<std::int64_t>(random.uniform() * static_cast<double>(to - from));
        const Person person = personOf(m_options, static_cast<std::uint32_t>(random.below(m_options.tokens)));
        const std::int64_t local = (at + person.zoneOffset + kDay) % kDay;
        if (random.uniform() * busiest < rhythmAt(static_cast<double>(local) / static_cast<double>(kHour)))
            return at;
    }
    return from;
}

/// Moves sessions that overlap apart: later ones forward, and back again where they ran over the end.
void SessionMaker::spread()
{
    std::sort(m_sessions.begin(), m_sessions.end(), [](const Session& a, const Session& b) { return a.start < b.start; });
    std::int64_t free = 0;
    for (Session& session : m_sessions) {
        session.start = std::max(session.start, free);
        free = session.start + session.length + kBetweenSessions;
    }
    std::int64_t limit = m_end - 1;
    for (auto session = m_sessions.rbegin(); session != m_sessions.rend(); ++session) {
        session->start = std::max<std::int64_t>(0, std::min(session->start, limit - session->length));
        limit = session->start - kBetweenSessions;
    }
}

void SessionMaker::append(std::uint32_t token, std::uint32_t votes, std::vector<std::uint64_t>& when)
{
    const Person person = personOf(m_options, token);
    Random random{m_options.seed, Purpose::Sessions, token};
    const double mean = std::max(kVotesASession, votes / (kSessionsADay * static_cast<double>(m_options.days)));
    const bool fewVotes = votes <= 40;
    m_sessions.clear();
    m_gaps.clear();
    for (std::uint32_t left = votes; left > 0;) {
        Session session{startOf(random, person, fewVotes), 0,
                        static_cast<std::uint32_t>(std::min<std::uint64_t>(left, random.geometric(mean))), m_gaps.size()};
        for (std::uint32_t i = 1; i < session.votes; ++i) {
            const auto gap = static_cast<std::int64_t>(random.lognormal(kMedianGap * person.speed, 1.0));
            m_gaps.push_back(std::clamp(gap, kShortestGap, kLongestGap));
            session.length += m_gaps.back();
        }
        left -= session.votes;
        m_sessions.push_back(session);
    }
    spread();
    for (const Session& session : m_sessions) {
        std::int64_t at = session.start;
        for (std::uint32_t i = 0; i < session.votes; ++i) {
            if (i > 0)
                at += m_gaps[session.firstGap + i - 1];
            when.push_back(static_cast<std::uint64_t>(std::min(at, m_end - 1)) << SitePlan::kTokenBits | token);
        }
    }
}

} // namespace scr::simulate
