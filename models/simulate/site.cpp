#include "simulate/site.h"

#include <algorithm>
#include <limits>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "simulate/plan.h"

namespace scr::simulate {

namespace {

using domain::Fault;
using domain::HistoryAttempt;

constexpr std::size_t kBatch = 4096;
constexpr std::uint32_t kReportEvery = 1U << 12U;
constexpr std::int64_t kLongestBefore = 6; ///< ms from an attempt's begin to its vote

/// Hands rows on in batches; rows are written over, so that their strings keep their memory.
template <class Row>
class Batcher {
public:
    explicit Batcher(const OnRows<Row>& onRows) : m_onRows{onRows} { m_rows.resize(kBatch); }

    [[nodiscard]] Row& slot() noexcept { return m_rows[m_used]; }
    [[nodiscard]] domain::Status push() { return ++m_used < kBatch ? domain::Status{} : flush(); }
    [[nodiscard]] domain::Status flush()
    {
        if (m_used == 0)
            return domain::Nothing{};
        return m_onRows(std::span<const Row>{m_rows.data(), std::exchange(m_used, 0)});
    }

private:
    const OnRows<Row>& m_onRows;
    std::vector<Row> m_rows;
    std::size_t m_used = 0;
};

/// Streams rows 0 … count-1, each filled by `fill`.
template <class Row, class Fill>
domain::Status stream(std::size_t count, const OnRows<Row>& onRows, Fill fill)
{
    Batcher<Row> batcher{onRows};
    for (std::size_t i = 0; i < count; ++i) {
        fill(i, batcher.slot());
        if (domain::Status pushed = batcher.push(); !pushed)
            return pushed;
    }
    return batcher.flush();
}

domain::Status check(const SiteOptions& options)
{
    struct Limit {
        std::string_view name;
        std::uint64_t value;
        std::uint64_t most;
    };
    const Limit limits[] = {{"tokens", options.tokens, 1U << SitePlan::kTokenBits},
                            {"posts", options.posts, 1U << 28U},
                            {"votes", options.votes, 2'000'000'000},
                            {"days", options.days, 3650}};
    for (const Limit& limit : limits) {
        if (limit.value < 1 || limit.value > limit.most) {
            return domain::failure(Fault::Invalid, fmt::format("{} is no number of {} to simulate", limit.value, limit.name),
                                   fmt::format("Take 1 to {}", limit.most));
        }
    }
    return domain::Nothing{};
}

domain::UtcTime absolute(const SiteOptions& options, std::int64_t milliseconds)
{
    return options.start + std::chrono::milliseconds{milliseconds};
}

void setNumber(std::string& text, std::uint64_t number)
{
    text.clear();
    fmt::format_to(std::back_inserter(text), "{}", number);
}

std::string originOfVote(const SitePlan& plan, std::size_t vote)
{
    const bool inCampaign = !plan.markOf.empty() && plan.markOf[vote] != 0;
    return originOf(plan, plan.markOfVote(vote).campaign, inCampaign, plan.tokenOf(vote), plan.timeOf(vote));
}

/// Makes the log of a plan's votes: each vote's own attempt, and now and then a double click or retries behind it.
class AttemptLog {
public:
    explicit AttemptLog(const SitePlan& plan) : m_plan{plan} {}

    domain::Status run(const OnRows<HistoryAttempt>& onRows)
    {
        Batcher<HistoryAttempt> batcher{onRows};
        for (std::size_t vote = 0; vote < m_plan.when.size(); ++vote) {
            addRefusals(m_plan.timeOf(vote));
            if (domain::Status passed = passOn(batcher, m_plan.timeOf(vote) - kLongestBefore); !passed)
                return passed;
            addAttemptsOf(vote);
        }
        addRefusals(std::numeric_limits<std::int64_t>::max());
        if (domain::Status passed = passOn(batcher, std::numeric_limits<std::int64_t>::max()); !passed)
            return passed;
        return batcher.flush();
    }

private:
    struct Pending {
        std::int64_t begin;
        std::int64_t end;
        std::uint64_t order; ///< decides between attempts of one moment
        std::size_t vote;
        bool repeats;
        bool isRefusal; ///< then `vote` counts the plan's refusals
        bool operator>(const Pending& other) const noexcept
        {
            return std::pair{begin, order} > std::pair{other.begin, other.order};
        }
    };

    void addAttemptsOf(std::size_t vote)
    {
        constexpr double kDoubleClick = 0.006;
        constexpr double kRetries = 0.003;
        Random random{m_plan.options.seed, Purpose::Attempt, vote};
        const std::int64_t at = m_plan.timeOf(vote);
        const auto before = static_cast<std::int64_t>(random.below(kLongestBefore)) + 1;
        add(at - before, at + 1 + static_cast<std::int64_t>(random.lognormal(4, 0.6)), vote, false);
        const double more = random.uniform();
        if (more < kDoubleClick) {
            repeat(random, vote, at - before + 40 + static_cast<std::int64_t>(random.lognormal(140, 0.35)));
        } else if (more < kDoubleClick + kRetries) {
            std::int64_t begin = at - before;
            for (std::uint64_t left = 1 + random.below(3); left > 0; --left) {
                begin += static_cast<std::int64_t>(random.lognormal(1300, 0.2));
                repeat(random, vote, begin);
            }
        }
    }
    void repeat(Random& random, std::size_t vote, std::int64_t begin)
    {
        add(begin, begin + 2 + static_cast<std::int64_t>(random.lognormal(3, 0.6)), vote, true);
    }
    void add(std::int64_t begin, std::int64_t end, std::size_t vote, bool repeats)
    {
        m_pending.push({begin, end, m_order++, vote, repeats, false});
    }
    void addRefusals(std::int64_t upTo)
    {
        for (; m_refusal < m_plan.refusals.size() && m_plan.refusals[m_refusal].at <= upTo; ++m_refusal) {
            const PlannedRefusal& refusal = m_plan.refusals[m_refusal];
            m_pending.push({refusal.at, refusal.at + refusal.lasts, m_order++, m_refusal, true, true});
        }
    }

    domain::Status passOn(Batcher<HistoryAttempt>& batcher, std::int64_t before)
    {
        while (!m_pending.empty() && m_pending.top().begin < before) {
            fill(batcher.slot(), m_pending.top());
            m_pending.pop();
            if (domain::Status pushed = batcher.push(); !pushed)
                return pushed;
        }
        return domain::Nothing{};
    }

    void fillRefusal(HistoryAttempt& row, const Pending& attempt) const
    {
        const PlannedRefusal& refusal = m_plan.refusals[attempt.vote];
        setNumber(row.token, refusal.token + 1);
        setNumber(row.post, refusal.post + 1);
        row.value = refusal.up ? 1 : -1;
        row.attemptedAt = absolute(m_plan.options, attempt.begin);
        row.finishedAt = absolute(m_plan.options, attempt.end);
        row.outcome = domain::AttemptOutcome::Duplicate;
        row.voteKey.clear();
        row.origin = originOf(m_plan, refusal.campaign, true, refusal.token, refusal.at);
        row.requestKey = fmt::format(
            "{:016x}", Random{m_plan.options.seed, Purpose::Name, ~(static_cast<std::uint64_t>(attempt.vote) << 32U)}.bits());
    }

    void fill(HistoryAttempt& row, const Pending& attempt) const
    {
        if (attempt.isRefusal)
            return fillRefusal(row, attempt);
        const std::uint32_t token = m_plan.tokenOf(attempt.vote);
        setNumber(row.token, token + 1);
        setNumber(row.post, (m_plan.what[attempt.vote] >> 1U) + 1);
        row.value = (m_plan.what[attempt.vote] & 1U) != 0 ? 1 : -1;
        row.attemptedAt = absolute(m_plan.options, attempt.begin);
        row.finishedAt = absolute(m_plan.options, attempt.end);
        row.outcome = attempt.repeats ? domain::AttemptOutcome::Duplicate : domain::AttemptOutcome::Accepted;
        row.voteKey.clear();
        if (!attempt.repeats)
            setNumber(row.voteKey, attempt.vote + 1);
        row.origin = originOfVote(m_plan, attempt.vote);
        row.requestKey =
            fmt::format("{:016x}", Random{m_plan.options.seed, Purpose::Name, ~static_cast<std::uint64_t>(attempt.vote)}.bits());
    }

    const SitePlan& m_plan;
    std::priority_queue<Pending, std::vector<Pending>, std::greater<>> m_pending;
    std::uint64_t m_order = 0;
    std::size_t m_refusal = 0;
};

} // namespace

Site::Site(std::unique_ptr<const SitePlan> plan) : m_plan{std::move(plan)}
{
    for (const PlannedCampaign& campaign : m_plan->campaigns)
        m_campaigns.push_back(campaign.told);
}
Site::Site(Site&&) noexcept = default;
Site& Site::operator=(Site&&) noexcept = default;
Site::~Site() = default;

const SiteOptions& Site::options() const noexcept
{
    return m_plan->options;
}

std::uint64_t Site::tokenCount() const noexcept
{
    return m_plan->options.tokens + m_plan->joined.size();
}

std::uint64_t Site::postCount() const noexcept
{
    return m_plan->posts.size();
}

std::uint64_t Site::voteCount() const noexcept
{
    return m_plan->when.size();
}

std::span<const Campaign> Site::campaigns() const noexcept
{
    return m_campaigns;
}

domain::Result<Site> Site::make(const SiteOptions& options, const domain::KeepGoing& keepGoing)
{
    return make(Scenario{options, {}, {}}, keepGoing);
}

domain::Result<Site> Site::make(const Scenario& scenario, const domain::KeepGoing& keepGoing)
{
    const SiteOptions& options = scenario.site;
    if (const domain::Status fine = check(options); !fine)
        return domain::failureOf(fine);
    auto plan = std::make_unique<SitePlan>();
    plan->options = options;
    plan->posts = bearPosts(options);
    const auto backlog =
        std::count_if(plan->posts.begin(), plan->posts.end(), [](const PlannedPost& post) { return post.bornAt <= 0; });
    const auto votesOfToken = allotVotes(options, static_cast<std::uint64_t>(backlog));
    if (!votesOfToken)
        return domain::failureOf(votesOfToken);
    plan->when.reserve(options.votes);
    SessionMaker sessions{plan->options};
    for (std::uint32_t token = 0; token < options.tokens; ++token) {
        if (token % kReportEvery == 0 && keepGoing && !keepGoing(plan->when.size(), 2 * options.votes))
            return domain::failure(Fault::Cancelled, "The simulation was stopped");
        if ((*votesOfToken)[token] > 0)
            sessions.append(token, (*votesOfToken)[token], plan->when);
    }
    std::sort(plan->when.begin(), plan->when.end());
    if (const domain::Status chosen = choosePosts(*plan, *votesOfToken, keepGoing); !chosen)
        return domain::failureOf(chosen);
    if (!scenario.attacks.empty() || !scenario.controls.empty())
        addScenario(scenario, *plan);
    return Site{std::move(plan)};
}

domain::Status Site::tokens(const OnRows<domain::HistoryToken>& onRows) const
{
    return stream(tokenCount(), onRows, [&](std::size_t i, domain::HistoryToken& row) {
        const auto token = static_cast<std::uint32_t>(i);
        setNumber(row.token, token + 1);
        row.label = labelOf(m_plan->options, token);
        const std::int64_t joined =
            i < m_plan->options.tokens ? personOf(m_plan->options, token).joinedAt : m_plan->joined[i - m_plan->options.tokens];
        row.createdAt = absolute(m_plan->options, joined);
        row.state = "active";
    });
}

domain::Status Site::posts(const OnRows<domain::HistoryPost>& onRows) const
{
    return stream(m_plan->posts.size(), onRows, [&](std::size_t i, domain::HistoryPost& row) {
        const PlannedPost& post = m_plan->posts[i];
        setNumber(row.post, i + 1);
        row.title = titleOf(m_plan->options, static_cast<std::uint32_t>(i));
        setNumber(row.author, post.author + 1);
        row.createdAt = absolute(m_plan->options, post.bornAt);
        row.counter = static_cast<double>(post.counter);
    });
}

domain::Status Site::votes(const OnRows<domain::HistoryVote>& onRows) const
{
    return stream(m_plan->when.size(), onRows, [&](std::size_t i, domain::HistoryVote& row) {
        const std::uint32_t token = m_plan->tokenOf(i);
        const std::uint32_t post = m_plan->what[i] >> 1U;
        setNumber(row.token, token + 1);
        setNumber(row.post, post + 1);
        row.value = (m_plan->what[i] & 1U) != 0 ? 1 : -1;
        row.castAt = absolute(m_plan->options, m_plan->castOf(i));
        setNumber(row.voteKey, i + 1);
        setNumber(row.author, m_plan->posts[post].author + 1);
        row.origin = originOfVote(*m_plan, i);
    });
}

domain::Status Site::truth(const OnRows<TruthRow>& onRows) const
{
    Batcher<TruthRow> batcher{onRows};
    for (std::size_t vote = 0; vote < m_plan->markOf.size(); ++vote) {
        if (m_plan->markOf[vote] == 0)
            continue;
        const PlannedMark mark = m_plan->markOfVote(vote);
        batcher.slot() = {vote + 1, mark.label, mark.campaign};
        if (domain::Status pushed = batcher.push(); !pushed)
            return pushed;
    }
    return batcher.flush();
}

domain::Status Site::attempts(const OnRows<HistoryAttempt>& onRows) const
{
    return AttemptLog{*m_plan}.run(onRows);
}

} // namespace scr::simulate
