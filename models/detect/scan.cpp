#include "detect/scan.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <numeric>
#include <optional>
#include <thread>

#include "detect/detector.h"
#include "detect/false_discoveries.h"
#include "detect/gap_law.h"
#include "detect/scan_checks.h"
#include "detect/site_flags.h"
#include "detect/suite.h"
#include "detect/token_rows.h"
#include "domain/work_plan.h"

namespace scr::detect {

namespace {

using domain::DetectorId;
using domain::failure;
using domain::Fault;
using domain::ScanInput;

/// Fewer votes than this are scanned before a thread has started.
constexpr std::size_t kVotesPerThread = 200'000;

bool isWanted(const ScanOptions& options, DetectorId detector)
{
    return options.detectors.empty() ||
           std::find(options.detectors.begin(), options.detectors.end(), detector) != options.detectors.end();
}

unsigned threadsFor(const ScanOptions& options, std::size_t votes)
{
    const unsigned wanted = options.threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : options.threads;
    return std::min(wanted, static_cast<unsigned>(std::min<std::size_t>(votes / kVotesPerThread + 1, 64)));
}

/// What the screens named, for those who look again.
struct Suspects {
    std::vector<domain::Index> bursts;
    std::vector<domain::Index> metronomes;
    std::vector<domain::Index> timetables;
    std::vector<VoterAuthor> serialVoters;
    std::vector<VoterAuthor> mutual;
    std::vector<domain::NetworkCode> networks;
    std::vector<domain::NetworkCode> hopping;
    std::vector<TokenPair> pairs;
};

class Scan {
public:
    Scan(const ScanInput& input, const Rules& rules, const ScanOptions& options, const domain::KeepGoing& keepGoing) :
        m_scene{input, rules, timeGrainOf(input.votes.castAt), timeGrainOf(input.attempts.attemptedAt), {}, {}, {}, {}},
        m_threads{threadsFor(options, input.votes.size())}
    {
        m_report.votes = input.votes.size();
        m_report.attempts = input.attempts.size();
        m_report.ruleVersion = rules.version;
        for (const DetectorId detector : domain::kDetectors) {
            if (!isWanted(options, detector))
                continue;
            std::string obstacle = obstacleOf(detector, input);
            if (obstacle.empty())
                m_detectors.push_back(detector);
            else
                m_report.skipped.push_back({detector, std::move(obstacle)});
        }
        m_suite.emplace(rules, m_scene.voteGrain, wanted());
        m_rhythm = m_suite->rhythm.get();
        m_lockstep = m_suite->lockstep.get();
        m_subnets = m_suite->subnets.get();
        m_rings = m_suite->rings.get();
        m_screens = shared(*m_suite, m_threads);
        m_progress.emplace(keepGoing, work());
        m_findings.resize(m_detectors.size());
    }

    domain::Result<ScanReport> run()
    {
        if (!m_progress->advance(0) || !perform())
            return failure(Fault::Cancelled, "The scan was stopped");
        for (std::size_t at = 0; at < m_detectors.size(); ++at)
            tell(m_detectors[at], m_findings[at]);
        for (const UnseenSuspects& unseen : m_unseen) {
            if (unseen.suspects > 0)
                m_report.unseen.push_back(unseen);
        }
        weigh();
        std::sort(m_report.flags.begin(), m_report.flags.end(), domain::isWorse);
        addSiteFlags(m_report, m_scene.input.siteRules, m_scene.rules);
        return std::move(m_report);
    }

private:
    using Step = domain::WorkPlan::Step;

    [[nodiscard]] bool runs(DetectorId detector) const
    {
        return std::find(m_detectors.begin(), m_detectors.end(), detector) != m_detectors.end();
    }

    [[nodiscard]] Suite::Wanted wanted() const
    {
        return {runs(DetectorId::TokenBurst) || runs(DetectorId::Metronome) || runs(DetectorId::Timetable) ||
                    runs(DetectorId::SerialVoter),
                runs(DetectorId::Lockstep), runs(DetectorId::SubnetSocks) || runs(DetectorId::TokenHopping),
                runs(DetectorId::VoteRing)};
    }

