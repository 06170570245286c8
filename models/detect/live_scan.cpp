#include "detect/live_scan.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <map>
#include <string>

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
unsigned tableFor(std::size_t rows)
{
    return std::clamp(static_cast<unsigned>(std::bit_width(2 * rows)) + 1, 18U, 25U);
}

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

namespace {

std::string subjectOf(const domain::Flag& flag)
{
    std::string subject{domain::nameOf(flag.detector)};
    for (const std::string_view part : {domain::nameOf(flag.subject.kind), std::string_view{flag.subject.key},
                                        std::string_view{flag.subject.post.text}, std::string_view{flag.siteRule}})
        subject.append(1, '\x1f').append(part);
    return subject;
}

/// The key under which the same finding was told before: by its own, or by one that is about the same at an overlapping time, as
/// when the window has moved past its first votes.
domain::FlagKey toldKeyOf(const domain::Flag& flag, const std::string& subject, const domain::ToldFlags& told,
                          const std::multimap<std::string, domain::FlagKey>& bySubject)
{
    if (told.contains(flag.key))
        return flag.key;
    const auto [begin, end] = bySubject.equal_range(subject);
    for (auto at = begin; at != end; ++at) {
        const domain::ToldFlag& before = told.at(at->second);
        if (before.from <= flag.to && flag.from <= before.to)
            return at->second;
    }
    return flag.key;
}

} // namespace

std::vector<domain::Flag> untold(std::vector<domain::Flag> flags, domain::ToldFlags& told)
{
    std::multimap<std::string, domain::FlagKey> bySubject;
    for (const auto& [key, flag] : told)
        bySubject.emplace(flag.subject, key);
    std::vector<domain::Flag> news;
    for (domain::Flag& flag : flags) {
        const std::string subject = subjectOf(flag);
        const domain::ToldFlag now{
            static_cast<std::int64_t>(flag.votes.size()), flag.severity, flag.belowReviewLine, subject, flag.from, flag.to};
        flag.key = toldKeyOf(flag, subject, told, bySubject);
        const auto [known, isNew] = told.emplace(flag.key, now);
        domain::ToldFlag& before = known->second;
        const bool isMore = now.severity > before.severity || 4 * now.votes >= 5 * before.votes + 1 ||
                            (before.belowReviewLine && !now.belowReviewLine);
        before.to = std::max(before.to, now.to);
        if (!isNew && !isMore)
            continue;
        before = now;
        news.push_back(std::move(flag));
    }
    return news;
}

class LiveScan::Impl {
public:
    Impl(domain::ScanInput window, const Rules& rules) :
        m_input{std::move(window)}, m_rules{rules},
        m_scene{m_input, m_rules, timeGrainOf(m_input.votes.castAt), timeGrainOf(m_input.attempts.attemptedAt), {}, {}, {}},
        m_knownVotes{tableFor(m_input.votes.size())}, m_knownAttempts{tableFor(m_input.attempts.size())}
    {
        remember(m_input, m_input.votes.size());
        learn(goOn);
    }

    void learn(const domain::KeepGoing& keepGoing)
    {
        Progress progress{keepGoing, 0};
        m_scene.voteGrain = timeGrainOf(m_input.votes.castAt);
        m_scene.attemptGrain = timeGrainOf(m_input.attempts.attemptedAt);
        Suite suite{m_rules, m_scene.voteGrain, {true, false, false, false}};
        SiteFacts facts;
        if (!screenVotes(m_input.votes, TimeOrder{m_input.votes.castAt}, suite, 1, progress) ||
            !countFacts(m_input.votes, facts, progress))
            return;
        m_scene.facts = std::move(facts);
        m_scene.gaps = suite.rhythm()->gaps();
        m_learnedFrom = rows();
    }

    std::vector<domain::Flag> take(domain::ScanInput batch)
    {
        dropKnown(batch);
        const std::size_t votes = m_input.votes.size();
        const std::size_t attempts = m_input.attempts.size();
        domain::appendRows(m_input.votes, m_input.attempts, m_input.posts, std::move(batch.votes), std::move(batch.attempts),
                           std::move(batch.posts));
        count(votes);
        if (rows() > 2 * m_learnedFrom) // a window that began empty knows nothing of the site
            learn(goOn);
        return judge(votes, attempts);
    }

    [[nodiscard]] const domain::ScanInput& window() const noexcept { return m_input; }

private:
    [[nodiscard]] std::size_t rows() const noexcept { return m_input.votes.size() + m_input.attempts.size(); }

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
        assignFalseShares(flags, budgetsOf(m_rules, m_scene.facts, detectorsThatCanRun(m_input)), m_rules.falseDiscovery);
        std::sort(flags.begin(), flags.end(), domain::isWorse);
        return flags;
    }

    struct Nothing {};
    domain::ScanInput m_input;
    const Rules m_rules;
    Scene m_scene;
    BoundedTable<Nothing> m_knownVotes;
    BoundedTable<Nothing> m_knownAttempts;
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
