#include "detect/live_scan.h"

#include <algorithm>
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

constexpr unsigned kLog2KnownKeys = 22;

std::uint64_t hashOf(std::string_view text) noexcept
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
}

/// Never 0.
std::uint64_t keyHash(const domain::KeyList& keys, std::size_t row)
{
    const std::uint64_t hash =
        keys.isNumber(row) ? spread(static_cast<std::uint64_t>(keys.number(row)) + 1) : hashOf(keys.text(row));
    return hash == 0 ? 1 : hash;
}

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

std::vector<domain::Flag> untold(std::vector<domain::Flag> flags, domain::ToldFlags& told)
{
    std::vector<domain::Flag> news;
    for (domain::Flag& flag : flags) {
        const domain::ToldFlag now{static_cast<std::int64_t>(flag.votes.size()), flag.severity};
        const auto [known, isNew] = told.emplace(flag.key, now);
        if (!isNew && now.severity <= known->second.severity && 4 * now.votes < 5 * known->second.votes + 1)
            continue;
        known->second = now;
        news.push_back(std::move(flag));
    }
    return news;
}

class LiveScan::Impl {
public:
    Impl(domain::ScanInput window, const Rules& rules) :
        m_input{std::move(window)}, m_rules{rules},
        m_scene{m_input, m_rules, timeGrainOf(m_input.votes.castAt), timeGrainOf(m_input.attempts.attemptedAt), {}, {}, {}}
    {
        remember(m_input, m_input.votes.size());
        learn();
    }

    void learn()
    {
        const domain::KeepGoing keepGoing = goOn;
        Progress progress{keepGoing, 0};
        Suite suite{m_rules, m_scene.voteGrain, {true, false, false, false}};
        static_cast<void>(screenVotes(m_input.votes, TimeOrder{m_input.votes.castAt}, suite, 1, progress));
        static_cast<void>(countFacts(m_input.votes, m_scene.facts, progress));
        m_scene.gaps = suite.rhythm()->gaps();
        m_scene.voteGrain = timeGrainOf(m_input.votes.castAt);
        m_scene.attemptGrain = timeGrainOf(m_input.attempts.attemptedAt);
    }

    std::vector<domain::Flag> take(domain::ScanInput batch)
    {
        dropKnown(batch);
        const std::size_t votes = m_input.votes.size();
        const std::size_t attempts = m_input.attempts.size();
        domain::appendRows(m_input.votes, m_input.attempts, m_input.posts, std::move(batch.votes), std::move(batch.attempts),
                           std::move(batch.posts));
        count(votes);
        return judge(votes, attempts);
    }

    [[nodiscard]] const domain::ScanInput& window() const noexcept { return m_input; }

private:
    void remember(const domain::ScanInput& input, std::size_t votes)
    {
        for (std::size_t row = 0; row < votes; ++row)
            m_knownVotes.touch(keyHash(input.votes.voteKeys, row));
        for (std::size_t row = 0; row < input.attempts.size(); ++row)
            m_knownAttempts.touch(keyHash(input.attempts.keys, row));
    }

    void dropKnown(domain::ScanInput& batch)
    {
        domain::keepVotes(batch.votes,
                          [&](std::size_t row) { return m_knownVotes.touch(keyHash(batch.votes.voteKeys, row)).isNew; });
        domain::keepAttempts(batch.attempts,
                             [&](std::size_t row) { return m_knownAttempts.touch(keyHash(batch.attempts.keys, row)).isNew; });
    }

    /// The counts of what is usual follow at once; the rhythm and the rest at the next learn().
    void count(std::size_t from)
    {
        const domain::VoteColumns& votes = m_input.votes;
        SiteFacts& facts = m_scene.facts;
        facts.ofToken.resize(votes.tokens.size());
        facts.ofPost.resize(votes.posts.size());
        facts.ofAuthor.resize(votes.authorOfPost.empty() ? 0 : votes.tokens.size());
        facts.ofNetwork.resize(votes.networks.size());
        for (std::size_t row = from; row < votes.size(); ++row) {
            facts.activeTokens += facts.ofToken[votes.token[row]]++ == 0 ? 1U : 0U;
            facts.activePosts += facts.ofPost[votes.post[row]]++ == 0 ? 1U : 0U;
            facts.votes += 1;
            if (const Index author = votes.authorOf(votes.post[row]); author != kNoIndex) {
                ++facts.ofAuthor[author];
                facts.votesWithAuthor += 1;
            }
            if (const Index network = votes.networkOf(row); network != kNoIndex) {
                ++facts.ofNetwork[network];
                facts.votesWithNetwork += 1;
            }
        }
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
            add(findSerialVoters(m_scene, pairs, progress));
        }
        if (!triers.empty())
            add(findConcurrentAttempts(
                m_scene, repeatedPairsOf(triers, attempts.token, attempts.post, attempts.attemptedAt, tokens), progress));
        assignFalseShares(flags,
                          budgetsOf(m_rules, m_scene.facts, {std::begin(domain::kDetectors), std::end(domain::kDetectors)}),
                          m_rules.falseDiscovery);
        std::sort(flags.begin(), flags.end(), domain::isWorse);
        return flags;
    }

    struct Nothing {};
    domain::ScanInput m_input;
    const Rules m_rules;
    Scene m_scene;
    BoundedTable<Nothing> m_knownVotes{kLog2KnownKeys};
    BoundedTable<Nothing> m_knownAttempts{kLog2KnownKeys - 1};
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

void LiveScan::learn()
{
    m_impl->learn();
}

} // namespace scr::detect