    /// As many steps as there are threads, the costliest screen in one by itself: each makes its events of the columns anew.
    static std::vector<std::vector<Screen*>> shared(const Suite& suite, unsigned threads)
    {
        const std::vector<Screen*> screens = suite.screens();
        std::vector<std::vector<Screen*>> steps(std::min<std::size_t>(threads, screens.size()));
        for (std::size_t at = 0; at < screens.size(); ++at)
            steps[at == 0 || steps.size() == 1 ? 0 : 1 + (at - 1) % (steps.size() - 1)].push_back(screens[at]);
        return steps;
    }

    [[nodiscard]] bool needsFacts() const
    {
        return !m_screens.empty() || runs(DetectorId::PostSurge) || runs(DetectorId::ImpossibleVotes) ||
               runs(DetectorId::TokenMint) || runs(DetectorId::DenseBlock) || runs(DetectorId::UnloggedVotes) ||
               runs(DetectorId::Probing);
    }

    /// Rows that will be reported: how often the votes and the attempts are walked from end to end.
    [[nodiscard]] std::uint64_t work() const
    {
        const std::uint64_t passes = m_screens.size() + (needsFacts() ? 1U : 0U) + (runs(DetectorId::DuplicateVotes) ? 2U : 0U) +
                                     (runs(DetectorId::CounterDrift) ? 1U : 0U) + (runs(DetectorId::UnloggedVotes) ? 1U : 0U) +
                                     (runs(DetectorId::ImpossibleVotes) ? 3U : 0U) + (runs(DetectorId::TokenMint) ? 1U : 0U);
        const std::uint64_t reads = (runs(DetectorId::ConcurrentAttempts) ? 2U : 0U) +
                                    (runs(DetectorId::UnloggedVotes) ? 1U : 0U) + (runs(DetectorId::Probing) ? 2U : 0U) +
                                    (runs(DetectorId::AttemptFanOut) ? 1U : 0U);
        return passes * m_report.votes + reads * m_report.attempts;
    }

    [[nodiscard]] bool perform()
    {
        domain::WorkPlan plan;
        std::vector<Step> ordered;
        std::vector<Step> before;
        if (needsFacts()) {
            ordered.push_back(plan.add([this] { return order(); }));
            for (const std::vector<Screen*>& screens : m_screens)
                before.push_back(plan.add([&] { return screened(screens); }, ordered));
            before.push_back(plan.add([this] { return countFacts(m_scene.input.votes, m_scene.facts, *m_progress); }, ordered));
        }
        std::vector<Step> grouped;
        if (runs(DetectorId::Lockstep) || runs(DetectorId::DenseBlock))
            grouped.push_back(plan.add([this] { return group(); }, ordered));
        std::vector<Step> inStep;
        for (const std::size_t at : longestFirst()) {
            const DetectorId detector = m_detectors[at];
            std::vector<Step> needs = needsOf(detector, before);
            if (detector == DetectorId::Lockstep || detector == DetectorId::DenseBlock)
                needs.insert(needs.end(), grouped.begin(), grouped.end());
            if (detector == DetectorId::DenseBlock) // who was found there is not looked for again, nor are both held at once
                needs.insert(needs.end(), inStep.begin(), inStep.end());
            const Step step = plan.add([this, at] { return look(at); }, std::move(needs));
            if (detector == DetectorId::Lockstep)
                inStep.push_back(step);
        }
        return plan.run(m_threads);
    }

    /// The screens of a step; what they named is taken, and their memory given back.
    [[nodiscard]] bool screened(const std::vector<Screen*>& screens)
    {
        if (!screenVotes(m_scene.input.votes, m_scene.order, screens, *m_progress))
            return false;
        const auto ended = [&](auto& screen, const Screen* known, DetectorId detector, auto take) {
            // `known` first: another step may be giving back a screen of its own just now
            if (std::find(screens.begin(), screens.end(), known) == screens.end())
                return;
            take(*screen);
            m_unseen[static_cast<std::size_t>(detector)] = {detector, screen->dropped()};
            screen.reset();
        };
        ended(m_suite->rhythm, m_rhythm, DetectorId::TokenBurst, [&](TokenScreen& screen) {
            m_scene.gaps = screen.gaps();
            m_suspects.bursts = screen.bursts();
            m_suspects.metronomes = screen.metronomes();
            m_suspects.timetables = screen.timetables();
            m_scene.starts = screen.starts();
            m_suspects.serialVoters = screen.serialVoters();
        });
        ended(m_suite->lockstep, m_lockstep, DetectorId::Lockstep,
              [&](LockstepScreen& screen) { m_suspects.pairs = screen.pairs(); });
        ended(m_suite->subnets, m_subnets, DetectorId::SubnetSocks, [&](SubnetScreen& screen) {
            m_suspects.networks = screen.networks();
            m_suspects.hopping = screen.hopping();
        });
        ended(m_suite->rings, m_rings, DetectorId::VoteRing, [&](RingScreen& screen) { m_suspects.mutual = screen.mutual(); });
        return true;
    }

