#include "detect/site_flags.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_set>

#include <fmt/format.h>

#include "detect/words.h"

namespace scr::detect {

namespace {

using domain::Flag;
using domain::SiteFinding;
using domain::SiteRule;
using domain::SubjectKind;

std::string headlineOf(const SiteRule& rule)
{
    return rule.title.empty() ? fmt::format("The site's rule {} found something", rule.name)
                              : fmt::format("{} (site rule {})", rule.title, rule.name);
}

domain::Subject subjectOf(const SiteRule& rule, const SiteFinding& finding)
{
    domain::Subject subject{rule.subject, finding.subject, {}};
    if (rule.subject == SubjectKind::Post)
        subject.post = domain::PostKey{finding.subject};
    return subject;
}

Flag flagOf(const SiteRule& rule, const SiteFinding& finding)
{
    Flag flag;
    flag.detector = domain::DetectorId::SiteRule;
    flag.siteRule = rule.name;
    flag.ruleVersion = rule.version;
    flag.subject = subjectOf(rule, finding);
    flag.from = finding.votes.front().castAt;
    flag.to = finding.votes.back().castAt;
    flag.key = domain::flagKeyOf(flag.detector, flag.subject, flag.from, rule.name);
    flag.score = finding.score;
    flag.severity = rule.severity;
    std::unordered_set<domain::TokenKey> tokens;
    std::unordered_set<domain::PostKey> posts;
    for (const SiteFinding::Row& row : finding.votes) {
        flag.votes.push_back(row.vote);
        if (tokens.insert(row.token).second)
            flag.tokens.push_back(row.token);
        if (posts.insert(row.post).second)
            flag.posts.push_back(row.post);
    }
    flag.extraVotes = flag.votes;
    flag.headline = headlineOf(rule);
    flag.summary = fmt::format("{} of {} in {}", countOf(flag.votes.size(), "vote", "votes"),
                               countOf(flag.tokens.size(), "token", "tokens"), domain::durationText(flag.to - flag.from));
    flag.explanation = finding.explanation;
    flag.clearsIf = rule.clearsIf;
    return flag;
}

} // namespace

void addSiteFlags(ScanReport& report, const domain::SiteRuleResults& results, const Rules& rules)
{
    for (const auto& [rule, findings] : results.found) {
        std::vector<Flag> flags;
        flags.reserve(findings.size());
        for (const SiteFinding& finding : findings)
            flags.push_back(flagOf(rule, finding));
        std::sort(flags.begin(), flags.end(), domain::isWorse);
        if (flags.size() > rules.flagsPerDetector) {
            report.leftOut.push_back({domain::DetectorId::SiteRule, flags.size() - rules.flagsPerDetector, rule.name});
            flags.resize(rules.flagsPerDetector);
        }
        std::move(flags.begin(), flags.end(), std::back_inserter(report.flags));
    }
    for (const domain::SkippedSiteRule& skipped : results.skipped)
        report.skipped.push_back({domain::DetectorId::SiteRule, skipped.reason, skipped.rule});
    std::sort(report.flags.begin(), report.flags.end(), domain::isWorse);
}

} // namespace scr::detect
