#pragma once

#include <string>
#include <vector>

#include "domain/audit_entry.h"
#include "domain/void_plan.h"
#include "domain/vote.h"
#include "packed/pack_session.h"
#include "ports/worker.h"

namespace scr::packed {

using PackWorker = ports::Worker<PackSession>;

/// A condition that grows, and the values in it.
class Conditions {
public:
    /// Each "?" of the text stands for the next value.
    void add(std::string_view text, std::vector<PackValue> values);
    void addRange(std::string_view column, const domain::TimeRange& range);
    [[nodiscard]] std::string where() const { return m_text.empty() ? "" : " WHERE " + m_text; }
    [[nodiscard]] const std::vector<PackValue>& values() const noexcept { return m_values; }

private:
    std::string m_text;
    std::vector<PackValue> m_values;
};

/// What voteOf reads, with the names people know the token and the post by; the table of votes is `v`.
inline constexpr std::string_view kVoteColumns =
    "v.vote_key, v.token, v.post, v.author, v.value, v.cast_at, v.origin, v.state, "
    "(SELECT t.label FROM tokens t WHERE t.token = v.token), (SELECT p.title FROM posts p WHERE p.post = v.post)";
[[nodiscard]] domain::Vote voteOf(const PackRow& row);

/// What requestOf reads, of the table voids.
inline constexpr std::string_view kRequestColumns =
    "number, request, kind, state, votes, posts, requested_by, approved_by, reason, requested_at, committed_at, restores, "
    "restored_by, flags, digest, withdrawn_by, withdrawn_at, withdrawal_reason, standing";
[[nodiscard]] domain::VoidRequestRow requestOf(const PackRow& row);

/// Requests in the order of their numbers, which are "V-12".
inline constexpr std::string_view kRequestOrder = "CAST(substr(number, 3) AS INTEGER)";

/// What entryOf reads, of the table decisions.
inline constexpr std::string_view kDecisionColumns = "kind, entry_key, at, actor, subject, outcome, detail, '', leaf";
[[nodiscard]] domain::AuditEntry entryOf(const PackRow& row); ///< without the hash of its leaf

/// The error of whoever would change something.
[[nodiscard]] tl::unexpected<domain::Error> refusal();

} // namespace scr::packed
