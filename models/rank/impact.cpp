#include "rank/impact.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "rank/order.h"

namespace scr::rank {

namespace {

using domain::Index;
using domain::kNoIndex;

std::int64_t countBefore(const std::vector<Standing>& sorted, const Standing& standing)
{
    return std::lower_bound(sorted.begin(), sorted.end(), standing) - sorted.begin();
}

/// All posts in order, and what becomes of some of them when their scores change together.
class Board {
public:
    Board(std::vector<double> scores, std::vector<std::uint32_t> places) :
        m_scores{std::move(scores)}, m_places{std::move(places)}
    {
        for (std::uint32_t post = 0; post < m_scores.size(); ++post) {
            m_scores[post] = finite(m_scores[post]);
            m_sorted.push_back(standing(post, m_scores[post]));
        }
        std::sort(m_sorted.begin(), m_sorted.end());
    }

    [[nodiscard]] double scoreOf(std::uint32_t post) const noexcept { return m_scores[post]; }
    [[nodiscard]] Standing standing(std::uint32_t post, double score) const noexcept { return {score, m_places[post], post}; }
    [[nodiscard]] std::int64_t rankOf(std::uint32_t post) const
    {
        return countBefore(m_sorted, standing(post, m_scores[post])) + 1;
    }
    [[nodiscard]] const std::vector<Standing>& sorted() const noexcept { return m_sorted; }

private:
    std::vector<double> m_scores;
    std::vector<std::uint32_t> m_places;
    std::vector<Standing> m_sorted;
};

/// The board with the scores of `changes` moved by their deltas; the posts not named stay where they are.
class ChangedBoard {
public:
    struct Change {
        std::uint32_t post{};
        double delta{};
    };

    ChangedBoard(const Board& board, const std::vector<Change>& changes) : m_board{board}
    {
        for (const Change& change : changes) {
            m_left.push_back(board.standing(change.post, board.scoreOf(change.post)));
            m_come.push_back(board.standing(change.post, board.scoreOf(change.post) + change.delta));
        }
        std::sort(m_left.begin(), m_left.end());
        std::sort(m_come.begin(), m_come.end());
    }

