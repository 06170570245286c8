#include "simulate/campaign_maker.h"

#include <algorithm>
#include <numeric>

namespace scr::simulate {

namespace {

std::uint64_t pairOf(std::uint32_t token, std::uint32_t post) noexcept
{
    return static_cast<std::uint64_t>(token) << 32U | post;
}

} // namespace

CampaignMaker::CampaignMaker(SitePlan& plan) : m_plan{plan}, m_honestVotes(plan.options.tokens)
{
    m_plan.marks.assign(1, PlannedMark{});
    m_plan.markOf.assign(m_plan.when.size(), 0);
    m_plan.shift.assign(m_plan.when.size(), 0);
    m_pairs.reserve(m_plan.when.size());
    for (std::size_t vote = 0; vote < m_plan.when.size(); ++vote) {
        m_pairs.push_back(pairOf(m_plan.tokenOf(vote), m_plan.what[vote] >> 1U));
        ++m_honestVotes[m_plan.tokenOf(vote)];
    }
    std::sort(m_pairs.begin(), m_pairs.end());
    m_byBirth.resize(m_plan.posts.size());
    std::iota(m_byBirth.begin(), m_byBirth.end(), 0U);
}

void CampaignMaker::begin(std::string_view kind, bool isAttack, OriginKind origin, std::uint32_t network)
{
    PlannedCampaign campaign;
    campaign.told.kind = kind;
    campaign.told.isAttack = isAttack;
    campaign.origin = origin;
    campaign.network = network;
    m_plan.campaigns.push_back(std::move(campaign));
}

std::uint32_t CampaignMaker::markOf(Label label)
{
    const PlannedMark mark{static_cast<std::uint32_t>(m_plan.campaigns.size() - 1), label};
    for (std::size_t at = m_plan.marks.size(); at-- > 1 && m_plan.marks[at].campaign == mark.campaign;) {
        if (m_plan.marks[at].label == label)
            return static_cast<std::uint32_t>(at);
    }
    m_plan.marks.push_back(mark);
    return static_cast<std::uint32_t>(m_plan.marks.size() - 1);
}

void CampaignMaker::add(std::int64_t at, std::int64_t shift, std::uint32_t token, std::uint32_t post, bool up, Label label)
{
    m_extras.push_back({at, shift, token, post, markOf(label), up});
    m_plan.posts[post].counter += up ? 1 : -1;
}

bool CampaignMaker::has(std::uint32_t token, std::uint32_t post) const
{
    const std::uint64_t pair = pairOf(token, post);
    return m_added.contains(pair) || std::binary_search(m_pairs.begin(), m_pairs.end(), pair);
}

bool CampaignMaker::vote(std::int64_t at, std::uint32_t token, std::uint32_t post, bool up, Label label, std::int64_t shift)
{
    if (at < 0 || at >= m_plan.end() || has(token, post))
        return false;
    m_added.insert(pairOf(token, post));
    add(at, shift, token, post, up, label);
    return true;
}

void CampaignMaker::voteAgain(std::int64_t at, std::uint32_t token, std::uint32_t post, bool up, Label label)
{
    add(std::min(at, m_plan.end() - 1), 0, token, post, up, label);
}

void CampaignMaker::refuse(std::int64_t at, std::int64_t lasts, std::uint32_t token, std::uint32_t post, bool up)
{
    m_plan.refusals.push_back({at, lasts, token, post, up, static_cast<std::uint32_t>(m_plan.campaigns.size() - 1)});
}

std::uint32_t CampaignMaker::newToken(std::int64_t joinedAt)
{
    m_plan.joined.push_back(joinedAt);
    return static_cast<std::uint32_t>(m_plan.options.tokens + m_plan.joined.size() - 1);
}

std::uint32_t CampaignMaker::oldToken(Random& random, std::uint32_t votes)
{
    for (int tries = 0; tries < 4000; ++tries) {
        const auto token = static_cast<std::uint32_t>(random.below(m_plan.options.tokens));
        if (m_honestVotes[token] >= votes)
            return token;
    }
    return static_cast<std::uint32_t>(std::max_element(m_honestVotes.begin(), m_honestVotes.end()) - m_honestVotes.begin());
}

std::uint32_t CampaignMaker::newPost(std::int64_t bornAt, double quality, std::uint32_t author)
{
    m_plan.posts.push_back({bornAt, quality, 0.86F, author, 0});
    return static_cast<std::uint32_t>(m_plan.posts.size() - 1);
}

std::uint32_t CampaignMaker::post(Random& random, std::int64_t at, std::int64_t age, int tries) const
{
    const auto bornBefore = [&](std::uint32_t post, std::int64_t time) { return m_plan.posts[post].bornAt < time; };
    const auto begin = std::lower_bound(m_byBirth.begin(), m_byBirth.end(), at - age, bornBefore);
    const auto end = std::lower_bound(begin, m_byBirth.end(), at + 1, bornBefore);
    if (begin == end)
        return m_byBirth[begin == m_byBirth.begin() ? 0 : static_cast<std::size_t>(begin - m_byBirth.begin()) - 1];
    const auto count = static_cast<std::uint64_t>(end - begin);
    std::uint32_t best = begin[static_cast<std::ptrdiff_t>(random.below(count))];
    for (int more = 1; more < tries; ++more) {
        const std::uint32_t other = begin[static_cast<std::ptrdiff_t>(random.below(count))];
        if (m_plan.posts[other].quality > m_plan.posts[best].quality)
            best = other;
    }
    return best;
}

bool CampaignMaker::give(std::uint32_t post, std::uint32_t author)
{
    if (!m_given.insert(post).second)
        return false;
    m_plan.posts[post].author = author;
    return true;
}

bool CampaignMaker::likes(Random& random, std::uint32_t post) const
{
    return random.chance(static_cast<double>(m_plan.posts[post].likes));
}

std::int64_t CampaignMaker::start(Random& random, std::int64_t length) const
{
    return static_cast<std::int64_t>(random.uniform() * static_cast<double>(std::max<std::int64_t>(1, m_plan.end() - length)));
}

void CampaignMaker::finish()
{
    SitePlan& plan = m_plan;
    for (const Extra& extra : m_extras) {
        plan.when.push_back(static_cast<std::uint64_t>(extra.at) << SitePlan::kTokenBits | extra.token);
        plan.what.push_back(extra.post << 1U | (extra.up ? 1U : 0U));
        plan.markOf.push_back(extra.mark);
        plan.shift.push_back(extra.shift);
    }
    std::vector<std::uint32_t> order(plan.when.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
        return plan.when[left] != plan.when[right] ? plan.when[left] < plan.when[right] : left < right;
    });
    const auto inOrder = [&](auto& column) {
        auto sorted = column;
        for (std::size_t at = 0; at < order.size(); ++at)
            sorted[at] = column[order[at]];
        column = std::move(sorted);
    };
    inOrder(plan.when);
    inOrder(plan.what);
    inOrder(plan.markOf);
    inOrder(plan.shift);
    std::stable_sort(plan.refusals.begin(), plan.refusals.end(),
                     [](const PlannedRefusal& left, const PlannedRefusal& right) { return left.at < right.at; });
    tell();
}