    /// The steps that a detector comes after: the screen that names its suspects, and the facts, which are the last.
    [[nodiscard]] std::vector<Step> needsOf(DetectorId detector, const std::vector<Step>& before) const
    {
        const auto with = [&](const Screen* screen) {
            std::vector<Step> needs{before.back()};
            for (std::size_t at = 0; at < m_screens.size(); ++at) {
                if (std::find(m_screens[at].begin(), m_screens[at].end(), screen) != m_screens[at].end())
                    needs.push_back(before[at]);
            }
            return needs;
        };
        switch (detector) {
        case DetectorId::DuplicateVotes:
        case DetectorId::CounterDrift:
        case DetectorId::ConcurrentAttempts:
        case DetectorId::AttemptFanOut:
        case DetectorId::SiteRule:
        case DetectorId::Control: return {};
        case DetectorId::TokenBurst:
        case DetectorId::Metronome:
        case DetectorId::Timetable:
        case DetectorId::SerialVoter: return with(m_rhythm);
        case DetectorId::VoteRing: return with(m_rings);
        case DetectorId::SubnetSocks:
        case DetectorId::TokenHopping: return with(m_subnets);
        case DetectorId::Lockstep: return with(m_lockstep);
        case DetectorId::ImpossibleVotes:
        case DetectorId::UnloggedVotes:
        case DetectorId::Probing:
        case DetectorId::TokenMint:
        case DetectorId::DenseBlock:
        case DetectorId::PostSurge: return {before.back()};
        }
        return {};
    }

    /// Places in m_detectors. Whoever takes longest begins first, so that no thread is left with it at the end.
    [[nodiscard]] std::vector<std::size_t> longestFirst() const
    {
        constexpr std::array kLong{DetectorId::Lockstep, DetectorId::DenseBlock, DetectorId::PostSurge, DetectorId::TokenHopping,
                                   DetectorId::SubnetSocks};
        std::vector<std::size_t> places(m_detectors.size());
        std::iota(places.begin(), places.end(), std::size_t{0});
        std::stable_sort(places.begin(), places.end(), [&](std::size_t left, std::size_t right) {
            return std::find(kLong.begin(), kLong.end(), m_detectors[left]) <
                   std::find(kLong.begin(), kLong.end(), m_detectors[right]);
        });
        return places;
    }

    [[nodiscard]] bool order()
    {
        m_scene.order = TimeOrder{m_scene.input.votes.castAt};
        return m_progress->advance(0);
    }

    [[nodiscard]] bool group()
    {
        const domain::VoteColumns& votes = m_scene.input.votes;
        m_byToken = rowsByValue(votes.token, m_scene.order, votes.tokens.size());
        return m_progress->advance(0);
    }

    [[nodiscard]] bool look(std::size_t at)
    {
        std::optional<Findings> findings = findingsOf(m_detectors[at]);
        if (!findings)
            return false;
        m_findings[at] = std::move(*findings);
        if (m_detectors[at] == DetectorId::Lockstep)
            m_inStep = tokensOf(m_findings[at].flags);
        if (m_detectors[at] == (runs(DetectorId::DenseBlock) ? DetectorId::DenseBlock : DetectorId::Lockstep))
            m_byToken = {}; // the last one that needs it
        return true;
    }

    [[nodiscard]] std::vector<domain::Index> tokensOf(const std::vector<domain::Flag>& flags) const
    {
        std::vector<domain::Index> tokens;
        for (const domain::Flag& flag : flags) {
            for (const domain::TokenKey& token : flag.tokens)
                tokens.push_back(m_scene.input.votes.tokens.find(token.text));
        }
        std::sort(tokens.begin(), tokens.end());
        return tokens;
    }