    [[nodiscard]] std::int64_t rankOf(std::uint32_t post, double newScore) const
    {
        const Standing standing = m_board.standing(post, newScore);
        return countBefore(m_board.sorted(), standing) - countBefore(m_left, standing) + countBefore(m_come, standing) + 1;
    }

private:
    const Board& m_board;
    std::vector<Standing> m_left;
    std::vector<Standing> m_come;
};

struct VoteFact {
    Index post{};
    double value{};
};

/// Post and value of every extra vote. Only votes of the flags' own tokens can be meant, so the keys of all others are never
/// made into text.
std::unordered_map<domain::VoteKey, VoteFact> factsOf(const std::vector<domain::Flag>& flags, const domain::VoteColumns& votes)
{
    std::unordered_set<domain::VoteKey> wanted;
    std::vector<bool> isFlagged(votes.tokens.size());
    for (const domain::Flag& flag : flags) {
        wanted.insert(flag.extraVotes.begin(), flag.extraVotes.end());
        if (flag.extraVotes.empty())
            continue;
        for (const domain::TokenKey& token : flag.tokens) {
            if (const Index index = votes.tokens.find(token.text); index != kNoIndex)
                isFlagged[index] = true;
        }
    }
    std::unordered_map<domain::VoteKey, VoteFact> facts;
    for (std::size_t row = 0; !wanted.empty() && row < votes.size(); ++row) {
        if (!isFlagged[votes.token[row]])
            continue;
        domain::VoteKey key{votes.voteKeys.at(row)};
        if (wanted.contains(key))
            facts.emplace(std::move(key), VoteFact{votes.post[row], finite(static_cast<double>(votes.value[row]))});
    }
    return facts;
}

Board boardOf(const domain::VoteColumns& votes)
{
    std::vector<double> scores;
    scores.reserve(votes.posts.size());
    for (Index post = 0; post < votes.posts.size(); ++post)
        scores.push_back(votes.earlierScoreOf(post));
    for (std::size_t row = 0; row < votes.size(); ++row)
        scores[votes.post[row]] += finite(static_cast<double>(votes.value[row]));
    std::vector<std::string> keys;
    keys.reserve(scores.size());
    for (Index post = 0; post < scores.size(); ++post)
        keys.push_back(votes.posts.key(post));
    return {std::move(scores), keyOrder({keys.begin(), keys.end()})};
}

/// The post that moves most, and how much all the flag's posts move together.
struct Impact {
    std::optional<domain::RankImpact> worst;
    double displacement{};
};

Impact impactOf(const domain::Flag& flag, const std::unordered_map<domain::VoteKey, VoteFact>& facts, const Board& board,
                const domain::VoteColumns& votes)
{
    std::map<Index, double> taken;
    for (const domain::VoteKey& vote : flag.extraVotes) {
        if (const auto fact = facts.find(vote); fact != facts.end())
            taken[fact->second.post] -= fact->second.value;
    }
    std::vector<ChangedBoard::Change> changes;
    for (const auto& [post, delta] : taken)
        changes.push_back({post, delta});
    const ChangedBoard without{board, changes};
    Impact result;
    double worstWeight = -1;
    double worstDelta = 0;
    for (const auto& [post, delta] : changes) {
        domain::RankImpact impact{{}, board.rankOf(post), 0, board.scoreOf(post), board.scoreOf(post) + delta};
        impact.rankWithout = without.rankOf(post, impact.scoreWithout);
        const double weight = weightOfMove(impact.rankWith, impact.rankWithout);
        result.displacement += weight;
        if (weight < worstWeight || (weight == worstWeight && std::abs(delta) <= worstDelta))
            continue;
        worstWeight = weight;
        worstDelta = std::abs(delta);
        impact.post = domain::PostKey{votes.posts.key(post)};
        result.worst = std::move(impact);
    }
    return result;
}

/// Totals and deltas under one numbering: posts without a total are added with score 0.
struct Numbered {
    std::vector<std::string> keys;
    std::vector<std::string> titles;
    std::vector<double> scores;
    std::map<std::uint32_t, ScoreDelta> deltas;
};

Numbered numbered(std::span<const PostTotal> totals, std::span<const ScoreDelta> deltas)
{
    Numbered all;
    std::unordered_map<std::string, std::uint32_t> numberOf;
    const auto add = [&](const std::string& key, const std::string& title, double score) {
        const auto [place, isNew] = numberOf.emplace(key, static_cast<std::uint32_t>(all.keys.size()));
        if (isNew) {
            all.keys.push_back(key);
            all.titles.push_back(title);
            all.scores.push_back(score);
        }
        return place->second;
    };
    for (const PostTotal& total : totals)
        add(total.post.text, total.title, total.score);
    for (const ScoreDelta& delta : deltas) {
        ScoreDelta& sum = all.deltas[add(delta.post.text, {}, 0)];
        sum.delta += delta.delta;
        sum.votes += delta.votes;
    }
    return all;
}

class Plan {
public:
    explicit Plan(Numbered all) :
        m_all{std::move(all)}, m_board{m_all.scores, keyOrder({m_all.keys.begin(), m_all.keys.end()})},
        m_after{m_board, changesOf(m_all)}
    {
    }

    [[nodiscard]] std::vector<domain::ScoreChange> changes() const
    {
        std::vector<domain::ScoreChange> list;
        for (const auto& [post, delta] : m_all.deltas)
            list.push_back(changeOf(post));
        std::sort(list.begin(), list.end(), [](const domain::ScoreChange& left, const domain::ScoreChange& right) {
            const double leftWeight = weightOfMove(left.rankBefore, left.rankAfter);
            const double rightWeight = weightOfMove(right.rankBefore, right.rankAfter);
            return leftWeight != rightWeight ? leftWeight > rightWeight : left.rankBefore < right.rankBefore;
        });
        return list;
    }

