#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "domain/flag.h"
#include "domain/result.h"

namespace scr::domain {

/// A site's own rule for votes: one SELECT, and what the comments at its head say about it.
struct SiteRule {
    std::string file; ///< as it was given, for messages
    std::string name; ///< "night_votes"
    std::string title;
    SubjectKind subject = SubjectKind::Group; ///< what its column `subject` holds: keys of tokens or posts, or a name
    Severity severity = Severity::Medium;
    std::chrono::milliseconds timeLimit{10'000};
    std::string clearsIf;
    std::string version; ///< of the text, so that a flag tells which one found it
    std::string sql;

    friend bool operator==(const SiteRule&, const SiteRule&) = default;
};

inline constexpr std::chrono::milliseconds kLongestSiteRule{300'000};

/// Reads "-- name: night_votes", "-- title: …", "-- subject: token|post|group", "-- severity: low|medium|high|critical",
/// "-- time_limit: 10 s" and "-- clears_if: …" from the comments that stand before the first line of SQL. Only the name must be
/// there. A key that is not known, or is there twice, is an error with its line; other comments are passed over.
[[nodiscard]] Result<SiteRule> parseSiteRule(const std::string& file, std::string_view text);

/// One row of a site rule, with the votes it names as they are.
struct SiteFinding {
    struct Row {
        VoteKey vote;
        TokenKey token;
        PostKey post;
        UtcTime castAt{};
        friend bool operator==(const Row&, const Row&) = default;
    };
    std::string subject;
    std::vector<Row> votes; ///< those that count and lie in the range, in the order they were cast; not empty
    double score{};
    std::string explanation;

    friend bool operator==(const SiteFinding&, const SiteFinding&) = default;
};

/// A rule that could not be read or run, and why.
struct SkippedSiteRule {
    std::string rule;   ///< its name, or its file where that could not be read
    std::string reason; ///< one sentence
    friend bool operator==(const SkippedSiteRule&, const SkippedSiteRule&) = default;
};

/// What the rules of a site found in one state of the database.
struct SiteRuleResults {
    struct Found {
        SiteRule rule;
        std::vector<SiteFinding> findings;
    };
    std::vector<Found> found;
    std::vector<SkippedSiteRule> skipped;
};

} // namespace scr::domain
