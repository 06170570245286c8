#include "detect/live_scan.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "detect/bounded_table.h"
#include "detect/detector.h"
#include "detect/false_discoveries.h"
#include "detect/repeated_pairs.h"
#include "detect/suite.h"
#include "domain/scan_append.h"

namespace scr::detect {

namespace {

using domain::DetectorId;
using domain::Index;
using domain::kNoIndex;

/// Room for twice the rows of the window, within bounds.
std::size_t tableFor(std::size_t rows)
{
    return std::clamp(2 * rows, std::size_t{1} << 18U, std::size_t{1} << 25U);
}

/// Never 0.
void sortUnique(std::vector<Index>& values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

bool goOn(std::uint64_t, std::uint64_t)
{
    return true;
}

} // namespace

class LiveScan::Impl {
public:
    Impl(domain::ScanInput window, const Rules& rules) :
        m_input{std::move(window)}, m_rules{rules},
        m_scene{m_input, m_rules, timeGrainOf(m_input.votes.castAt), timeGrainOf(m_input.attempts.attemptedAt), {}, {}, {}, {}},
        m_knownVotes{tableFor(m_input.votes.size())}, m_knownAttempts{tableFor(m_input.attempts.size())}
    {
        remember();
        learn(goOn);
    }

    void learn(const domain::KeepGoing& keepGoing)
    {
        Progress progress{keepGoing, 0};
        m_scene.voteGrain = timeGrainOf(m_input.votes.castAt);
        m_scene.attemptGrain = timeGrainOf(m_input.attempts.attemptedAt);
        Suite suite{m_rules, m_scene.voteGrain, {true, false, false, false}};
        SiteFacts facts;
        if (!screenVotes(m_input.votes, TimeOrder{m_input.votes.castAt}, suite.screens(), progress) ||
            !countFacts(m_input.votes, facts, progress))
            return;
        m_scene.facts = std::move(facts);
        m_scene.gaps = suite.rhythm->gaps();
        m_scene.starts = suite.rhythm->starts();
        m_learnedFrom = rows();
    }

    std::vector<domain::Flag> take(domain::ScanInput batch)
    {
        dropKnown(batch);
        const std::size_t votes = m_input.votes.size();
        const std::size_t attempts = m_input.attempts.size();
        m_input.readAt = std::max(m_input.readAt, batch.readAt);
        domain::appendRows(m_input.votes, m_input.attempts, m_input.posts, std::move(batch.votes), std::move(batch.attempts),
                           std::move(batch.posts));
        addFacts(m_input.votes, votes, m_scene.facts); // the rhythm follows at the next learn()
        if (rows() > 2 * m_learnedFrom)                // a window that began empty knows nothing of the site
            learn(goOn);
        return judge(votes, attempts);
    }

    [[nodiscard]] const domain::ScanInput& window() const noexcept { return m_input; }

private:
    [[nodiscard]] std::size_t rows() const noexcept { return m_input.votes.size() + m_input.attempts.size(); }

    void remember()
    {
        for (std::size_t row = 0; row < m_input.votes.size(); ++row)
            m_knownVotes.touch(m_input.votes.voteKeys.hash(row));
        for (std::size_t row = 0; row < m_input.attempts.size(); ++row)
            m_knownAttempts.touch(m_input.attempts.keys.hash(row));
    }

    void dropKnown(domain::ScanInput& batch)
    {
        domain::keepVotes(batch.votes, [&](std::size_t row) { return m_knownVotes.touch(batch.votes.voteKeys.hash(row)).isNew; });
        domain::keepAttempts(batch.attempts,
                             [&](std::size_t row) { return m_knownAttempts.touch(batch.attempts.keys.hash(row)).isNew; });
    }

    [[nodiscard]] std::vector<domain::Flag> judge(std::size_t votesFrom, std::size_t attemptsFrom)
    {
        const domain::VoteColumns& votes = m_input.votes;
        const domain::AttemptColumns& attempts = m_input.attempts;
        std::vector<Index> voters;
        std::vector<VoterAuthor> pairs;
        for (std::size_t row = votesFrom; row < votes.size(); ++row) {
            voters.push_back(votes.token[row]);
            if (const Index author = votes.authorOf(votes.post[row]); author != kNoIndex && author != votes.token[row])
                pairs.push_back({votes.token[row], author});
        }
        std::vector<Index> triers;
        for (std::size_t row = attemptsFrom; row < attempts.size(); ++row) {
            if (attempts.token[row] != kNoIndex)
                triers.push_back(attempts.token[row]);
        }
        sortUnique(voters);
        sortUnique(triers);
        std::sort(pairs.begin(), pairs.end());
        pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
        const domain::KeepGoing keepGoing = goOn;
        Progress progress{keepGoing, 0};
        std::vector<domain::Flag> flags;
        const auto add = [&](std::optional<Findings> findings) {
            if (findings)
                std::move(findings->flags.begin(), findings->flags.end(), std::back_inserter(flags));
        };
        const std::size_t tokens = votes.tokens.size();
        if (!voters.empty()) {
            add(findDuplicateVotes(m_scene, repeatedPairsOf(voters, votes.token, votes.post, votes.castAt, tokens), progress));
            add(findTokenBursts(m_scene, voters, progress));
            add(findMetronomes(m_scene, voters, progress));
            add(findTimetables(m_scene, voters, progress));
            add(findSerialVoters(m_scene, pairs, progress));
        }
        if (!triers.empty())
            add(findConcurrentAttempts(
                m_scene, repeatedPairsOf(triers, attempts.token, attempts.post, attempts.attemptedAt, tokens), progress));
        assignFalseShares(flags, budgetsOf(m_rules, m_scene.facts, detectorsThatCanRun(m_input)), m_rules.falseDiscovery);
        std::sort(flags.begin(), flags.end(), domain::isWorse);
        return flags;
    }

    struct Nothing {};
    domain::ScanInput m_input;
    const Rules m_rules;
    Scene m_scene;
    BoundedTable<Nothing, std::uint64_t> m_knownVotes;
    BoundedTable<Nothing, std::uint64_t> m_knownAttempts;
    std::size_t m_learnedFrom = 0; ///< rows at the last learn()
};

LiveScan::LiveScan(domain::ScanInput window, const Rules& rules) : m_impl{std::make_unique<Impl>(std::move(window), rules)} {}

LiveScan::~LiveScan() = default;

std::vector<domain::Flag> LiveScan::take(domain::ScanInput batch)
{
    return m_impl->take(std::move(batch));
}

const domain::ScanInput& LiveScan::window() const noexcept
{
    return m_impl->window();
}

void LiveScan::learn(const domain::KeepGoing& keepGoing)
{
    m_impl->learn(keepGoing);
}

} // namespace scr::detect