    std::optional<Findings> findingsOf(DetectorId detector)
    {
        Progress& progress = *m_progress;
        switch (detector) {
        case DetectorId::DuplicateVotes: return findDuplicateVotes(m_scene, progress);
        case DetectorId::ImpossibleVotes: return findImpossibleVotes(m_scene, progress);
        case DetectorId::CounterDrift: return findCounterDrift(m_scene, progress);
        case DetectorId::ConcurrentAttempts: return findConcurrentAttempts(m_scene, progress);
        case DetectorId::AttemptFanOut: return findAttemptFanOuts(m_scene, progress);
        case DetectorId::UnloggedVotes: return findUnloggedVotes(m_scene, progress);
        case DetectorId::Probing: return findProbing(m_scene, progress);
        case DetectorId::TokenBurst: return findTokenBursts(m_scene, m_suspects.bursts, progress);
        case DetectorId::Metronome: return findMetronomes(m_scene, m_suspects.metronomes, progress);
        case DetectorId::Timetable: return findTimetables(m_scene, m_suspects.timetables, progress);
        case DetectorId::SerialVoter: return findSerialVoters(m_scene, m_suspects.serialVoters, progress);
        case DetectorId::VoteRing: return findVoteRings(m_scene, m_suspects.mutual, progress);
        case DetectorId::SubnetSocks: return findSubnetSocks(m_scene, m_suspects.networks, progress);
        case DetectorId::TokenHopping: return findTokenHopping(m_scene, m_suspects.hopping, progress);
        case DetectorId::TokenMint: return findTokenMints(m_scene, progress);
        case DetectorId::Lockstep: return findLockstep(m_scene, m_byToken, m_suspects.pairs, progress);
        case DetectorId::DenseBlock: return findDenseBlocks(m_scene, m_byToken, m_inStep, progress);
        case DetectorId::PostSurge: return findPostSurges(m_scene, progress);
        case DetectorId::SiteRule:
        case DetectorId::Control: break; // not among those that are run here
        }
        return std::nullopt;
    }

    void tell(DetectorId detector, Findings& findings)
    {
        std::move(findings.flags.begin(), findings.flags.end(), std::back_inserter(m_report.flags));
        if (!findings.obstacle.empty())
            m_report.skipped.push_back({detector, std::move(findings.obstacle)});
        if (findings.leftOut > 0)
            m_report.leftOut.push_back({detector, findings.leftOut});
    }

    void weigh()
    {
        const std::vector<Budget> budgets = budgetsOf(m_scene.rules, m_scene.facts, m_detectors);
        assignFalseShares(m_report.flags, budgets, m_scene.rules.falseDiscovery);
        for (const Budget& budget : budgets)
            m_report.expectedFalse += budget.expectedFalse;
        const std::vector<std::int64_t>& times = m_scene.input.votes.castAt;
        if (!times.empty()) {
            const auto [first, last] = std::minmax_element(times.begin(), times.end());
            m_report.days = static_cast<double>(*last - *first) / 86'400e6;
        }
    }

    Scene m_scene;
    unsigned m_threads;
    std::vector<DetectorId> m_detectors;
    std::optional<Suite> m_suite;
    const Screen* m_rhythm = nullptr; ///< which screen is which, also when it is gone
    const Screen* m_lockstep = nullptr;
    const Screen* m_subnets = nullptr;
    const Screen* m_rings = nullptr;
    std::vector<std::vector<Screen*>> m_screens; ///< those of a step
    std::optional<Progress> m_progress;
    Suspects m_suspects;
    std::vector<Findings> m_findings; ///< by detector, as they run
    RowGroups m_byToken;
    std::vector<domain::Index> m_inStep; ///< tokens of lockstep groups, ascending
    std::array<UnseenSuspects, std::size(domain::kDetectors)> m_unseen{};
    ScanReport m_report;
};

} // namespace

domain::Result<ScanReport> scan(const ScanInput& input, const Rules& rules, const ScanOptions& options,
                                const domain::KeepGoing& keepGoing)
{
    if (const domain::Status fits = checkedColumns(input); !fits)
        return domain::failureOf(fits);
    return Scan{input, rules, options, keepGoing}.run();
}

} // namespace scr::detect
