#include "domain/flag.h"

#include <array>

namespace scr::domain {

namespace {

constexpr std::array kSeverities{Severity::Low, Severity::Medium, Severity::High, Severity::Critical};
constexpr std::array kSubjectKinds{SubjectKind::Token, SubjectKind::Counter, SubjectKind::Post, SubjectKind::Group,
                                   SubjectKind::Subnet};

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
    case DetectorId::CounterDrift: return "counter_drift";
    case DetectorId::ConcurrentAttempts: return "concurrent_attempts";
    case DetectorId::TokenBurst: return "token_burst";
    case DetectorId::Metronome: return "metronome";
    case DetectorId::SerialVoter: return "serial_voter";
    case DetectorId::VoteRing: return "vote_ring";
    case DetectorId::SubnetSocks: return "subnet_socks";
    case DetectorId::Lockstep: return "lockstep";
    case DetectorId::PostSurge: return "post_surge";
    case DetectorId::SiteRule: return "site_rule";
    }
    return {};
}

std::optional<DetectorId> detectorOf(std::string_view name) noexcept
{
    for (const DetectorId detector : kDetectors) {
        if (nameOf(detector) == name)
            return detector;
    }
    return name == nameOf(DetectorId::SiteRule) ? std::optional{DetectorId::SiteRule} : std::nullopt;
}

std::string_view nameOf(SubjectKind kind) noexcept
{
    switch (kind) {
    case SubjectKind::Token: return "token";
    case SubjectKind::Counter: return "counter";
    case SubjectKind::Post: return "post";
    case SubjectKind::Group: return "group";
    case SubjectKind::Subnet: return "subnet";
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
