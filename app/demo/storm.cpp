#include "demo/storm.h"

#include <latch>
#include <mutex>
#include <optional>
#include <thread>

#include "demo/demo.h"
#include "lab/pg_link.h"

namespace scr::demo {

namespace {

using domain::Result;
using domain::Status;
using lab::PgLink;
using Clock = std::chrono::steady_clock;

/// Counts what the site answered, from all threads, and keeps the first error.
class Tally {
public:
    void take(const Result<std::string>& outcome)
    {
        const std::lock_guard lock{m_mutex};
        ++m_outcome.requests;
        if (!outcome)
            m_error = m_error ? m_error : outcome.error();
        else if (*outcome == "accepted")
            ++m_outcome.accepted;
        else
            ++m_outcome.refused;
    }
    void fail(const domain::Error& error)
    {
        const std::lock_guard lock{m_mutex};
        m_error = m_error ? m_error : error;
    }
    [[nodiscard]] Result<StormOutcome> result() const
    {
        if (m_error)
            return tl::unexpected<domain::Error>{*m_error};
        return m_outcome;
    }

private:
    std::mutex m_mutex;
    StormOutcome m_outcome;
    std::optional<domain::Error> m_error;
};

std::string requestKeyOf(const std::string& kind, std::size_t number)
{
    return kind + "-" + std::to_string(number);
}

Result<std::string> castOne(PgLink& link, const StormTarget& target, const TimedCast& cast, const std::string& requestKey)
{
    return link.value(target.castSql, {cast.secret, cast.post, std::to_string(cast.value), cast.origin, requestKey});
}

void castOnTime(const StormTarget& target, const std::vector<TimedCast>& casts, const std::string& kind, Clock::time_point start,
                const std::atomic<bool>& stop, Tally& tally)
{
    Result<PgLink> link = PgLink::open(target.site, kLinkRemedy);
    if (!link)
        return tally.fail(link.error());
    for (std::size_t i = 0; i < casts.size() && !stop; ++i) {
        std::this_thread::sleep_until(start + casts[i].after);
        tally.take(castOne(*link, target, casts[i], requestKeyOf(kind, i)));
    }
}

/// A site's pooled connections have run the function before; a cold one would come too late for the race. Leaves no trace.
Status warmUp(PgLink& link, const StormTarget& target)
{
    Result<std::string> answer = link.value("BEGIN");
    if (answer)
        answer = link.value(target.castSql, {"nobody's secret", "1", "1", "192.0.2.1", "warm-up"});
    if (answer)
        answer = link.value("ROLLBACK");
    return answer ? Status{domain::Nothing{}} : Status{domain::failureOf(answer)};
}

void runRace(const StormTarget& target, const Race& race, std::size_t number, Tally& tally)
{
    std::latch ready{static_cast<std::ptrdiff_t>(race.connections)};
    std::vector<std::jthread> clients;
    for (unsigned i = 0; i < race.connections; ++i) {
        clients.emplace_back([&, i] {
            Result<PgLink> link = PgLink::open(target.site, kLinkRemedy);
            const domain::Status warm = link ? warmUp(*link, target) : domain::Status{domain::failureOf(link)};
            ready.arrive_and_wait(); // all connections stand open before the first request goes out
            if (!warm)
                return tally.fail(warm.error());
            const TimedCast cast{{}, race.secret, race.post, 1, race.origin};
            tally.take(castOne(*link, target, cast, requestKeyOf("race" + std::to_string(number), i)));
        });
    }
}

/// Numbers as std::mt19937_64's own distributions differ between libraries; a storm must be the same plan everywhere.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : m_state{seed} {}
    std::uint64_t below(std::uint64_t limit)
    {
        m_state += 0x9e3779b97f4a7c15U;
        std::uint64_t z = m_state;
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
        return (z ^ (z >> 31U)) % limit;
    }

private:
    std::uint64_t m_state;
};

constexpr unsigned kRaceSizes[kRaceTokens] = {48, 16, 32, 24, 16, 40};
constexpr std::size_t kGroupAccounts = 12;
constexpr std::size_t kGroupPosts = 6;
static_assert(kRaceTokens + 1 + kGroupAccounts == kStormTokens && kGroupPosts <= kStormPosts);

std::vector<TimedCast> planBurst(const StormCast& cast, Dice& dice)
{
    std::vector<TimedCast> burst;
    std::chrono::milliseconds at{500};
    for (unsigned i = 0; i < cast.burstVotes && i < cast.posts.size(); ++i) {
        burst.push_back({at, cast.secrets[kRaceTokens], cast.posts[i], 1, "198.51.100.77"});
        at += std::chrono::milliseconds{230 + dice.below(330)};
    }
    return burst;
}

std::vector<TimedCast> planGroup(const StormCast& cast, std::chrono::milliseconds length, Dice& dice)
{
    std::vector<TimedCast> group;
    for (std::size_t round = 0; round < kGroupPosts; ++round) {
        std::chrono::milliseconds at = length * static_cast<int>(round) / static_cast<int>(kGroupPosts);
        const std::string& post = cast.posts[cast.posts.size() - 1 - round];
        for (std::size_t account = 0; account < kGroupAccounts; ++account) {
            at += std::chrono::milliseconds{20 + dice.below(160)};
            group.push_back(
                {at, cast.secrets[kRaceTokens + 1 + account], post, 1, "203.0.113." + std::to_string(21 + 3 * account)});
        }
    }
    return group;
}

} // namespace

StormPlan planRaces(const StormCast& cast)
{
    StormPlan plan;
    for (std::size_t i = 0; i < kRaceTokens; ++i)
        plan.races.push_back({cast.secrets[i], cast.raced[i], kRaceSizes[i], "192.0.2." + std::to_string(10 + i)});
    return plan;
}

StormPlan planStorm(const StormCast& cast)
{
    Dice dice{cast.seed};
    StormPlan plan = planRaces(cast);
    plan.burst = planBurst(cast, dice);
    plan.group = planGroup(cast, plan.burst.empty() ? std::chrono::milliseconds{0} : plan.burst.back().after, dice);
    return plan;
}

Result<StormOutcome> runStorm(const StormTarget& target, const StormPlan& plan, const std::atomic<bool>& stop)
{
    Tally tally;
    {
        const Clock::time_point start = Clock::now();
        const std::jthread burst{[&] { castOnTime(target, plan.burst, "burst", start, stop, tally); }};
        const std::jthread group{[&] { castOnTime(target, plan.group, "group", start, stop, tally); }};
        for (std::size_t i = 0; i < plan.races.size() && !stop; ++i)
            runRace(target, plan.races[i], i, tally);
    }
    if (stop)
        return domain::failure(domain::Fault::Cancelled, "The demo was stopped before its storm was over, and nothing was kept",
                               "Start it again when you want it");
    return tally.result();
}

} // namespace scr::demo
