#include "race/pattern.h"

namespace scr::race {

std::string_view nameOf(Pattern pattern) noexcept
{
    switch (pattern) {
    case Pattern::SamePost: return "same_post";
    case Pattern::SameRequest: return "same_request";
    case Pattern::ChangeAndCast: return "change_and_cast";
    case Pattern::CloseAndCast: return "close_and_cast";
    case Pattern::RateEdge: return "rate_edge";
    case Pattern::VoidAndCast: return "void_and_cast";
    case Pattern::TwoVoids: return "two_voids";
    case Pattern::RevokeAndCast: return "revoke_and_cast";
    case Pattern::LostConnections: return "lost_connections";
    }
    return {};
}

std::optional<Pattern> patternOf(std::string_view name) noexcept
{
    for (const Pattern pattern : kPatterns) {
        if (nameOf(pattern) == name)
            return pattern;
    }
    return std::nullopt;
}

std::string_view titleOf(Pattern pattern) noexcept
{
    switch (pattern) {
    case Pattern::SamePost: return "one token, one post";
    case Pattern::SameRequest: return "one request, sent many times";
    case Pattern::ChangeAndCast: return "cast, change and withdraw one vote";
    case Pattern::CloseAndCast: return "vote while the post is closed";
    case Pattern::RateEdge: return "one token past its rate limit";
    case Pattern::VoidAndCast: return "vote while votes are voided";
    case Pattern::TwoVoids: return "void the same votes at once";
    case Pattern::RevokeAndCast: return "vote while the token is revoked";
    case Pattern::LostConnections: return "vote while connections break";
    }
    return {};
}

} // namespace scr::race