    /// Who is in the head before or after, by rank before. Who comes into it was among the next behind it, one for each post
    /// that changes, or changes itself.
    [[nodiscard]] std::vector<domain::ScoreChange> leaders(std::size_t count) const
    {
        const std::size_t looked = std::min(m_board.sorted().size(), count + m_all.deltas.size());
        std::set<std::uint32_t> posts;
        for (std::size_t at = 0; at < looked; ++at)
            posts.insert(m_board.sorted()[at].post);
        for (const auto& [post, delta] : m_all.deltas)
            posts.insert(post);
        std::vector<domain::ScoreChange> list;
        for (const std::uint32_t post : posts) {
            domain::ScoreChange change = changeOf(post);
            if (std::min(change.rankBefore, change.rankAfter) <= static_cast<std::int64_t>(count))
                list.push_back(std::move(change));
        }
        std::sort(list.begin(), list.end(), [](const domain::ScoreChange& left, const domain::ScoreChange& right) {
            return left.rankBefore < right.rankBefore;
        });
        return list;
    }

    [[nodiscard]] double netScore() const
    {
        return std::accumulate(m_all.deltas.begin(), m_all.deltas.end(), 0.0,
                               [](double sum, const auto& delta) { return sum + delta.second.delta; });
    }

private:
    static std::vector<ChangedBoard::Change> changesOf(const Numbered& all)
    {
        std::vector<ChangedBoard::Change> changes;
        for (const auto& [post, delta] : all.deltas)
            changes.push_back({post, delta.delta});
        return changes;
    }

    [[nodiscard]] domain::ScoreChange changeOf(std::uint32_t post) const
    {
        const double score = m_board.scoreOf(post);
        domain::ScoreChange change{
            domain::PostKey{m_all.keys[post]}, m_all.titles[post], score, score, m_board.rankOf(post), 0, 0};
        if (const auto delta = m_all.deltas.find(post); delta != m_all.deltas.end()) {
            change.scoreAfter += delta->second.delta;
            change.votes = delta->second.votes;
        }
        change.rankAfter = m_after.rankOf(post, change.scoreAfter);
        return change;
    }

    Numbered m_all;
    Board m_board;
    ChangedBoard m_after;
};

} // namespace

bool keyBefore(const domain::PostKey& left, const domain::PostKey& right) noexcept
{
    return keyTextBefore(left.text, right.text);
}

double weightOfMove(std::int64_t rankWith, std::int64_t rankWithout) noexcept
{
    const auto weight = [](std::int64_t rank) {
        return 1.0 / std::log2(1.0 + static_cast<double>(std::max<std::int64_t>(rank, 1)));
    };
    return std::abs(weight(rankWith) - weight(rankWithout));
}

void addImpacts(std::vector<domain::Flag>& flags, const domain::ScanInput& input)
{
    const auto facts = factsOf(flags, input.votes);
    if (facts.empty())
        return;
    const Board board = boardOf(input.votes);
    for (domain::Flag& flag : flags) {
        Impact impact = impactOf(flag, facts, board, input.votes);
        flag.rankImpact = std::move(impact.worst);
        flag.displacement = std::round(impact.displacement * 1e4) / 1e4;
    }
    std::sort(flags.begin(), flags.end(), domain::isWorse);
}

PlanImpact planImpact(std::span<const PostTotal> totals, std::span<const ScoreDelta> deltas, std::size_t leaders)
{
    const Plan plan{numbered(totals, deltas)};
    PlanImpact impact;
    impact.changes = plan.changes();
    impact.leaders = plan.leaders(leaders);
    impact.netScore = plan.netScore();
    return impact;
}

} // namespace scr::rank
