#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace scr::race {

/// What a round of the race lab does at the same moment over many connections.
enum class Pattern {
    SamePost,        ///< one token, one post
    SameRequest,     ///< the same request, with its key
    ChangeAndCast,   ///< one token casts, changes and withdraws its vote
    CloseAndCast,    ///< the post is closed
    RateEdge,        ///< one token, more posts than its rate limit allows
    VoidAndCast,     ///< votes of the post are voided
    TwoVoids,        ///< overlapping sets of votes are voided
    RevokeAndCast,   ///< the token is revoked
    LostConnections, ///< backends are killed and connections cut under it
};
inline constexpr std::array kPatterns{Pattern::SamePost,     Pattern::SameRequest,   Pattern::ChangeAndCast,
                                      Pattern::CloseAndCast, Pattern::RateEdge,      Pattern::VoidAndCast,
                                      Pattern::TwoVoids,     Pattern::RevokeAndCast, Pattern::LostConnections};

[[nodiscard]] std::string_view nameOf(Pattern pattern) noexcept; ///< "same_post": what the command line takes
[[nodiscard]] std::optional<Pattern> patternOf(std::string_view name) noexcept;
[[nodiscard]] std::string_view titleOf(Pattern pattern) noexcept; ///< for people: "one token, one post"

} // namespace scr::race