/// Sums up each campaign's votes for those who ask for the truth.
void CampaignMaker::tell()
{
    std::vector<std::vector<std::uint32_t>> tokens(m_plan.campaigns.size());
    std::vector<std::vector<std::uint32_t>> posts(m_plan.campaigns.size());
    for (std::size_t vote = 0; vote < m_plan.when.size(); ++vote) {
        if (m_plan.markOf[vote] == 0)
            continue;
        const PlannedMark mark = m_plan.marks[m_plan.markOf[vote]];
        Campaign& told = m_plan.campaigns[mark.campaign].told;
        if (told.isAttack && mark.label == Label::Companion)
            continue;
        const domain::UtcTime at = m_plan.options.start + std::chrono::milliseconds{m_plan.castOf(vote)};
        told.from = told.votes == 0 ? at : std::min(told.from, at);
        told.to = std::max(told.to, at);
        ++told.votes;
        tokens[mark.campaign].push_back(m_plan.tokenOf(vote));
        posts[mark.campaign].push_back(m_plan.what[vote] >> 1U);
    }
    const auto distinct = [](std::vector<std::uint32_t>& values) {
        std::sort(values.begin(), values.end());
        return static_cast<std::uint64_t>(std::unique(values.begin(), values.end()) - values.begin());
    };
    for (std::size_t at = 0; at < m_plan.campaigns.size(); ++at) {
        m_plan.campaigns[at].told.tokens = distinct(tokens[at]);
        m_plan.campaigns[at].told.posts = distinct(posts[at]);
    }
}

} // namespace scr::simulate
