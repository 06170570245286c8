#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/audit_entry.h"
#include "domain/leaderboard.h"
#include "domain/review.h"
#include "domain/void_plan.h"
#include "domain/vote.h"

namespace scr::domain {

/// A flag with everything that was decided about it.
struct FlagReading {
    RecordedFlag recorded;
    std::vector<ReviewEntry> decisions; ///< oldest first
    std::vector<Vote> votes;            ///< those of flag.votes, as they are now; empty when there are too many to list

    friend bool operator==(const FlagReading&, const FlagReading&) = default;
};

/// What a void or restore does to one post: the sum of its votes, as they were when the request was made.
struct PostShare {
    PostKey post;
    std::string title;    ///< as the site has it now, untrusted
    std::int64_t votes{}; ///< of the request on this post
    double change{};      ///< of the post's score; negative for a void of votes in favour

    friend bool operator==(const PostShare&, const PostShare&) = default;
};

/// A void, a restore or a proposal, whatever became of it.
struct RequestReading {
    VoidRequestRow request;
    std::vector<PostShare> posts; ///< largest change first
    std::vector<Vote> votes;      ///< as reviewed, state included; empty when there are too many to list

    friend bool operator==(const RequestReading&, const RequestReading&) = default;
};

/// What an auditor's report is made from. All of it was read from one snapshot of the database.
struct AuditReading {
    UtcTime readAt{};            ///< by the database's clock
    std::int64_t countedVotes{}; ///< votes cast in the period that are counted
    std::vector<FlagReading> flags;
    std::vector<RequestReading> requests; ///< oldest first
    std::vector<AuditEntry> log;          ///< what people did in the period, oldest first; vote attempts are not in it
    ScoreHistory scores;                  ///< one bin
    std::vector<std::string> remarks;     ///< what is not complete, in sentences
};

} // namespace scr::domain
