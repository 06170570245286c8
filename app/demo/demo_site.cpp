#include "demo/demo_site.h"

#include <array>
#include <atomic>
#include <future>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "demo/demo.h"
#include "demo/storm.h"
#include "demo/tampering.h"
#include "elevated/history_loader.h"
#include "elevated/installer.h"
#include "lab/pg_link.h"
#include "simulate/scenario.h"

namespace scr::demo {

namespace {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;
using lab::PgLink;

constexpr std::uint64_t kDays = 21;
constexpr std::size_t kAttackedPosts = 80;
constexpr std::size_t kFirstRaced = 16; ///< by rank: just below those on the first page
constexpr int kRepeats = 5;
constexpr std::string_view kVoter = "demo_site"; ///< the login of the site's own vote API

struct Site {
    std::string database;
    std::string adapter;
    std::string issueSql; ///< label, secret, token key
    std::string castSql;  ///< secret, post, value, origin, request key
};

/// 20 ms between look and write is what a handler spends that asks another service in between.
const std::array<Site, 2> kAttacked{
    Site{"demo", "unprotected", "SELECT unprotected.issue_token($1, $2, $3::bigint)",
         "SELECT outcome FROM unprotected.cast_vote($1, $2::bigint, $3::real, $4::inet, $5, interval '20 ms')"},
    Site{"demo-protected", "reference", "SELECT reference.issue_token($1, $2, $3::bigint)",
         "SELECT outcome FROM reference.cast_vote($1, $2::bigint, $3::real, $4::inet, $5)"}};

/// Tells what is being done, and whether the person still wants it.
class Steps {
public:
    explicit Steps(const DemoProgress& progress) : m_progress{progress} {}
    [[nodiscard]] bool goOn(std::string_view step, std::uint64_t done = 0, std::uint64_t total = 0) const
    {
        return !m_progress || m_progress(step, done, total);
    }
    [[nodiscard]] Status begin(std::string_view step) const
    {
        return goOn(step) ? Status{Nothing{}}
                          : Status{failure(Fault::Cancelled, "The start of the demo was stopped, and nothing was kept",
                                           "Start it again when you want it")};
    }

private:
    const DemoProgress& m_progress;
};

Status installOn(const PrivateServer& server, const std::string& database, const std::string& adapter)
{
    Result<PgLink> link = PgLink::open(server.target("postgres"), kLinkRemedy);
    if (!link)
        return failureOf(link);
    if (const auto made = link->value(fmt::format("CREATE DATABASE \"{}\"", database)); !made)
        return failureOf(made);
    const domain::ConnectionTarget owner = server.target(database);
    const auto installed = elevated::install(owner, {adapter, domain::Environment::Demo, false});
    if (!installed)
        return failureOf(installed);
    const std::array<elevated::LoginOrder, 4> logins{{{"demo_reader", {"reader"}, {}},
                                                      {"demo_admin", {"moderator", "admin"}, {}},
                                                      {"demo_sealer", {"sealer"}, {}},
                                                      {std::string{kVoter}, {"voting_api"}, {}}}};
    for (const elevated::LoginOrder& login : logins) {
        if (const Status made = elevated::createLogin(owner, login); !made)
            return made;
    }
    return Nothing{};
}

Status load(const simulate::Site& history, const domain::ConnectionTarget& owner)
{
    elevated::HistoryLoader loader;
    Status status = loader.begin(owner, "simulated weeks of the demo site");
    if (status)
        status = history.tokens([&](auto rows) { return loader.addTokens(rows); });
    if (status)
        status = history.posts([&](auto rows) { return loader.addPosts(rows); });
    if (status)
        status = history.votes([&](auto rows) { return loader.addVotes(rows); });
    if (status)
        status = history.attempts([&](auto rows) { return loader.addAttempts(rows); });
    if (!status)
        return status;
    const auto loaded = loader.finish();
    return loaded ? Status{Nothing{}} : Status{failureOf(loaded)};
}

Result<simulate::Site> simulateWeeks(const DemoSize& size)
{
    simulate::SiteOptions options;
    options.tokens = size.tokens;
    options.posts = size.posts;
    options.votes = size.votes;
    options.seed = size.seed;
    options.days = kDays;
    options.start = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) - std::chrono::days{kDays};
    using simulate::Control;
    using simulate::Family;
    // One campaign of each kind that needs days; races and bursts come as a storm of real connections at the end.
    constexpr double kOne = 1e-6;
    constexpr double kSome = 60; // a million votes: some go for what is so popular that nothing is odd about it
    return simulate::Site::make(simulate::Scenario{options,
                                                   {{Family::SlowDrip, kOne},
                                                    {Family::Lockstep, kOne},
                                                    {Family::VoteRing, kOne},
                                                    {Family::SubnetSocks, kOne},
                                                    {Family::Metronome, kOne},
                                                    {Family::Timetable, kOne},
                                                    {Family::FanOut, kOne},
                                                    {Family::TokenHopping, kSome},
                                                    {Family::SerialVoter, kSome}},
                                                   {{Control::ViralPost, kOne}, {Control::FanCommunity, kOne}}});
}

std::string labelOf(std::size_t attacker)
{
    if (attacker == kRaceTokens)
        return "night_shift_bot";
    if (attacker < kRaceTokens || attacker >= kStormTokens)
        return fmt::format("quick_clicker_{:02}", attacker + 1);
    return fmt::format("fan_{:03}", 17 * (attacker - kRaceTokens));
}

std::vector<std::string> wordsOf(const std::string& text)
{
    std::istringstream in{text};
    return {std::istream_iterator<std::string>{in}, {}};
}

/// New accounts that the attackers have made besides the site's `tokens`, and the posts they are after: the youngest ones for the
/// burst and the group, and for the races those that some tens of votes bring among the first.
Result<StormCast> prepareAttack(const PrivateServer& server, const Site& site, const DemoSize& size, std::uint64_t tokens)
{
    Result<PgLink> link = PgLink::open(server.target(site.database), kLinkRemedy);
    if (!link)
        return failureOf(link);
    StormCast cast{{}, {}, {}, size.burstVotes, size.seed};
    for (std::size_t i = 0; i < kStormTokens + kRepeats * kRaceTokens; ++i) {
        cast.secrets.push_back(fmt::format("demo-secret-{:03}", i));
        const auto issued = link->value(site.issueSql, {labelOf(i), cast.secrets.back(), std::to_string(tokens + 1 + i)});
        if (!issued)
            return failureOf(issued);
    }
    const auto young =
        link->value("SELECT string_agg(post_key::text, ' ' ORDER BY created_at DESC, post_key) FROM (SELECT post_key, created_at "
                    "FROM scrutineer.post WHERE created_at < now() ORDER BY created_at DESC, post_key LIMIT $1::int) AS young",
                    {std::to_string(kAttackedPosts)});
    const auto ranked = link->value(
        "SELECT string_agg(post_key::text, ' ' ORDER BY score DESC, post_key) FROM (SELECT post_key, sum(value) AS score FROM "
        "scrutineer.vote WHERE state = 'counted' GROUP BY 1 ORDER BY 2 DESC, 1 OFFSET $1::int LIMIT $2::int) AS ranked",
        {std::to_string(kFirstRaced), std::to_string(kRaceTokens)});
    if (!young || !ranked)
        return failureOf(young ? ranked : young);
    cast.posts = wordsOf(*young);
    cast.raced = wordsOf(*ranked);
    if (cast.posts.size() < kStormPosts || cast.raced.size() < kRaceTokens)
        return failure(Fault::Invalid, "The simulated site has too few posts to attack", "Make a larger one");
    return cast;
}

/// Whether the storm left what it must: a token counted twice, and a counter that its rows contradict.
Result<bool> leftTraces(const domain::ConnectionTarget& owner)
{
    Result<PgLink> link = PgLink::open(owner, kLinkRemedy);
    if (!link)
        return failureOf(link);
    const auto found = link->value(
        "SELECT EXISTS (SELECT FROM scrutineer.vote WHERE state = 'counted' GROUP BY token_key, post_key HAVING count(*) > 1)"
        "   AND EXISTS (SELECT FROM scrutineer.post p WHERE p.counter <> (SELECT coalesce(sum(v.value), 0) FROM scrutineer.vote v"
        "               WHERE v.post_key = p.post_key AND v.state = 'counted'))");
    return found ? Result<bool>{*found == "t"} : Result<bool>{failureOf(found)};
}

Status attackAgain(const PrivateServer& server, const Site& site, StormCast cast, const std::atomic<bool>& stop)
{
    const StormTarget target{server.target(site.database, std::string{kVoter}), site.castSql};
    for (int repeat = 0;; ++repeat) {
        const Result<bool> enough = leftTraces(server.target(site.database));
        if (!enough)
            return failureOf(enough);
        if (*enough)
            return Nothing{};
        if (repeat == kRepeats)
            return failure(Fault::Corrupt, "The attack left neither duplicates nor a wrong counter",
                           "Start the demo again on a less busy machine");
        cast.secrets.erase(cast.secrets.begin(), cast.secrets.begin() + (repeat == 0 ? kStormTokens : kRaceTokens));
        if (const auto storm = runStorm(target, planRaces(cast), stop); !storm)
            return failureOf(storm);
    }
}

/// Both sites at the same time, each by its own connections.
Status attackAll(const PrivateServer& server, const DemoOptions& options, std::uint64_t tokens, const Steps& steps)
{
    std::atomic<bool> stop{false};
    std::array<std::optional<StormCast>, kAttacked.size()> casts;
    std::vector<std::future<Result<StormOutcome>>> storms;
    std::chrono::milliseconds length{1};
    for (std::size_t i = 0; i < kAttacked.size(); ++i) {
        Result<StormCast> cast = prepareAttack(server, kAttacked[i], options.size, tokens);
        if (!cast)
            return failureOf(cast);
        casts[i] = *std::move(cast);
    }
    for (std::size_t i = 0; i < kAttacked.size(); ++i) {
        const StormPlan plan = planStorm(*casts[i]);
        length = plan.burst.empty() ? length : plan.burst.back().after;
        const StormTarget target{server.target(kAttacked[i].database, std::string{kVoter}), kAttacked[i].castSql};
        storms.push_back(std::async(std::launch::async, [target, plan, &stop] { return runStorm(target, plan, stop); }));
    }
    const auto start = std::chrono::steady_clock::now();
    for (auto& storm : storms) {
        while (storm.wait_for(std::chrono::milliseconds{100}) != std::future_status::ready) {
            const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
            if (!steps.goOn("Attacking both sites", static_cast<std::uint64_t>(passed.count()),
                            static_cast<std::uint64_t>(length.count())))
                stop = true;
        }
    }
    Status status = Nothing{};
    for (auto& storm : storms) {
        if (const auto outcome = storm.get(); !outcome && status)
            status = failureOf(outcome);
    }
    return status ? attackAgain(server, kAttacked[0], *casts[0], stop) : status;
}

Status findAll(const PrivateServer& server, const DemoOptions& options, const Steps& steps)
{
    for (const Site& site : kAttacked) {
        if (const Status wanted = steps.begin("Looking for what the attack left in " + site.database); !wanted)
            return wanted;
        if (!options.scanAndRecord)
            continue;
        const Status found =
            options.scanAndRecord(server.target(site.database, "demo_reader"), server.target(site.database, "demo_admin"));
        if (!found)
            return found;
    }
    return Nothing{};
}

} // namespace

Status buildDemo(const PrivateServer& server, const DemoOptions& options)
{
    const Steps steps{options.progress};
    Status status = steps.begin("Installing three databases");
    for (const Site& site : kAttacked) {
        if (status)
            status = installOn(server, site.database, site.adapter);
    }
    if (status)
        status = installOn(server, "demo-import", "imported");
    if (status)
        status = steps.begin("Simulating three weeks of votes");
    if (!status)
        return status;
    const auto history = simulateWeeks(options.size);
    if (!history)
        return failureOf(history);
    for (const Site& site : kAttacked) {
        if (status)
            status = steps.begin("Loading votes into " + site.database);
        if (status)
            status = load(*history, server.target(site.database));
    }
    if (status)
        status = insertPastTheLog(server.target(kAttacked[0].database));
    if (status)
        status = insertBackdated(server.target(kAttacked[0].database));
    for (const Site& site : kAttacked) {
        if (status)
            status = guessTokens(server.target(site.database, std::string{kVoter}), server.target(site.database), site.castSql);
    }
    if (status)
        status = attackAll(server, options, history->tokenCount(), steps);
    return status ? findAll(server, options, steps) : status;
}

} // namespace scr::demo
