#include "detect/flag_diff.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace scr::detect {

namespace {

using domain::Flag;

using ByKey = std::unordered_map<std::string_view, const Flag*>;
using Votes = std::unordered_set<std::string_view>;

ByKey byKey(const std::vector<Flag>& flags)
{
    ByKey map;
    for (const Flag& flag : flags)
        map.emplace(flag.key.text, &flag);
    return map;
}

Votes extraVotesOf(const std::vector<Flag>& flags)
{
    Votes votes;
    for (const Flag& flag : flags) {
        for (const domain::VoteKey& vote : flag.extraVotes)
            votes.insert(vote.text);
    }
    return votes;
}

std::uint64_t onlyIn(const Votes& votes, const Votes& others)
{
    return static_cast<std::uint64_t>(
        std::count_if(votes.begin(), votes.end(), [&](std::string_view vote) { return !others.contains(vote); }));
}

bool takeOutTheSame(const Flag& one, const Flag& other)
{
    if (one.extraVotes == other.extraVotes)
        return true;
    if (one.extraVotes.size() != other.extraVotes.size())
        return false;
    std::vector<domain::VoteKey> left = one.extraVotes;
    std::vector<domain::VoteKey> right = other.extraVotes;
    std::sort(left.begin(), left.end());
    std::sort(right.begin(), right.end());
    return left == right;
}

/// Only detectors that found something, in the order in which they are listed everywhere.
class Totals {
public:
    Totals()
    {
        for (const domain::DetectorId detector : domain::kDetectors)
            m_all.push_back({detector, 0, 0, 0, 0, 0, 0});
        m_all.push_back({domain::DetectorId::SiteRule, 0, 0, 0, 0, 0, 0});
    }

    DetectorTotals& of(const Flag& flag)
    {
        return *std::find_if(m_all.begin(), m_all.end(),
                             [&](const DetectorTotals& one) { return one.detector == flag.detector; });
    }

    [[nodiscard]] std::vector<DetectorTotals> take()
    {
        std::erase_if(m_all, [](const DetectorTotals& one) { return one.before == 0 && one.after == 0; });
        return std::move(m_all);
    }

private:
    std::vector<DetectorTotals> m_all;
};

} // namespace

FlagDiff differenceOf(const std::vector<Flag>& before, const std::vector<Flag>& after)
{
    FlagDiff diff;
    Totals totals;
    const ByKey old = byKey(before);
    const ByKey now = byKey(after);
    for (const Flag& flag : before) {
        ++totals.of(flag).before;
        if (now.contains(flag.key.text))
            continue;
        ++totals.of(flag).lost;
        diff.lost.push_back(&flag);
    }
    for (const Flag& flag : after) {
        DetectorTotals& total = totals.of(flag);
        ++total.after;
        const auto known = old.find(flag.key.text);
        if (known == old.end()) {
            ++total.gained;
            diff.gained.push_back(&flag);
        } else if (known->second->severity != flag.severity) {
            ++total.severity;
            diff.severity.push_back({known->second, &flag});
        } else if (!takeOutTheSame(*known->second, flag)) {
            ++total.otherVotes;
            diff.otherVotes.push_back({known->second, &flag});
        }
    }
    diff.totals = totals.take();
    const Votes votesBefore = extraVotesOf(before);
    const Votes votesAfter = extraVotesOf(after);
    diff.votesGained = onlyIn(votesAfter, votesBefore);
    diff.votesLost = onlyIn(votesBefore, votesAfter);
    return diff;
}

} // namespace scr::detect
