#include "domain/vote.h"

#include <array>

namespace scr::domain {

namespace {

constexpr std::array<VoteState, 3> kVoteStates{VoteState::Counted, VoteState::Voided, VoteState::Withdrawn};
constexpr std::array<AttemptOutcome, 7> kAttemptOutcomes{
    AttemptOutcome::Accepted, AttemptOutcome::Duplicate,    AttemptOutcome::RateLimited, AttemptOutcome::InvalidToken,
    AttemptOutcome::Closed,   AttemptOutcome::InvalidInput, AttemptOutcome::Error};

} // namespace

std::string_view nameOf(VoteState state) noexcept
{
    switch (state) {
    case VoteState::Counted: return "counted";
    case VoteState::Voided: return "voided";
    case VoteState::Withdrawn: return "withdrawn";
    }
    return {};
}

std::optional<VoteState> voteStateOf(std::string_view name) noexcept
{
    for (const VoteState state : kVoteStates) {
        if (nameOf(state) == name)
            return state;
    }
    return std::nullopt;
}

std::string_view nameOf(AttemptOutcome outcome) noexcept
{
    switch (outcome) {
    case AttemptOutcome::Accepted: return "accepted";
    case AttemptOutcome::Duplicate: return "duplicate";
    case AttemptOutcome::RateLimited: return "rate_limited";
    case AttemptOutcome::InvalidToken: return "invalid_token";
    case AttemptOutcome::Closed: return "closed";
    case AttemptOutcome::InvalidInput: return "invalid_input";
    case AttemptOutcome::Error: return "error";
    }
    return {};
}

std::optional<AttemptOutcome> attemptOutcomeOf(std::string_view name) noexcept
{
    for (const AttemptOutcome outcome : kAttemptOutcomes) {
        if (nameOf(outcome) == name)
            return outcome;
    }
    return std::nullopt;
}

} // namespace scr::domain
