#include "evaluate/evaluate.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "detect/scan.h"
#include "detect/scores.h"
#include "domain/network.h"
#include "domain/numbering.h"
#include "evaluate/displacement.h"
#include "evaluate/truth.h"

namespace scr::evaluate {

namespace {

using simulate::Label;

class Comparison {
public:
    Comparison(const simulate::Site& site, const Truth& truth, SeedResult& result) :
        m_site{site}, m_truth{truth}, m_result{result}
    {
    }

    void run(const domain::ScanInput& input, const detect::ScanReport& report)
    {
        m_taken.assign(m_truth.label.size(), false);
        for (const domain::Flag& flag : report.flags)
            takeFlag(flag);
        countVotes();
        weighEvaders(input.votes);
        const std::vector<float> scores = detect::voteScores(input, report);
        std::vector<signed char> truth(scores.size());
        for (std::size_t row = 0; row < truth.size(); ++row)
            truth[row] = m_truth.label[row] == Label::Attack ? 1 : m_truth.label[row] == Label::Honest ? 0 : -1;
        m_result.averagePrecision = averagePrecision(scores, truth);
        weighRanks(input.votes);
    }

private:
    void takeFlag(const domain::Flag& flag)
    {
        DetectorResult& detector = m_result.detectors[std::string{domain::nameOf(flag.detector)}];
        std::uint64_t honest = 0;
        std::uint64_t known = 0;
        bool onControl = false;
        const std::vector<domain::VoteKey>& votes = flag.extraVotes.empty() ? flag.votes : flag.extraVotes;
        for (const domain::VoteKey& key : votes) {
            const std::size_t row = rowOf(key);
            const Label label = m_truth.label[row];
            honest += label == Label::Honest ? 1U : 0U;
            known += label == Label::Honest || label == Label::Attack ? 1U : 0U;
            onControl = onControl || (m_truth.marked[row] && !m_site.campaigns()[m_truth.campaign[row]].isAttack);
        }
        ++detector.flags;
        detector.votes += flag.extraVotes.size();
        detector.honest += honest;
        const bool isWrong = known > 0 && 2 * honest > known;
        detector.wrong += isWrong ? 1U : 0U;
        if (flag.severity == domain::Severity::Low)
            return;
        for (const domain::VoteKey& key : flag.extraVotes)
            m_taken[rowOf(key)] = true;
        if (!isWrong)
            return;
        ++m_result.wrongFlags;
        m_result.wrongOnControls += onControl ? 1U : 0U;
        m_result.remarks.push_back(fmt::format("{} {} {}: {}", domain::nameOf(flag.severity), domain::nameOf(flag.detector),
                                               onControl ? "on a control" : "on the honest", flag.explanation));
    }

    void weighRanks(const domain::VoteColumns& votes)
    {
        std::vector<double> attacked(votes.posts.size());
        std::vector<double> honest(votes.posts.size());
        std::vector<double> cleaned(votes.posts.size());
        for (std::size_t row = 0; row < votes.size(); ++row) {
            const double value = votes.value[row];
            attacked[votes.post[row]] += value;
            honest[votes.post[row]] += m_truth.label[row] == Label::Attack ? 0 : value;
            cleaned[votes.post[row]] += m_taken[row] ? 0 : value;
        }
        if (const double moved = displacementBetween(attacked, honest); moved > 0)
            m_result.rankRestored = 1 - displacementBetween(cleaned, honest) / moved;
    }

