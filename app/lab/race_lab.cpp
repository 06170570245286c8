#include "lab/race_lab.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "lab/race_evidence.h"
#include "lab/race_run.h"

namespace scr::lab {

namespace {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;
using race::Pattern;

/// Beside the racers: the lab's own connection, who breaks the others, and a few that somebody else may need.
constexpr int kFurtherConnections = 6;

Status checkRoom(PgLink& owner, std::uint32_t connections)
{
    const auto room =
        owner.value("SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int "
                    "- (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')");
    if (!room)
        return failureOf(room);
    if (std::stoi(*room) < static_cast<int>(connections) + kFurtherConnections)
        return failure(Fault::Unavailable,
                       fmt::format("this server has room for {} more connections, the race needs {}", *room,
                                   connections + kFurtherConnections),
                       "Raise max_connections, or race with fewer --connections");
    return Nothing{};
}

std::string runName(PgLink& owner)
{
    return owner.value("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYMMDDHH24MISSUS')").value_or("run");
}

class Lab {
public:
    Lab(const domain::ConnectionTarget& site, const RaceOptions& options, const RaceWatch& watch, const std::atomic<bool>& stop) :
        m_site{site}, m_options{options}, m_watch{watch}, m_stop{stop}
    {
    }

    Result<RaceReport> run()
    {
        Result<PgLink> owner = PgLink::open(m_site);
        if (!owner)
            return failureOf(owner);
        const Result<RaceTarget> target = RaceTarget::find(*owner, m_options.target);
        if (!target)
            return failureOf(target);
        if (const Status room = checkRoom(*owner, m_options.connections); !room)
            return failureOf(room);
        RaceReport report;
        report.target = target->label();
        report.function = target->function();
        report.connections = m_options.connections;
        report.begunAt = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        const Result<std::string> code = target->code(*owner);
        if (!code)
            return failureOf(code);
        report.code = *code;
        report.environment = owner->value("SELECT environment FROM scrutineer.setting").value_or("");
        for (const Pattern pattern : m_options.patterns) {
            if (m_stop)
                break;
            Result<PatternReport> one = runPattern(*owner, *target, pattern);
            if (!one)
                return failureOf(one);
            report.patterns.push_back(*std::move(one));
        }
        report.stopped = m_stop;
        const Result<std::string> after = target->code(*owner);
        if (!after)
            return failureOf(after);
        if (*after != report.code)
            return failure(Fault::Rejected, "somebody changed the voting functions while they were raced", "Race them again");
        return report;
    }

private:
    Result<PatternReport> runPattern(PgLink& owner, const RaceTarget& target, Pattern pattern)
    {
        PatternReport report;
        report.pattern = pattern;
        report.hindrance = target.hindrance(pattern);
        if (!report.hindrance.empty())
            return report;
        const Result<RacePlan> plan = planRace(owner, target, pattern, {m_options.connections, m_options.rounds}, runName(owner));
        if (!plan)
            return failureOf(plan);
        const auto begin = std::chrono::steady_clock::now();
        Result<race::Journal> journal = runRace(
            m_site, target, *plan, [&](std::uint64_t done, std::uint64_t total) { m_watch.progress(pattern, done, total); },
            m_stop);
        report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        const Status retired = target.retire(owner, plan->tokens);
        if (!journal || !retired)
            return !journal ? failureOf(journal) : failureOf(retired);
        const auto limit = target.limit(owner);
        const Result<race::Evidence> evidence = limit ? readEvidence(owner, *plan) : Result<race::Evidence>{failureOf(limit)};
        if (!evidence)
            return failureOf(evidence);
        journal->limit = *limit;
        if (const Status kept = m_watch.journal(*journal); !kept)
            return failureOf(kept);
        summarise(*journal, report);
        report.violations = judge(*journal, *evidence);
        report.untested = emptiness(*journal);
        return report;
    }

    /// A system that refuses everything breaks nothing either.
    static std::string emptiness(const race::Journal& journal)
    {
        const auto any = [&](auto&& is) { return std::ranges::any_of(journal.calls, is); };
        if (!any([](const race::Call& call) { return call.outcome == "accepted"; }))
            return "not one vote was accepted";
        const bool needsDone = any([](const race::Call& call) {
            return call.action == race::Action::Close || call.action == race::Action::Revoke || call.action == race::Action::Void;
        });
        if (needsDone && !any([](const race::Call& call) { return call.outcome == "done"; }))
            return "what the votes were to race against was refused";
        if (journal.pattern == Pattern::LostConnections && !any([](const race::Call& call) { return call.outcome.empty(); }))
            return "not one connection broke";
        return {};
    }

    static void summarise(const race::Journal& journal, PatternReport& report)
    {
        report.rounds = journal.rounds;
        report.calls = journal.calls.size();
        for (const race::Call& call : journal.calls) {
            report.answered += call.outcome.empty() ? 0U : 1U;
            report.accepted += call.outcome == "accepted" ? 1U : 0U;
        }
    }

    const domain::ConnectionTarget& m_site;
    const RaceOptions& m_options;
    const RaceWatch& m_watch;
    const std::atomic<bool>& m_stop;
};

} // namespace

bool RaceReport::proves() const noexcept
{
    return std::ranges::all_of(patterns, [](const PatternReport& one) { return one.untested.empty(); });
}

bool RaceReport::holds() const noexcept
{
    return std::ranges::all_of(patterns, [](const PatternReport& one) { return one.violations.empty(); });
}

Result<RaceReport> raceAll(const domain::ConnectionTarget& site, const RaceOptions& options, const RaceWatch& watch,
                           const std::atomic<bool>& stop)
{
    return Lab{site, options, watch, stop}.run();
}

} // namespace scr::lab
