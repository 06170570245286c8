#include "detect/scan.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <thread>

#include "detect/detector.h"
#include "detect/false_discoveries.h"
#include "detect/gap_law.h"
#include "detect/suite.h"

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

/// Why a detector cannot run on this input; empty when it can.
std::string obstacleOf(DetectorId detector, const ScanInput& input)
{
    switch (detector) {
    case DetectorId::DuplicateVotes:
    case DetectorId::TokenBurst:
    case DetectorId::Metronome:
    case DetectorId::Lockstep:
    case DetectorId::PostSurge: return {};
    case DetectorId::SerialVoter:
    case DetectorId::VoteRing:
        return input.votes.authorOfPost.empty() ? "The source does not say who wrote the posts." : std::string{};
    case DetectorId::SubnetSocks:
        return input.votes.network.empty() ? "The source does not say from where the votes came." : std::string{};
    case DetectorId::CounterDrift:
        if (!input.hasCounters)
            return "The source shows no score of its own to compare with the votes.";
        return input.range.isAll() ? std::string{}
                                   : "A score covers all time, so it can be compared only when all votes are scanned.";
    case DetectorId::ConcurrentAttempts: return input.hasAttempts ? std::string{} : "The source has no log of attempts.";
    case DetectorId::SiteRule: return "It is run by the database.";
    }
    return {};
}

domain::Status checked(const ScanInput& input)
{
    const domain::VoteColumns& votes = input.votes;
    const domain::AttemptColumns& attempts = input.attempts;
    const bool even = votes.post.size() == votes.size() && votes.castAt.size() == votes.size() &&
                      votes.value.size() == votes.size() && votes.voteKeys.size() == votes.size() &&
                      (votes.network.empty() || votes.network.size() == votes.size()) &&
                      votes.host.size() == votes.network.size() && votes.authorOfPost.size() <= votes.posts.size() &&
                      attempts.post.size() == attempts.size() && attempts.attemptedAt.size() == attempts.size() &&
                      attempts.finishedAt.size() == attempts.size() && attempts.outcome.size() == attempts.size() &&
                      input.posts.counter.size() == input.posts.post.size();
    if (!even)
        return failure(Fault::Corrupt, "The columns of the scan differ in length");
    if (std::max(votes.size(), attempts.size()) >= std::numeric_limits<std::uint32_t>::max())
        return failure(Fault::Rejected, "More than 4,294,967,294 votes or attempts cannot be scanned at once",
                       "Scan a shorter range of time");
    return domain::Nothing{};
}

unsigned threadsFor(const ScanOptions& options, std::size_t votes)
{
    const unsigned wanted = options.threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : options.threads;
    return std::min(wanted, static_cast<unsigned>(std::min<std::size_t>(votes / kVotesPerThread + 1, 64)));
}

class Scan {
public:
    Scan(const ScanInput& input, const Rules& rules, const ScanOptions& options, const domain::KeepGoing& keepGoing) :
        m_scene{input, rules, timeGrainOf(input.votes.castAt), timeGrainOf(input.attempts.attemptedAt), {}, {}, {}},
        m_threads{threadsFor(options, input.votes.size())}, m_progress{keepGoing, workOf(input, options)}
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
    }

    domain::Result<ScanReport> run()
    {
        Suite suite{m_scene.rules, m_scene.voteGrain, wanted()};
        bool goes = m_progress.advance(0) && screened(suite);
        for (std::size_t at = 0; goes && at < m_detectors.size(); ++at)
            goes = take(m_detectors[at], findingsOf(m_detectors[at], suite));
        if (!goes)
            return failure(Fault::Cancelled, "The scan was stopped");
        tellUnseen(suite);
        weigh();
        std::sort(m_report.flags.begin(), m_report.flags.end(), domain::isWorse);
        return std::move(m_report);
    }

