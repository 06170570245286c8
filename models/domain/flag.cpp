#include "domain/flag.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace scr::domain {

namespace {

constexpr std::array kSeverities{Severity::Low, Severity::Medium, Severity::High, Severity::Critical};
constexpr std::array kSubjectKinds{SubjectKind::Token, SubjectKind::Counter, SubjectKind::Post,
                                   SubjectKind::Group, SubjectKind::Subnet,  SubjectKind::Control};

/// FNV-1a over 64 bits: an identity, not a safeguard.
struct Fnv {
    std::uint64_t state = 0xcbf29ce484222325ULL;
    void add(std::string_view text) noexcept
    {
        for (const char c : text)
            state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
        state = (state ^ 0xffU) * 0x100000001b3ULL; // a separator, so that "ab"+"c" differs from "a"+"bc"
    }
};

} // namespace

std::string_view nameOf(Severity severity) noexcept
{
    switch (severity) {
    case Severity::Low: return "low";
    case Severity::Medium: return "medium";
    case Severity::High: return "high";
    case Severity::Critical: return "critical";
    }
    return {};
}

std::optional<Severity> severityOf(std::string_view name) noexcept
{
    for (const Severity severity : kSeverities) {
        if (nameOf(severity) == name)
            return severity;
    }
    return std::nullopt;
}

std::string_view nameOf(DetectorId detector) noexcept
{
    switch (detector) {
    case DetectorId::DuplicateVotes: return "duplicate_votes";
    case DetectorId::ImpossibleVotes: return "impossible_votes";
    case DetectorId::CounterDrift: return "counter_drift";
    case DetectorId::ConcurrentAttempts: return "concurrent_attempts";
    case DetectorId::AttemptFanOut: return "attempt_fan_out";
    case DetectorId::UnloggedVotes: return "unlogged_votes";
    case DetectorId::Probing: return "probing";
    case DetectorId::TokenBurst: return "token_burst";
    case DetectorId::Metronome: return "metronome";
    case DetectorId::Timetable: return "timetable";
    case DetectorId::SerialVoter: return "serial_voter";
    case DetectorId::VoteRing: return "vote_ring";
    case DetectorId::SubnetSocks: return "subnet_socks";
    case DetectorId::TokenMint: return "token_mint";
    case DetectorId::TokenHopping: return "token_hopping";
    case DetectorId::Lockstep: return "lockstep";
    case DetectorId::DenseBlock: return "dense_block";
    case DetectorId::PostSurge: return "post_surge";
    case DetectorId::SiteRule: return "site_rule";
    case DetectorId::Control: return "control";
    }
    return {};
}

std::optional<DetectorId> detectorOf(std::string_view name) noexcept
{
    for (const DetectorId detector : kDetectors) {
        if (nameOf(detector) == name)
            return detector;
    }
    for (const DetectorId source : kOtherSources) {
        if (nameOf(source) == name)
            return source;
    }
    return std::nullopt;
}

std::string_view nameOf(SubjectKind kind) noexcept
{
    switch (kind) {
    case SubjectKind::Token: return "token";
    case SubjectKind::Counter: return "counter";
    case SubjectKind::Post: return "post";
    case SubjectKind::Group: return "group";
    case SubjectKind::Subnet: return "subnet";
    case SubjectKind::Control: return "control";
    }
    return {};
}

std::optional<SubjectKind> subjectKindOf(std::string_view name) noexcept
{
    for (const SubjectKind kind : kSubjectKinds) {
        if (nameOf(kind) == name)
            return kind;
    }
    return std::nullopt;
}

double priorityOf(const Flag& flag) noexcept
{
    constexpr double kFact = 300;
    constexpr double kUnmoved = 1e-4; // about what one place far down the leaderboard weighs
    const double share = flag.falseShare.value_or(1);
    const double evidence = share <= 0 ? kFact : std::clamp(-std::log10(share), 0.0, kFact);
    return (1 + evidence) * (flag.displacement + kUnmoved);
}

std::string certaintyText(const Flag& flag)
{
    if (!flag.falseShare)
        return {};
    const double share = *flag.falseShare;
    if (share <= 0)
        return "This is what the rows say, not an inference.";
    if (flag.belowReviewLine && share > 0.5)
        return "Below the review line: among all that was tested, chance alone may have raised it.";
    if (flag.belowReviewLine)
        return "Below the review line: of the flags at least this sure up to " +
               std::to_string(std::lround(100 * std::min(share, 1.0))) + " % may be false.";
    if (share > 1e-6)
        return "Of the flags at least this sure at most 1 in " + std::to_string(std::lround(std::floor(1 / share))) +
               " is false.";
    return "Of the flags at least this sure at most 1 in 10^" + std::to_string(std::lround(std::floor(-std::log10(share)))) +
           " is false.";
}

bool isWorse(const Flag& left, const Flag& right) noexcept
{
    if (left.severity != right.severity)
        return left.severity > right.severity;
    const double ofLeft = priorityOf(left);
    const double ofRight = priorityOf(right);
    if (ofLeft != ofRight)
        return ofLeft > ofRight;
    return left.score != right.score ? left.score > right.score : left.key < right.key;
}

FlagKey flagKeyOf(DetectorId detector, const Subject& subject, UtcTime from, std::string_view siteRule)
{
    Fnv hash;
    hash.add(nameOf(detector));
    hash.add(nameOf(subject.kind));
    hash.add(subject.key);
    hash.add(subject.post.text);
    hash.add(std::to_string(microsOf(from)));
    if (!siteRule.empty()) // else a part more would change the keys of all flags that are on record
        hash.add(siteRule);
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text = "F-";
    for (int shift = 44; shift >= 0; shift -= 4)
        text += kDigits[(hash.state >> static_cast<unsigned>(shift)) & 0xfU];
    return FlagKey{text};
}

} // namespace scr::domain
