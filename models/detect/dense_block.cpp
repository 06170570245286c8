#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "detect/alike_tokens.h"
#include "detect/flag_parts.h"
#include "detect/group_matrix.h"
#include "detect/lockstep_groups.h"
#include "detect/tails.h"
#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::Index;
using domain::Severity;

/// What lockstep asks of minutes, asked of hours.
LockstepRule asLockstep(const DenseBlockRule& rule)
{
    return {rule.maxProbability, rule.window, rule.posts, rule.members, rule.together, rule.highMembers, rule.criticalMembers};
}

struct Block {
    LockstepGroup group;
    std::int64_t from{}; ///< its days
    std::int64_t to{};
    std::size_t busy{};    ///< members that cast most of their votes in those days
    double usual{};        ///< share of the site's tokens that vote as much of which that is true
    std::size_t authors{}; ///< of the posts; 0: not known
    double own{};          ///< votes of the members on anything
    double score{};
    Severity severity{};

    [[nodiscard]] auto order() const noexcept { return group.members.front(); }
};

class DenseBlock {
public:
    DenseBlock(const Scene& scene, const RowGroups& byToken) :
        m_scene{scene}, m_votes{scene.input.votes}, m_rule{scene.rules.denseBlock}, m_byToken{byToken}
    {
        if (m_scene.order.size() > 0) {
            m_first = m_votes.castAt[m_scene.order.row(0)];
            m_last = m_votes.castAt[m_scene.order.row(m_scene.order.size() - 1)];
        }
    }

    [[nodiscard]] std::optional<Block> judged(LockstepGroup&& group) const
    {
        Block block;
        block.group = std::move(group);
        if (!isOfManyAuthors(block) || !hasItsDays(block))
            return std::nullopt;
        for (const Index member : block.group.members)
            block.own += m_scene.facts.ofToken[member];
        block.score = block.group.score;
        block.severity = block.group.severity;
        return block;
    }

    [[nodiscard]] Flag flagOf(const Block& block) const
    {
        const LockstepGroup& group = block.group;
        Flag flag = flagOver(m_scene, domain::DetectorId::DenseBlock,
                             {domain::SubjectKind::Group, m_votes.tokens.key(group.members.front()), {}}, group.rows);
        flag.score = block.score;
        flag.severity = block.severity;
        flag.rule = parametersOf(m_rule);
        const std::size_t members = group.members.size();
        const std::size_t posts = group.events.size();
        flag.headline = "A group of tokens has the same posts in common";
        const std::string days = domain::durationText(domain::Micros{block.to - block.from});
        flag.summary = fmt::format("{} tokens on the same {} posts in {}", countText(members), countText(posts), days);
        flag.explanation = fmt::format(
            "{} tokens have {} posts in common: {} of the {} votes that would make all of them vote "
            "on all, on each within {}; {}. By "
            "how active they and the posts are, at most {:.2g} of them would meet on one of these "
            "posts; that such a group exists "
            "by chance is {}. A taste lasts, a campaign has its days: {} of the {} cast most of their "
            "votes in these {}, as {:.2g} "
            "% of the site's tokens do that vote as much.",
            countText(members), countText(posts), countText(group.rows.size()), countText(members * posts),
            domain::durationText(m_rule.window), directionText(m_votes, group.rows), group.expected / kLockstepOverdispersion,
            oddsText(-block.score), countText(block.busy), countText(members), days, 100 * block.usual);
        addCounterEvidence(block, flag);
        flag.clearsIf = "Clears if the tokens follow one list of posts, as a jury, a class or a reading group does.";
        flag.evidence = matrixOf(m_votes, group);
        return flag;
    }

private:
    /// Whose posts are all by one author are that author's readers; other detectors ask about them.
    [[nodiscard]] bool isOfManyAuthors(Block& block) const
    {
        std::unordered_map<Index, std::size_t> posts;
        for (const LockstepEvent& event : block.group.events) {
            const Index author = m_votes.authorOf(event.post);
            if (author == domain::kNoIndex)
                return true;
            if (2 * ++posts[author] > block.group.events.size())
                return false;
        }
        block.authors = posts.size();
        return true;
    }

