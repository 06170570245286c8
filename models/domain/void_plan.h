#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/keys.h"
#include "domain/time.h"
#include "domain/vote.h"

namespace scr::domain {

enum class RequestKind { Void, Restore };
[[nodiscard]] std::string_view nameOf(RequestKind kind) noexcept; // "void", "restore"
[[nodiscard]] std::optional<RequestKind> requestKindOf(std::string_view name) noexcept;

/// A post whose score a plan changes; ranks count from 1 over all posts, equal scores by post key.
struct ScoreChange {
    PostKey post;
    std::string title; ///< untrusted
    double scoreBefore{};
    double scoreAfter{};
    std::int64_t rankBefore{};
    std::int64_t rankAfter{};
    std::int64_t votes{}; ///< votes of this plan on the post
    // What the site itself shows, where it keeps a score of its own; it may have drifted from what the rows sum to.
    std::optional<double> siteBefore{};
    std::optional<double> siteAfter{};

    friend bool operator==(const ScoreChange&, const ScoreChange&) = default;
};

/// Exactly what a person reviewed before a void or a restore: a value that commit compares with what is there by then.
struct VoidPlan {
    RequestId request;
    RequestKind kind = RequestKind::Void;
    RequestId restores;               ///< for a restore: the void it undoes
    std::vector<FlagKey> flags;       ///< the confirmed flags a void comes from
    std::vector<Vote> votes;          ///< in vote key order, state as read
    std::vector<std::string> leftOut; ///< for a restore: why votes of the void do not come back, a line a vote, the first 20
    std::int64_t leftOutVotes{};      ///< as many
    std::string digest;               ///< SHA-256 over those votes, 64 hexadecimal digits, computed by the database
    std::vector<ScoreChange> changes;
    std::vector<ScoreChange> leaders; ///< the leaderboard's head before and after, changed or not, by rank before
    std::int64_t tokens{};
    double netScore{};       ///< change of the sum of all scores
    std::string requestedBy; ///< login of who asks
    std::string proposedBy;  ///< who proposed it where a second person approves; empty otherwise
    std::string reason;      ///< of the stored proposal, empty otherwise
    UtcTime computedAt{};

    friend bool operator==(const VoidPlan&, const VoidPlan&) = default;
};

/// What the database did, or had done already when the same request came before.
struct VoidReceipt {
    RequestId request;
    RequestKind kind = RequestKind::Void;
    std::int64_t votes{};
    std::int64_t posts{};
    std::string digest;
    std::string actor;
    UtcTime committedAt{};
    bool repeated{}; ///< the request had been carried out before; nothing was done now

    friend bool operator==(const VoidReceipt&, const VoidReceipt&) = default;
};

enum class RequestState { Proposed, Done, Withdrawn, Restored };
[[nodiscard]] std::string_view nameOf(RequestState state) noexcept; // "proposed", "done", "withdrawn", "restored"
[[nodiscard]] std::optional<RequestState> requestStateOf(std::string_view name) noexcept;

/// A line of the history of voids and restores.
struct VoidRequestRow {
    std::int64_t number{}; ///< shown as V-118
    RequestId request;
    RequestKind kind = RequestKind::Void;
    RequestState state = RequestState::Proposed;
    std::int64_t votes{};
    std::int64_t posts{};
    std::string requestedBy;
    std::string approvedBy;
    std::string reason;
    UtcTime requestedAt{};
    std::optional<UtcTime> committedAt;
    RequestId restores;   ///< for a restore: the void it undid
    RequestId restoredBy; ///< for a void: the newest restore of its votes
    std::vector<FlagKey> flags;
    std::string digest; ///< SHA-256 over the votes as they were reviewed, 64 hexadecimal digits
    std::string withdrawnBy;
    std::optional<UtcTime> withdrawnAt{};
    std::string withdrawalReason;
    std::int64_t standing{}; ///< for a void: of its votes those that are voided now

    friend bool operator==(const VoidRequestRow&, const VoidRequestRow&) = default;
};

} // namespace scr::domain
