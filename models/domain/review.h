#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/flag.h"

namespace scr::domain {

enum class Decision { Confirm, Dismiss, Snooze, Reopen };
[[nodiscard]] std::string_view nameOf(Decision decision) noexcept; // "confirm", "dismiss", "snooze", "reopen"
[[nodiscard]] std::optional<Decision> decisionOf(std::string_view name) noexcept;

enum class FlagState { Open, Confirmed, Dismissed, Snoozed, Voided };
[[nodiscard]] std::string_view nameOf(FlagState state) noexcept; // "open", "confirmed", "dismissed", "snoozed", "voided"
[[nodiscard]] std::optional<FlagState> flagStateOf(std::string_view name) noexcept;

/// What a moderator decides about one flag. `seenReview` is the last review the moderator saw: when another one has come
/// since, the database refuses and tells whose it is.
struct ReviewOrder {
    RequestId request;
    FlagKey flag;
    Decision decision{};
    std::string reason;
    std::optional<UtcTime> snoozeUntil; ///< with Decision::Snooze only
    std::int64_t seenReview{};          ///< 0: none yet

    friend bool operator==(const ReviewOrder&, const ReviewOrder&) = default;
};

struct ReviewEntry {
    std::int64_t review{};
    FlagKey flag;
    Decision decision{};
    std::string reason;
    std::string actor;
    UtcTime decidedAt{};
    std::optional<UtcTime> snoozeUntil;

    friend bool operator==(const ReviewEntry&, const ReviewEntry&) = default;
};

/// A recorded flag with where its review stands.
struct RecordedFlag {
    Flag flag;
    FlagState state = FlagState::Open;
    std::int64_t lastReview{}; ///< 0: none yet
    std::string actor;         ///< who decided last; empty: nobody
    UtcTime recordedAt{};
    std::string subjectLabel;           ///< the token's label or the post's title, as the site has it: untrusted
    std::string postTitle;              ///< title of `flag.subject.post`, untrusted; may be empty
    std::string recordedBy{};           ///< login that recorded it first
    std::int64_t versions = 1;          ///< bodies on record; more than one when scans or people said different things
    std::string changedBy{};            ///< login that recorded the newest body, when there is more than one
    std::optional<UtcTime> changedAt{}; ///< when

    friend bool operator==(const RecordedFlag&, const RecordedFlag&) = default;
};

} // namespace scr::domain
