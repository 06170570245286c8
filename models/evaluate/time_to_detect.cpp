#include "evaluate/time_to_detect.h"

#include <algorithm>
#include <map>
#include <unordered_set>

#include <fmt/format.h>

#include "detect/scan.h"
#include "domain/scan_append.h"
#include "evaluate/truth.h"

namespace scr::evaluate {

namespace {

using simulate::Label;

struct Target {
    std::string_view family;
    double seconds; ///< 0: none
    std::uint64_t votes;
};
constexpr Target kTargets[] = {
    {"race_duplicates", 1, 0}, {"token_burst", 15, 0}, {"serial_voter", 60, 0}, {"subnet_socks", 600, 0}, {"metronome", 0, 25}};

class Search {
public:
    Search(const domain::ScanInput& whole, const detect::Rules& rules, const domain::KeepGoing& keepGoing) :
        m_whole{whole}, m_rules{rules}, m_keepGoing{keepGoing}
    {
    }

    /// `rows` of the campaign by time. The more votes there are, the more there is to see.
    [[nodiscard]] domain::Result<Detection> find(const std::vector<std::uint32_t>& rows)
    {
        m_wanted = {rows.begin(), rows.end()};
        Detection detection;
        detection.votes = detection.landed = rows.size();
        const domain::Result<bool> ever = isSeenAt(rows.back());
        if (!ever || !*ever)
            return ever ? domain::Result<Detection>{detection} : domain::failureOf(ever);
        std::size_t unseen = 0; // with so many votes it is not seen, with `seen` it is
        std::size_t seen = rows.size();
        while (seen - unseen > 1) {
            const std::size_t middle = unseen + (seen - unseen) / 2;
            const domain::Result<bool> now = isSeenAt(rows[middle - 1]);
            if (!now)
                return domain::failureOf(now);
            (*now ? seen : unseen) = middle;
        }
        detection.landed = seen;
        detection.after = domain::Micros{m_whole.votes.castAt[rows[seen - 1]] - m_whole.votes.castAt[rows.front()]};
        return detection;
    }

private:
    /// The site as it was when that vote had been cast.
    [[nodiscard]] domain::Result<bool> isSeenAt(std::uint32_t last) const
    {
        const std::int64_t now = m_whole.votes.castAt[last];
        domain::ScanInput past = m_whole;
        domain::keepVotes(past.votes, [&](std::size_t row) { return past.votes.castAt[row] <= now; });
        domain::keepAttempts(past.attempts, [&](std::size_t row) { return past.attempts.attemptedAt[row] <= now; });
        const auto report = detect::scan(past, m_rules, {{}, 0}, m_keepGoing);
        if (!report)
            return domain::failureOf(report);
        return std::any_of(report->flags.begin(), report->flags.end(), [&](const domain::Flag& flag) {
            return flag.severity > domain::Severity::Low &&
                   std::any_of(flag.votes.begin(), flag.votes.end(), [&](const domain::VoteKey& key) {
                       return m_wanted.contains(static_cast<std::uint32_t>(rowOf(key)));
                   });
        });
    }

    const domain::ScanInput& m_whole;
    const detect::Rules& m_rules;
    const domain::KeepGoing& m_keepGoing;
    std::unordered_set<std::uint32_t> m_wanted;
};

template <class Value>
Value decileOf(std::vector<Value> values, std::size_t decile)
{
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, values.size() * decile / 10)];
}

} // namespace

domain::Result<std::vector<Detection>> timesToDetect(const simulate::Scenario& scenario, const detect::Rules& rules,
                                                     std::size_t ofFamily, const domain::KeepGoing& keepGoing)
{
    const auto site = simulate::Site::make(scenario, keepGoing);
    if (!site)
        return domain::failureOf(site);
    const auto input = scanInputOf(*site);
    const auto truth = truthOf(*site);
    if (!input || !truth)
        return input ? domain::failureOf(truth) : domain::failureOf(input);
    std::map<std::uint32_t, std::vector<std::uint32_t>> campaigns;
    for (std::uint32_t row = 0; row < truth->label.size(); ++row) {
        if (truth->label[row] == Label::Attack)
            campaigns[truth->campaign[row]].push_back(row);
    }
    std::map<std::string, std::size_t> asked;
    std::vector<Detection> detections;
    Search search{*input, rules, keepGoing};
    for (auto& [campaign, rows] : campaigns) {
        const std::string& family = site->campaigns()[campaign].kind;
        if (++asked[family] > ofFamily)
            continue;
        std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t left, std::uint32_t right) {
            return input->votes.castAt[left] < input->votes.castAt[right];
        });
        auto detection = search.find(rows);
        if (!detection)
            return domain::failureOf(detection);
        detection->family = family;
        detections.push_back(std::move(*detection));
    }
    return detections;
}

std::vector<Line> tableOf(const std::vector<Detection>& detections)
{
    std::map<std::string, std::vector<const Detection*>> families;
    for (const Detection& one : detections)
        families[one.family].push_back(&one);
    std::vector<Line> lines;
    for (const auto& [name, all] : families) {
        std::vector<std::uint64_t> landed;
        std::vector<domain::Micros> after;
        for (const Detection* one : all) {
            if (!one->after)
                continue;
            landed.push_back(one->landed);
            after.push_back(*one->after);
        }
        Line line{"time to see " + name, "never", {}, true};
        if (!landed.empty())
            line.measured = fmt::format("after {} votes, {}; 9 of 10 after {}, {}; {} of {} seen", decileOf(landed, 5),
                                        domain::durationText(decileOf(after, 5)), decileOf(landed, 9),
                                        domain::durationText(decileOf(after, 9)), landed.size(), all.size());
        const auto* const target =
            std::find_if(std::begin(kTargets), std::end(kTargets), [&](const Target& one) { return one.family == name; });
        if (target != std::end(kTargets) && !landed.empty()) {
            const bool byVotes = target->votes > 0;
            line.target =
                byVotes ? fmt::format("<= {} votes", target->votes)
                        : fmt::format("<= {}",
                                      domain::durationText(domain::Micros{static_cast<std::int64_t>(1e6 * target->seconds)}));
            line.holds = byVotes ? decileOf(landed, 5) <= target->votes
                                 : static_cast<double>(decileOf(after, 5).count()) <= 1e6 * target->seconds;
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

} // namespace scr::evaluate