    /// People of one taste share posts for as long as they are there; a campaign has its days. Members for whom the days of the
    /// block hold most of their votes, against how usual that is among the site's tokens that vote as much.
    [[nodiscard]] bool hasItsDays(Block& block) const
    {
        constexpr double kFactor = 3; ///< who shares a taste may have come at one time, more than everybody
        const LockstepGroup& group = block.group;
        block.from = group.events.front().from;
        block.to = block.from;
        for (const LockstepEvent& event : group.events)
            block.to = std::max(block.to, event.to);
        if (2 * (block.to - block.from) > m_last - m_first)
            return false; // most of what was read: there is nothing to compare it with
        std::vector<std::uint32_t> own;
        for (const Index member : group.members)
            own.push_back(m_scene.facts.ofToken[member]);
        std::nth_element(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(own.size() / 2), own.end());
        const std::uint32_t least = std::max(m_rule.common, own[own.size() / 2] / 2);
        const auto isBusy = [&](Index token) { return this->isBusy(token, block.from, block.to); };
        constexpr std::size_t kAsked = 20'000; ///< tokens that tell what is usual
        std::size_t others = 0;
        std::size_t busyOthers = 0;
        for (std::size_t token = 0; token < m_byToken.size(); token += m_byToken.size() / kAsked + 1) {
            if (m_scene.facts.ofToken[token] < least ||
                std::binary_search(group.members.begin(), group.members.end(), static_cast<Index>(token)))
                continue;
            ++others;
            busyOthers += isBusy(static_cast<Index>(token)) ? 1U : 0U;
        }
        block.busy = static_cast<std::size_t>(std::count_if(group.members.begin(), group.members.end(), isBusy));
        block.usual = static_cast<double>(busyOthers + 1) / static_cast<double>(others + 1);
        return log10BinomialTail(block.busy, group.members.size(), std::min(0.95, kFactor * block.usual)) <=
               std::log10(m_rule.concentration);
    }

    [[nodiscard]] bool isBusy(Index token, std::int64_t from, std::int64_t to) const
    {
        const std::span<const std::uint32_t> rows = m_byToken.group(token);
        const auto begin =
            std::partition_point(rows.begin(), rows.end(), [&](std::uint32_t row) { return m_votes.castAt[row] < from; });
        const auto end = std::partition_point(begin, rows.end(), [&](std::uint32_t row) { return m_votes.castAt[row] <= to; });
        return begin != end && static_cast<double>(end - begin) >= kDenseBlockDays * static_cast<double>(rows.size());
    }

    void addCounterEvidence(const Block& block, Flag& flag) const
    {
        auto& against = flag.counterEvidence;
        const double inBlock = static_cast<double>(block.group.rows.size());
        if (block.own > 2 * inBlock)
            against.push_back(fmt::format("{:.0f} % of the tokens' votes are on other posts.", 100 * (1 - inBlock / block.own)));
        if (block.authors > 0 && 2 * block.authors <= block.group.events.size())
            against.push_back(fmt::format("The {} posts are by only {}: their readers would share them too.",
                                          countText(block.group.events.size()), countOf(block.authors, "author", "authors")));
        if (against.empty())
            against.emplace_back(
                "People who were given one list of posts would share them too, if they had the same days for it.");
    }

    const Scene& m_scene;
    const domain::VoteColumns& m_votes;
    const DenseBlockRule& m_rule;
    const RowGroups& m_byToken;
    std::int64_t m_first = 0; ///< of all votes
    std::int64_t m_last = 0;
};

} // namespace

std::optional<Findings> findDenseBlocks(const Scene& scene, const RowGroups& byToken, const std::vector<Index>& known,
                                        Progress& progress)
{
    std::optional<std::vector<TokenPair>> pairs = alikeTokens(scene, byToken, progress);
    if (!pairs)
        return std::nullopt;
    const auto isKnown = [&](Index token) { return std::binary_search(known.begin(), known.end(), token); };
    std::erase_if(*pairs, [&](const TokenPair& pair) { return isKnown(pair.first) || isKnown(pair.second); });
    std::vector<LockstepGroup> groups = lockstepGroups(scene, asLockstep(scene.rules.denseBlock), byToken, *pairs, progress);
    if (progress.stopped())
        return std::nullopt;
    const DenseBlock detector{scene, byToken};
    std::vector<Block> blocks;
    for (LockstepGroup& group : groups) {
        if (auto block = detector.judged(std::move(group)))
            blocks.push_back(std::move(*block));
    }
    return findingsOf(blocks, scene, progress, [&](const Block& block) { return detector.flagOf(block); });
}

} // namespace scr::detect
