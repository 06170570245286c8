#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "domain/time.h"

namespace scr::domain {

enum class ControlState { Holds, Fails, Unknown };
[[nodiscard]] std::string_view nameOf(ControlState state) noexcept; ///< "holds" "fails" "unknown"
[[nodiscard]] std::optional<ControlState> controlStateOf(std::string_view name) noexcept;

/// Somebody answers for a control that does not hold, until a day or until it holds again.
struct Acceptance {
    std::string actor;
    std::string reason;
    ControlState state{}; ///< that was seen; one that could not be checked and fails now was not accepted
    UtcTime at{};
    UtcTime until{};

    friend bool operator==(const Acceptance&, const Acceptance&) = default;
};

/// To answer for a control that does not hold; without a day, no longer to.
struct AcceptOrder {
    std::string control;
    ControlState state{};         ///< as it was seen: Fails or Unknown
    std::optional<UtcTime> until; ///< within a year
    std::string reason;           ///< 1 to 2000 characters, for the audit log

    friend bool operator==(const AcceptOrder&, const AcceptOrder&) = default;
};

/// One safeguard of the voting system and what a check of it found.
struct Control {
    std::string name;  ///< "unique_key"; stays the same for ever
    std::string group; ///< "Votes", under which it is listed
    std::string title; ///< what is claimed, as a sentence: "One vote for a token on a post is a key"
    std::string about; ///< why it matters, and what is looked at
    std::string query; ///< what was looked at, as SQL; empty: more than one database was asked
    ControlState state = ControlState::Unknown;
    std::string evidence;
    std::string remedy; ///< text to paste, for who owns the voting system; this program never runs it
    UtcTime checkedAt{};
    std::optional<UtcTime> since; ///< from when on the recorded checks found the same; nothing: none did, or nothing was recorded
    std::optional<Acceptance> accepted; ///< nothing where it holds
    std::chrono::microseconds took{};

    friend bool operator==(const Control&, const Control&) = default;
};

} // namespace scr::domain
