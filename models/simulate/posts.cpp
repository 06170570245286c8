#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "simulate/plan.h"

namespace scr::simulate {

namespace {

using domain::Fault;

constexpr double kShareBornBefore = 0.3;
constexpr double kLifetime = 7.0 * kHour;       ///< a post's pull falls to 1/e in that time
constexpr std::int64_t kForgotten = 63 * kHour; ///< after nine lifetimes it is found in the archive only
constexpr double kFromTheArchive = 0.03;
constexpr std::uint32_t kBlock = 16;
constexpr std::size_t kReportEvery = 1U << 16U;

/// Picks a post by quality and age. The pull of all posts decays by the same factor, so one running sum of quality * e^(birth /
/// lifetime) serves every moment; it starts anew every kForgotten, before it overflows.
class Pull {
public:
    explicit Pull(const std::vector<PlannedPost>& posts) : m_posts{posts} {}

    void moveTo(std::int64_t at)
    {
        while (m_born < m_posts.size() && m_posts[m_born].bornAt <= at)
            ++m_born;
        while (m_posts[m_oldest].bornAt < at - kForgotten && m_oldest + 1 < m_born)
            ++m_oldest;
        if (m_sums.empty() || at >= m_epochEnd)
            startEpoch(at);
    }
    [[nodiscard]] std::uint32_t pick(Random& random) const
    {
        if (random.chance(kFromTheArchive))
            return static_cast<std::uint32_t>(random.below(m_born));
        const double low = sumBefore(m_oldest);
        const double aim = low + random.uniform() * (sumBefore(m_born) - low);
        const auto found = std::upper_bound(m_sums.begin() + offset(m_oldest), m_sums.begin() + offset(m_born), aim);
        const auto post = m_first + static_cast<std::size_t>(found - m_sums.begin()) - 1;
        return static_cast<std::uint32_t>(std::min(post, m_born - 1));
    }
    [[nodiscard]] std::size_t born() const noexcept { return m_born; }

private:
    [[nodiscard]] std::ptrdiff_t offset(std::size_t post) const noexcept { return static_cast<std::ptrdiff_t>(post - m_first); }
    [[nodiscard]] double sumBefore(std::size_t post) const noexcept { return m_sums[post - m_first]; }
    void startEpoch(std::int64_t at)
    {
        m_epochEnd = at + kForgotten;
        m_first = m_oldest;
        m_sums.assign(1, 0.0);
        for (std::size_t post = m_first; post < m_posts.size() && m_posts[post].bornAt < m_epochEnd; ++post) {
            const double age = static_cast<double>(std::max(m_posts[post].bornAt - at, -2 * kForgotten));
            m_sums.push_back(m_sums.back() + m_posts[post].quality * exponential(age / kLifetime));
        }
    }

    const std::vector<PlannedPost>& m_posts;
    std::size_t m_born = 0;   ///< posts born by now
    std::size_t m_oldest = 0; ///< first of them that is not forgotten
    std::size_t m_first = 0;  ///< post of m_sums' first step
    std::int64_t m_epochEnd = 0;
    std::vector<double> m_sums;
};

/// The posts each token has voted on, in one block of memory.
class Voted {
public:
    explicit Voted(const std::vector<std::uint32_t>& votesOfToken) : m_begin(votesOfToken.size() + 1), m_used(votesOfToken.size())
    {
        for (std::size_t token = 0; token < votesOfToken.size(); ++token)
            m_begin[token + 1] = m_begin[token] + votesOfToken[token];
        m_posts.resize(m_begin.back());
    }
    [[nodiscard]] bool has(std::uint32_t token, std::uint32_t post) const noexcept
    {
        const std::uint32_t* at = m_posts.data() + m_begin[token];
        const std::uint32_t* const end = at + m_used[token];
        for (; end - at >= kBlock; at += kBlock) { // without an early exit the compiler compares several at once
            bool found = false;
            for (std::uint32_t i = 0; i < kBlock; ++i)
                found |= at[i] == post;
            if (found)
                return true;
        }
        return std::find(at, end, post) != end;
    }
    void add(std::uint32_t token, std::uint32_t post) noexcept { m_posts[m_begin[token] + m_used[token]++] = post; }

private:
    std::vector<std::size_t> m_begin;
    std::vector<std::uint32_t> m_used;
    std::vector<std::uint32_t> m_posts;
};

std::uint32_t choose(const SitePlan& plan, const Pull& pull, const Voted& voted, Random& random, std::uint32_t token)
{
    constexpr int kTries = 12;
    for (int i = 0; i < kTries; ++i) {
        const std::uint32_t post = pull.pick(random);
        if (plan.posts[post].author != token && !voted.has(token, post))
            return post;
    }
    // there is one: nobody casts more votes than there were posts from the start
    auto post = static_cast<std::uint32_t>(random.below(pull.born()));
    while (voted.has(token, post))
        post = static_cast<std::uint32_t>((post + 1) % pull.born());
    return post;
}

} // namespace

std::vector<PlannedPost> bearPosts(const SiteOptions& options)
{
    const double length = static_cast<double>(options.days) * kDay / (1 - kShareBornBefore);
    const double before = kShareBornBefore * length;
    const std::uint64_t authors = std::max<std::uint64_t>(1, std::min(options.tokens, options.posts / 6));
    std::vector<PlannedPost> posts(options.posts);
    for (std::size_t i = 0; i < posts.size(); ++i) {
        Random random{options.seed, Purpose::Post, i};
        PlannedPost& post = posts[i];
        const double place = (static_cast<double>(i) + random.uniform()) / static_cast<double>(posts.size());
        post.bornAt = static_cast<std::int64_t>(place * length - before);
        post.quality = random.lognormal(1, 1.2);
        post.likes = static_cast<float>(std::min(0.98, 0.86 + 0.06 * random.normal()));
        const double fame = random.uniform(); // few write much, many little
        const auto author = static_cast<std::uint64_t>(fame * fame * static_cast<double>(authors));
        post.author = static_cast<std::uint32_t>(Random{options.seed, Purpose::Name, author}.below(options.tokens));
    }
    posts.front().bornAt = static_cast<std::int64_t>(-before);
    return posts;
}

domain::Status choosePosts(SitePlan& plan, const std::vector<std::uint32_t>& votesOfToken, const domain::KeepGoing& keepGoing)
{
    Voted voted{votesOfToken};
    Pull pull{plan.posts};
    plan.what.resize(plan.when.size());
    for (std::size_t vote = 0; vote < plan.when.size(); ++vote) {
        if (vote % kReportEvery == 0 && keepGoing && !keepGoing(plan.when.size() + vote, 2 * plan.when.size()))
            return domain::failure(Fault::Cancelled, "The simulation was stopped");
        const std::uint32_t token = plan.tokenOf(vote);
        Random random{plan.options.seed, Purpose::Choice, vote};
        pull.moveTo(plan.timeOf(vote));
        const std::uint32_t post = choose(plan, pull, voted, random, token);
        voted.add(token, post);
        const bool up = random.chance(static_cast<double>(plan.posts[post].likes));
        plan.posts[post].counter += up ? 1 : -1;
        plan.what[vote] = post << 1U | (up ? 1U : 0U);
    }
    return domain::Nothing{};
}

} // namespace scr::simulate
