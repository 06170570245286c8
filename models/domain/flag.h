#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "domain/keys.h"
#include "domain/time.h"
#include "domain/vote.h"

namespace scr::domain {

enum class Severity { Low, Medium, High, Critical };
[[nodiscard]] std::string_view nameOf(Severity severity) noexcept; // "low" … "critical"
[[nodiscard]] std::optional<Severity> severityOf(std::string_view name) noexcept;

enum class DetectorId {
    DuplicateVotes,
    ImpossibleVotes,
    CounterDrift,
    ConcurrentAttempts,
    AttemptFanOut,
    UnloggedVotes,
    Probing,
    TokenBurst,
    Metronome,
    Timetable,
    SerialVoter,
    VoteRing,
    SubnetSocks,
    TokenMint,
    TokenHopping,
    Lockstep,
    DenseBlock,
    PostSurge,
    SiteRule, ///< a site's own, as SQL; which one is in Flag::siteRule
    Control,  ///< no detector: a safeguard that held and does not hold any more
};
/// Those that a scan runs by itself.
inline constexpr DetectorId kDetectors[] = {
    DetectorId::DuplicateVotes, DetectorId::ImpossibleVotes, DetectorId::CounterDrift, DetectorId::ConcurrentAttempts,
    DetectorId::AttemptFanOut,  DetectorId::UnloggedVotes,   DetectorId::Probing,      DetectorId::TokenBurst,
    DetectorId::Metronome,      DetectorId::Timetable,       DetectorId::SerialVoter,  DetectorId::VoteRing,
    DetectorId::SubnetSocks,    DetectorId::TokenMint,       DetectorId::TokenHopping, DetectorId::Lockstep,
    DetectorId::DenseBlock,     DetectorId::PostSurge};
/// What else flags come from.
inline constexpr DetectorId kOtherSources[] = {DetectorId::SiteRule, DetectorId::Control};
[[nodiscard]] std::string_view nameOf(DetectorId detector) noexcept; // "duplicate_votes", "counter_drift", …
[[nodiscard]] std::optional<DetectorId> detectorOf(std::string_view name) noexcept;

enum class SubjectKind { Token, Counter, Post, Group, Subnet, Control };
[[nodiscard]] std::string_view nameOf(SubjectKind kind) noexcept; // "token", "counter", "post", "group", "subnet", "control"
[[nodiscard]] std::optional<SubjectKind> subjectKindOf(std::string_view name) noexcept;

/// What a flag is about. A token's finding on a single post names that post as well; a counter is that of `key`'s post. A group
/// is known by the token that comes first in it, a subnet by its network as text, a control by its name.
struct Subject {
    SubjectKind kind = SubjectKind::Token;
    std::string key;
    PostKey post; ///< empty unless the finding is about one post; for a counter the post itself

    friend bool operator==(const Subject&, const Subject&) = default;
};

/// A threshold of the rule as it was when the flag was raised: {"window", "250", "ms"}.
struct RuleParameter {
    std::string name;
    std::string value;
    std::string unit;