private:
    void tellUnseen(Suite& suite)
    {
        const auto tell = [&](DetectorId detector, const Screen* screen) {
            if (screen != nullptr && screen->dropped() > 0)
                m_report.unseen.push_back({detector, screen->dropped()});
        };
        tell(DetectorId::TokenBurst, suite.rhythm());
        tell(DetectorId::VoteRing, suite.rings());
        tell(DetectorId::SubnetSocks, suite.subnets());
        tell(DetectorId::Lockstep, suite.lockstep());
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

    [[nodiscard]] bool runs(DetectorId detector) const
    {
        return std::find(m_detectors.begin(), m_detectors.end(), detector) != m_detectors.end();
    }

    [[nodiscard]] Suite::Wanted wanted() const
    {
        return {runs(DetectorId::TokenBurst) || runs(DetectorId::Metronome) || runs(DetectorId::SerialVoter),
                runs(DetectorId::Lockstep), runs(DetectorId::SubnetSocks), runs(DetectorId::VoteRing)};
    }

    [[nodiscard]] bool screened(Suite& suite)
    {
        if (suite.screens().empty() && !runs(DetectorId::PostSurge))
            return true;
        m_scene.order = TimeOrder{m_scene.input.votes.castAt};
        if (!screenVotes(m_scene.input.votes, m_scene.order, suite, m_threads, m_progress) ||
            !countFacts(m_scene.input.votes, m_scene.facts, m_progress))
            return false;
        if (suite.rhythm() != nullptr)
            m_scene.gaps = suite.rhythm()->gaps();
        return true;
    }

    /// Rows that will be reported: the votes go through the suite and are counted; some detectors walk them once more.
    static std::uint64_t workOf(const ScanInput& input, const ScanOptions& options)
    {
        const auto can = [&](DetectorId detector) { return isWanted(options, detector) && obstacleOf(detector, input).empty(); };
        const bool screens = std::any_of(std::begin(domain::kDetectors), std::end(domain::kDetectors), [&](DetectorId detector) {
            return can(detector) && detector != DetectorId::DuplicateVotes && detector != DetectorId::CounterDrift &&
                   detector != DetectorId::ConcurrentAttempts;
        });
        const std::uint64_t passes =
            (screens ? 2U : 0U) + (can(DetectorId::DuplicateVotes) ? 2U : 0U) + (can(DetectorId::CounterDrift) ? 1U : 0U);
        return passes * input.votes.size() + (can(DetectorId::ConcurrentAttempts) ? 2U : 0U) * input.attempts.size();
    }

    std::optional<Findings> findingsOf(DetectorId detector, Suite& suite)
    {
        switch (detector) {
        case DetectorId::DuplicateVotes: return findDuplicateVotes(m_scene, m_progress);
        case DetectorId::CounterDrift: return findCounterDrift(m_scene, m_progress);
        case DetectorId::ConcurrentAttempts: return findConcurrentAttempts(m_scene, m_progress);
        case DetectorId::TokenBurst: return findTokenBursts(m_scene, suite.rhythm()->bursts(), m_progress);
        case DetectorId::Metronome: return findMetronomes(m_scene, suite.rhythm()->metronomes(), m_progress);
        case DetectorId::SerialVoter: return findSerialVoters(m_scene, suite.rhythm()->serialVoters(), m_progress);
        case DetectorId::VoteRing: return findVoteRings(m_scene, suite.rings()->mutual(), m_progress);
        case DetectorId::SubnetSocks: return findSubnetSocks(m_scene, suite.subnets()->networks(), m_progress);
        case DetectorId::Lockstep: return findLockstep(m_scene, suite.lockstep()->pairs(), m_progress);
        case DetectorId::PostSurge: return findPostSurges(m_scene, m_progress);
        case DetectorId::SiteRule: break; // not among those that are run here
        }
        return std::nullopt;
    }

    bool take(DetectorId detector, std::optional<Findings> findings)
    {
        if (!findings)
            return false;
        std::move(findings->flags.begin(), findings->flags.end(), std::back_inserter(m_report.flags));
        if (findings->leftOut > 0)
            m_report.leftOut.push_back({detector, findings->leftOut});
        return true;
    }

    Scene m_scene;
    unsigned m_threads;
    Progress m_progress;
    std::vector<DetectorId> m_detectors;
    ScanReport m_report;
};

} // namespace

std::vector<DetectorId> detectorsThatCanRun(const ScanInput& input)
{
    std::vector<DetectorId> detectors;
    for (const DetectorId detector : domain::kDetectors) {
        if (obstacleOf(detector, input).empty())
            detectors.push_back(detector);
    }
    return detectors;
}

domain::Result<ScanReport> scan(const ScanInput& input, const Rules& rules, const ScanOptions& options,
                                const domain::KeepGoing& keepGoing)
{
    if (const domain::Status fits = checked(input); !fits)
        return domain::failureOf(fits);
    return Scan{input, rules, options, keepGoing}.run();
}

} // namespace scr::detect
