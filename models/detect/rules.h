#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/result.h"
#include "domain/time.h"

namespace scr::detect {

/// Thresholds of one detector; resources/rules/default.toml says what each of them means.
struct DuplicateVotesRule {
    domain::Micros raceWindow{};
    std::uint32_t criticalVotes{}; ///< this many within one race window are critical
    std::uint32_t manyVotes{};     ///< this many in all are high even when spread out
    friend bool operator==(const DuplicateVotesRule&, const DuplicateVotesRule&) = default;
};

struct ImpossibleVotesRule {
    domain::Micros clockSkew{}; ///< clocks of the site may differ by so much
    double trustedShare{};      ///< share of the votes that may break a rule before the rule is not believed
    domain::Micros lateEntry{}; ///< a vote may be written so long after it was cast
    std::uint32_t lateVotes{};  ///< fewer of a post that were written later are nothing
    std::uint32_t highVotes{};
    std::uint32_t criticalVotes{};
    friend bool operator==(const ImpossibleVotesRule&, const ImpossibleVotesRule&) = default;
};

struct CounterDriftRule {
    double tolerancePoints{};
    double toleranceShare{}; ///< of the sum of the absolute values, for the noise of floating point
    double highPoints{};
    double highShare{};
    double criticalPoints{};
    double criticalShare{};
    double shareFromPoints{}; ///< smaller differences are not judged by share
    friend bool operator==(const CounterDriftRule&, const CounterDriftRule&) = default;
};

struct ConcurrentAttemptsRule {
    domain::Micros window{};
    std::uint32_t attempts{};
    std::uint32_t overlapDepth{};
    std::uint32_t acceptedVotes{}; ///< accepted within the window: got through
    std::uint32_t manyAttempts{};  ///< a blocked storm of this size is medium
    friend bool operator==(const ConcurrentAttemptsRule&, const ConcurrentAttemptsRule&) = default;
};

struct AttemptFanOutRule {
    domain::Micros window{};
    std::uint32_t posts{};  ///< of one token within the window
    std::uint32_t tokens{}; ///< of one address on one post within the window
    domain::Micros late{};  ///< a vote that was cast so long before it was sent was kept until there was a network
    double usualShare{};    ///< of the tokens: when more do so it may be what the site's own client does
    std::uint32_t highVotes{};
    std::uint32_t criticalVotes{};
    friend bool operator==(const AttemptFanOutRule&, const AttemptFanOutRule&) = default;
};

struct UnloggedVotesRule {
    double maxProbability{};
    double coverage{}; ///< share of the votes for which the log must have an attempt
    std::uint32_t votes{};
    double factor{}; ///< a post may lose so many times the site's share
    std::uint32_t highVotes{};
    std::uint32_t criticalVotes{};
    friend bool operator==(const UnloggedVotesRule&, const UnloggedVotesRule&) = default;
};

struct ProbingRule {
    double maxProbability{};
    std::uint32_t refusals{};
    double factor{};  ///< a person may be refused so many times as often as everybody else
    double inOrder{}; ///< share of steps upward that is an enumeration
    std::uint32_t highRefusals{};
    std::uint32_t criticalRefusals{};
    friend bool operator==(const ProbingRule&, const ProbingRule&) = default;
};

struct TokenBurstRule {
    double maxProbability{};
    double fasterFactor{}; ///< people this much faster than the site's typical voter are innocent
    domain::Micros sessionGap{};
    std::uint32_t gapsPerTokenDay{};
    std::uint32_t ownGaps{};
    std::uint32_t assumedGaps{}; ///< weight of the assumed rhythm, in gaps
    domain::Micros assumedMedian{};
    double assumedSpread{}; ///< sigma of the assumed log-normal law
    double runFactor{};
    std::uint32_t mediumVotes{};
    std::uint32_t highVotes{};
    std::uint32_t criticalVotes{};
    domain::Micros possibleGap{};
    domain::Micros sittingGap{};
    double batchShare{};
    friend bool operator==(const TokenBurstRule&, const TokenBurstRule&) = default;
};

struct MetronomeRule {
    double maxProbability{};
    std::uint32_t window{}; ///< pauses looked at together, at most 31
    double tolerance{};     ///< share by which a pause may differ from the median and count as even
    double evenShare{};     ///< of a person's pauses that are that even, at most
    domain::Micros shortestPeriod{};
    std::uint32_t highVotes{};
    std::uint32_t criticalVotes{};
    friend bool operator==(const MetronomeRule&, const MetronomeRule&) = default;
};

struct TimetableRule {
    double maxProbability{};
    domain::Micros tolerance{}; ///< about one moment of the hour, either way
    domain::Micros pause{};     ///< a vote after so long a pause is a beginning
    double share{};             ///< of a token's beginnings that must be on time
    double factor{};            ///< an honest token may be on time so many times as often as the site's busiest moment says
    std::uint32_t highVotes{};
    std::uint32_t criticalVotes{};
    friend bool operator==(const TimetableRule&, const TimetableRule&) = default;
};

struct SerialVoterRule {
    double maxProbability{};
    domain::Micros window{};
    std::uint32_t votes{};
    double factor{}; ///< an author may be so many times as likely to be voted on as its share says
    std::uint32_t highVotes{};
    std::uint32_t criticalVotes{};
    friend bool operator==(const SerialVoterRule&, const SerialVoterRule&) = default;
};

struct VoteRingRule {
    double maxProbability{};    ///< of the whole ring, all possible rings considered
    double pairProbability{};   ///< of the votes one way
    double mutualProbability{}; ///< of both ways together
    double factor{};
    std::uint32_t members{};
    std::uint32_t highVotes{};
    std::uint32_t criticalVotes{};
    friend bool operator==(const VoteRingRule&, const VoteRingRule&) = default;
};

struct SubnetSocksRule {
    double maxProbability{};
    std::uint32_t tokens{};    ///< on one post
    std::uint32_t addresses{}; ///< or tokens of so many addresses, IPv6 ones by their /64
    double factor{};
    std::uint32_t highTokens{};
    std::uint32_t criticalTokens{};
    friend bool operator==(const SubnetSocksRule&, const SubnetSocksRule&) = default;
};

struct TokenMintRule {
    double maxProbability{};
    domain::Micros lifetime{}; ///< a throwaway token is first and last seen within so long
    std::uint32_t votes{};     ///< and has no more votes
    std::uint32_t tokens{};
    double factor{};
    std::uint32_t highTokens{};
    std::uint32_t criticalTokens{};
    friend bool operator==(const TokenMintRule&, const TokenMintRule&) = default;
};

struct TokenHoppingRule {
    double maxProbability{}; ///< that two tokens of the site meet so often, all pairs considered
    domain::Micros window{}; ///< between two tokens' votes on one post
    std::uint32_t posts{};   ///< on which two tokens must have met
    double factor{};
    std::uint32_t highMembers{};
    std::uint32_t criticalMembers{};
    friend bool operator==(const TokenHoppingRule&, const TokenHoppingRule&) = default;
};

struct LockstepRule {
    double maxProbability{}; ///< of the whole group, all possible groups considered
    domain::Micros window{};
    std::uint32_t posts{}; ///< on which a pair must have met
    std::uint32_t members{};
    double together{}; ///< share of the members' votes on common posts that must fall together
    std::uint32_t highMembers{};
    std::uint32_t criticalMembers{};
    friend bool operator==(const LockstepRule&, const LockstepRule&) = default;
};

struct DenseBlockRule {
    double maxProbability{};
    domain::Micros period{}; ///< in which two tokens must have had posts in common
    std::uint32_t common{};  ///< so many
    domain::Micros window{}; ///< in which members meet on a post
    std::uint32_t posts{};
    std::uint32_t members{};
    double together{};      ///< share of the members' votes on common posts that must fall into those windows
    double concentration{}; ///< probability that so many members cast most of their votes in the block's days, at most
    std::uint32_t highMembers{};
    std::uint32_t criticalMembers{};
    friend bool operator==(const DenseBlockRule&, const DenseBlockRule&) = default;
};

struct PostSurgeRule {
    double maxProbability{};     ///< that so many one-off voters come by chance
    double minEvidence{};        ///< e-value of the contrast with the post's other voters
    std::uint32_t oneOffVotes{}; ///< a token with no more votes in all is a one-off voter
    std::uint32_t suspects{};
    std::uint32_t established{};
    std::uint32_t highVotes{};
    std::uint32_t criticalVotes{};
    friend bool operator==(const PostSurgeRule&, const PostSurgeRule&) = default;
};

struct Rules {
    std::string version;
    double falseDiscovery{};          ///< the review line: share of false flags above it, at most
    std::uint32_t flagsPerDetector{}; ///< the worst are kept, the report says how many were left out
    DuplicateVotesRule duplicateVotes;
    ImpossibleVotesRule impossibleVotes;
    CounterDriftRule counterDrift;
    ConcurrentAttemptsRule concurrentAttempts;
    AttemptFanOutRule attemptFanOut;
    UnloggedVotesRule unloggedVotes;
    ProbingRule probing;
    TokenBurstRule tokenBurst;
    MetronomeRule metronome;
    TimetableRule timetable;
    SerialVoterRule serialVoter;
    VoteRingRule voteRing;
    SubnetSocksRule subnetSocks;
    TokenMintRule tokenMint;
    TokenHoppingRule tokenHopping;
    LockstepRule lockstep;
    DenseBlockRule denseBlock;
    PostSurgeRule postSurge;
    friend bool operator==(const Rules&, const Rules&) = default;
};

/// Reads rules from TOML; what a file leaves out has its default. An unknown key, a missing unit or a value out of range is an
/// error with its line.
[[nodiscard]] domain::Result<Rules> parseRules(std::string_view toml);

/// The rules the program carries: resources/rules/default.toml.
[[nodiscard]] const Rules& defaultRules();
[[nodiscard]] std::string_view defaultRulesText() noexcept; ///< TOML

} // namespace scr::detect
