#include "detect/told.h"

#include <algorithm>
#include <string>

namespace scr::detect {

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

} // namespace scr::detect