    friend bool operator==(const RuleParameter&, const RuleParameter&) = default;
};

/// Evidence of a burst: the time since the token's previous vote, vote by vote, against the site's own gaps.
struct GapStrip {
    struct Point {
        UtcTime at{};
        double gapSeconds{};
        bool inBurst{};
        friend bool operator==(const Point&, const Point&) = default;
    };
    std::vector<Point> points;
    double siteLowSeconds{};    ///< 10th percentile of the site's gaps
    double siteHighSeconds{};   ///< 90th percentile
    double fasterThanSeconds{}; ///< median gap divided by the rule's allowance for fast people
    friend bool operator==(const GapStrip&, const GapStrip&) = default;
};

/// Evidence of a race: the attempts of one token on one post by start and end. Without an attempt log the votes stand in, with
/// no end.
struct AttemptWaterfall {
    struct Bar {
        UtcTime start{};
        std::optional<UtcTime> end;
        AttemptOutcome outcome = AttemptOutcome::Accepted;
        bool extraVote{}; ///< accepted although the token had been counted on this post already
        std::string sqlstate;
        VoteKey vote;
        std::string origin;
        friend bool operator==(const Bar&, const Bar&) = default;
    };
    std::vector<Bar> bars;
    bool fromVotes{}; ///< no attempts but votes: the source has no attempt log, or it does not hold them
    bool unlogged{};  ///< the latter: votes of many tokens that no attempt stands for
    friend bool operator==(const AttemptWaterfall&, const AttemptWaterfall&) = default;
};

/// Evidence of a drifted counter: the running sum of the rows against what the site shows.
struct CounterTrace {
    struct Point {
        UtcTime at{};
        double sum{};
        friend bool operator==(const Point&, const Point&) = default;
    };
    std::vector<Point> rows; ///< at most 400 points
    double counter{};
    double rowSum{};
    friend bool operator==(const CounterTrace&, const CounterTrace&) = default;
};

/// Evidence of lockstep: who voted on which post how long after the first of the group.
struct LockstepMatrix {
    struct Cell {
        std::uint32_t token{}; ///< index into tokens
        std::uint32_t post{};  ///< index into posts
        double afterSeconds{};
        friend bool operator==(const Cell&, const Cell&) = default;
    };
    std::vector<TokenKey> tokens; ///< the most posts first
    std::vector<PostKey> posts;   ///< in the order of time
    std::vector<UtcTime> starts;  ///< of each post, the group's first vote
    std::vector<Cell> cells;
    friend bool operator==(const LockstepMatrix&, const LockstepMatrix&) = default;
};

/// Evidence of a network's tokens: how many of them voted on a post against what the network's share of the site lets expect.
struct SubnetShare {
    struct Row {
        PostKey post;
        std::int64_t tokens{}; ///< of the network, on the post
        double expected{};
        std::int64_t votes{}; ///< of the post in all
        friend bool operator==(const Row&, const Row&) = default;
    };
    std::string network;
    double siteShare{}; ///< of the votes elsewhere
    std::vector<Row> rows;
    friend bool operator==(const SubnetShare&, const SubnetShare&) = default;
};

/// Evidence of who votes for whom.
struct VoteMatrix {
    struct Cell {
        std::uint32_t voter{};  ///< index into voters
        std::uint32_t author{}; ///< index into authors
        std::int64_t votes{};
        double expected{}; ///< by the voter's activity and the author's share of the site's votes
        friend bool operator==(const Cell&, const Cell&) = default;
    };
    std::vector<TokenKey> voters;
    std::vector<AuthorKey> authors;
    std::vector<Cell> cells;
    friend bool operator==(const VoteMatrix&, const VoteMatrix&) = default;
};

/// Evidence of a post's voters: those who hardly vote elsewhere against the others.
struct CompositionContrast {
    struct Group {
        std::int64_t votes{};
        std::int64_t up{};
        std::vector<std::int64_t> arrivals; ///< votes in each bin
        friend bool operator==(const Group&, const Group&) = default;
    };
    UtcTime start{}; ///< of the first bin
    double binSeconds{};
    Group oneOff;
    Group regular;
    double expectedOneOff{}; ///< by the site's usual share
    friend bool operator==(const CompositionContrast&, const CompositionContrast&) = default;
};

/// Evidence of something that happened too often at one time: how many in each bin, the flagged ones beside the others.
struct TimeHistogram {
    struct Mark {
        UtcTime at{};
        std::string label; ///< "the post opened"
        friend bool operator==(const Mark&, const Mark&) = default;
    };
    std::string counted; ///< of what there are so many: "votes on the post"
    std::string flagged; ///< and which of them are flagged: "before it existed"
    UtcTime start{};     ///< of the first bin; where `isOfTheHour` only for its form
    double binSeconds{};
    bool isOfTheHour{}; ///< the bins cover one hour, and hold what fell on that part of any hour
    std::vector<std::int64_t> others;
    std::vector<std::int64_t> hits; ///< the flagged ones; as long as `others`
    std::vector<double> expected;   ///< of all; empty where nothing is expected
    std::vector<Mark> marks;
    friend bool operator==(const TimeHistogram&, const TimeHistogram&) = default;
};

using Evidence = std::variant<std::monostate, GapStrip, AttemptWaterfall, CounterTrace, LockstepMatrix, SubnetShare, VoteMatrix,
                              CompositionContrast, TimeHistogram>;

/// What taking the flagged votes out would do to the post it matters most to.
struct RankImpact {
    PostKey post;
    std::int64_t rankWith{};
    std::int64_t rankWithout{};
    double scoreWith{};
    double scoreWithout{};

    friend bool operator==(const RankImpact&, const RankImpact&) = default;
};

/// One finding about a subject, with its evidence and the votes concerned.
struct Flag {
    FlagKey key;
    DetectorId detector{};
    std::string siteRule; ///< name of the site's own rule; empty for a detector of ours
    std::string ruleVersion;
    Subject subject;
    UtcTime from{}; ///< first moment of the window the finding is about
    UtcTime to{};   ///< last moment, inclusive
    double score{}; ///< detector's own scale, larger is worse; see rules/default.toml
    /// Of the flags of its scan that are at least this sure at most this share is false, in the mean over scans; see
    /// detect::assignFalseShares. 0: no inference but a fact about rows. Nothing: recorded by a version that did not know.
    std::optional<double> falseShare;
    bool belowReviewLine{}; ///< that share is more than the rules want
    Severity severity = Severity::Low;
    std::vector<VoteKey> votes;      ///< all votes concerned, in the order they were cast
    std::vector<VoteKey> extraVotes; ///< those a void would take out: `votes` less the ones that may stay
    std::vector<TokenKey> tokens;
    std::vector<PostKey> posts;
    std::string headline;    ///< "One token was counted 3 times on one post"
    std::string summary;     ///< the queue's second line, without the detector's name: "32 votes in 18.2 s"
    std::string explanation; ///< in plain words with its numbers
    std::vector<std::string> counterEvidence;
    std::string clearsIf;
    std::vector<RuleParameter> rule;
    Evidence evidence;
    std::optional<RankImpact> rankImpact;
    /// How much taking the flagged votes out would move on the leaderboard: the sum over posts of the change of 1/log2(1 + rank).
    double displacement{};

    friend bool operator==(const Flag&, const Flag&) = default;
};

/// Order within a severity: evidence (decimal places of falseShare, 300 for facts) by impact; a flag that moves no rank keeps a
/// small weight.
[[nodiscard]] double priorityOf(const Flag& flag) noexcept;

/// How sure the flag is, in one sentence; empty where it is not known.
[[nodiscard]] std::string certaintyText(const Flag& flag);

/// The order of every list of flags: severity, priority, score, key.
[[nodiscard]] bool isWorse(const Flag& left, const Flag& right) noexcept;

/// Stable identity from what the finding is about, so that a second scan finds the same flag again.
[[nodiscard]] FlagKey flagKeyOf(DetectorId detector, const Subject& subject, UtcTime from, std::string_view siteRule = {});

} // namespace scr::domain
