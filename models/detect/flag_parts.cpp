#include "detect/flag_parts.h"

#include <unordered_set>

#include <fmt/format.h>

#include "detect/words.h"

namespace scr::detect {

domain::Flag flagOver(const Scene& scene, domain::DetectorId detector, domain::Subject subject,
                      std::span<const std::uint32_t> rows)
{
    const domain::VoteColumns& votes = scene.input.votes;
    domain::Flag flag;
    flag.detector = detector;
    flag.ruleVersion = scene.rules.version;
    flag.subject = std::move(subject);
    flag.from = domain::timeOf(votes.castAt[rows.front()]);
    flag.to = domain::timeOf(votes.castAt[rows.back()]);
    flag.key = domain::flagKeyOf(detector, flag.subject, flag.from);
    std::unordered_set<domain::Index> tokens;
    std::unordered_set<domain::Index> posts;
    for (const std::uint32_t row : rows) {
        flag.votes.emplace_back(votes.voteKeys.at(row));
        if (tokens.insert(votes.token[row]).second)
            flag.tokens.emplace_back(votes.tokens.key(votes.token[row]));
        if (posts.insert(votes.post[row]).second)
            flag.posts.emplace_back(votes.posts.key(votes.post[row]));
    }
    flag.extraVotes = flag.votes;
    return flag;
}

domain::Severity severityBy(std::size_t size, std::uint32_t high, std::uint32_t critical) noexcept
{
    return size >= critical ? domain::Severity::Critical : size >= high ? domain::Severity::High : domain::Severity::Medium;
}

void sortByTime(const domain::VoteColumns& votes, std::vector<std::uint32_t>& rows)
{
    std::sort(rows.begin(), rows.end(), [&](std::uint32_t left, std::uint32_t right) {
        return votes.castAt[left] != votes.castAt[right] ? votes.castAt[left] < votes.castAt[right] : left < right;
    });
}

std::string directionText(const domain::VoteColumns& votes, std::span<const std::uint32_t> rows)
{
    const auto up = std::count_if(rows.begin(), rows.end(), [&](std::uint32_t row) { return votes.value[row] > 0; });
    return fmt::format("{} up, {} down", countText(static_cast<std::uint64_t>(up)),
                       countText(rows.size() - static_cast<std::size_t>(up)));
}

} // namespace scr::detect