    /// What the votes of an adaptive evader that nobody took out buy: places that the post it lifted most has risen, a day.
    void weighEvaders(const domain::VoteColumns& votes)
    {
        std::vector<double> scores(votes.posts.size());
        std::map<std::uint32_t, std::map<domain::Index, double>> bought;
        for (std::size_t row = 0; row < votes.size(); ++row) {
            if (m_taken[row])
                continue;
            scores[votes.post[row]] += votes.value[row];
            if (m_truth.label[row] == Label::Attack &&
                m_site.campaigns()[m_truth.campaign[row]].kind == simulate::nameOf(simulate::Family::AdaptiveEvader))
                bought[m_truth.campaign[row]][votes.post[row]] += votes.value[row];
        }
        for (const auto& [campaign, posts] : bought) {
            const simulate::Campaign& evader = m_site.campaigns()[campaign];
            const double days = std::max(1.0, std::chrono::duration<double>(evader.to - evader.from).count() / 86'400);
            double most = 0;
            for (const auto& [post, points] : posts) {
                const double with = scores[post];
                const auto passed = std::count_if(scores.begin(), scores.end(), [&, least = with - points](double score) {
                    return score >= least && score < with;
                });
                most = std::max(most, static_cast<double>(passed));
            }
            m_result.evaderPlaces.push_back(most / days);
        }
    }

    void countVotes()
    {
        std::vector<FamilyResult> campaigns(m_site.campaigns().size());
        m_result.votes = m_truth.label.size();
        for (std::size_t row = 0; row < m_taken.size(); ++row) {
            const bool isAttack = m_truth.label[row] == Label::Attack;
            m_result.attackVotes += isAttack ? 1U : 0U;
            m_result.taken += m_taken[row] ? 1U : 0U;
            m_result.rightlyTaken += isAttack && m_taken[row] ? 1U : 0U;
            m_result.collateral += m_truth.label[row] == Label::Honest && m_taken[row] ? 1U : 0U;
            if (!m_truth.marked[row] || !(isAttack || m_truth.label[row] == Label::Ambiguous))
                continue;
            ++campaigns[m_truth.campaign[row]].votes;
            campaigns[m_truth.campaign[row]].caught += m_taken[row] ? 1U : 0U;
        }
        for (std::size_t at = 0; at < campaigns.size(); ++at) {
            if (campaigns[at].votes == 0)
                continue;
            FamilyResult& family = m_result.families[m_site.campaigns()[at].kind];
            ++family.campaigns;
            const bool isFound = 2 * campaigns[at].caught >= campaigns[at].votes;
            family.found += isFound ? 1U : 0U;
            if (!isFound) {
                const simulate::Campaign& told = m_site.campaigns()[at];
                m_result.remarks.push_back(fmt::format("missed {}: {} votes of {} tokens on {} posts in {}, {} caught", told.kind,
                                                       told.votes, told.tokens, told.posts,
                                                       domain::durationText(told.to - told.from), campaigns[at].caught));
            }
            family.votes += campaigns[at].votes;
            family.caught += campaigns[at].caught;
        }
    }

    const simulate::Site& m_site;
    const Truth& m_truth;
    SeedResult& m_result;
    std::vector<bool> m_taken;
};

} // namespace

domain::Result<domain::ScanInput> scanInputOf(const simulate::Site& site)
{
    domain::ScanInput input;
    domain::VoteColumns& votes = input.votes;
    domain::Status read = site.votes([&](std::span<const domain::HistoryVote> rows) -> domain::Status {
        for (const domain::HistoryVote& row : rows) {
            votes.token.push_back(votes.tokens.intern(row.token));
            votes.post.push_back(votes.posts.intern(row.post));
            votes.castAt.push_back(domain::microsOf(row.castAt));
            votes.value.push_back(static_cast<float>(row.value));
            votes.voteKeys.push(std::string_view{row.voteKey});
            const domain::Origin origin = domain::originOf(row.origin);
            votes.network.push_back(votes.networks.intern(static_cast<std::int64_t>(origin.network)));
            votes.host.push_back(origin.host);
            votes.setAuthor(votes.post.back(), votes.tokens.intern(row.author));
        }
        return domain::Nothing{};
    });
    domain::AttemptColumns& attempts = input.attempts;
    if (read)
        read = site.attempts([&](std::span<const domain::HistoryAttempt> rows) -> domain::Status {
            for (const domain::HistoryAttempt& row : rows) {
                attempts.keys.push(static_cast<std::int64_t>(attempts.size()) + 1);
                attempts.token.push_back(votes.tokens.intern(row.token));
                attempts.post.push_back(votes.posts.intern(row.post));
                attempts.attemptedAt.push_back(domain::microsOf(row.attemptedAt));
                attempts.finishedAt.push_back(domain::microsOf(row.finishedAt.value_or(row.attemptedAt)));
                attempts.outcome.push_back(row.outcome);
                attempts.votes.push(std::string_view{row.voteKey});
            }
            return domain::Nothing{};
        });
    if (read)
        read = site.posts([&](std::span<const domain::HistoryPost> rows) -> domain::Status {
            for (const domain::HistoryPost& row : rows) {
                input.posts.post.push_back(votes.posts.intern(row.post));
                input.posts.counter.push_back(row.counter.value_or(std::numeric_limits<double>::quiet_NaN()));
                input.posts.openedAt.push_back(row.createdAt ? domain::microsOf(*row.createdAt) : domain::kNoTime);
                input.posts.closedAt.push_back(domain::kNoTime);
            }
            return domain::Nothing{};
        });
    if (!read)
        return domain::failureOf(read);
    input.hasAttempts = true;
    domain::numberByKey(input);
    return input;
}

double averagePrecision(const std::vector<float>& scores, const std::vector<signed char>& truth)
{
    std::vector<std::uint32_t> order;
    double attacks = 0;
    for (std::uint32_t row = 0; row < scores.size(); ++row) {
        if (truth[row] >= 0)
            order.push_back(row);
        attacks += truth[row] == 1 ? 1 : 0;
    }
    std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
        return scores[left] != scores[right] ? scores[left] > scores[right] : left < right;
    });
    double found = 0;
    double area = 0;
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin;
        double more = 0;
        for (; end < order.size() && scores[order[end]] == scores[order[begin]]; ++end)
            more += truth[order[end]] == 1 ? 1 : 0;
        found += more;
        area += more * found / static_cast<double>(end);
        begin = end;
    }
    return attacks == 0 ? 1 : area / attacks;
}

domain::Result<SeedResult> evaluateSeed(const simulate::Scenario& scenario, const detect::Rules& rules, unsigned threads,
                                        const domain::KeepGoing& keepGoing)
{
    const auto site = simulate::Site::make(scenario, keepGoing);
    if (!site)
        return domain::failureOf(site);
    const auto input = scanInputOf(*site);
    const auto truth = truthOf(*site);
    if (!input || !truth)
        return input ? domain::failureOf(truth) : domain::failureOf(input);
    SeedResult result;
    result.seed = scenario.site.seed;
    const auto begin = std::chrono::steady_clock::now();
    const auto report = detect::scan(*input, rules, {{}, threads}, keepGoing);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (!report)
        return domain::failureOf(report);
    Comparison{*site, *truth, result}.run(*input, *report);
    return result;
}

} // namespace scr::evaluate
