#include "detect/decoys.h"

#include <algorithm>

#include "detect/bounded_table.h"
#include "detect/time_order.h"

namespace scr::detect {

namespace {

using domain::DetectorId;

constexpr std::int64_t kHour = 3'600'000'000;
constexpr std::int64_t kStratum = 2 * kHour;
constexpr std::uint32_t kFewestTokens = 100;

/// splitmix64
class Shuffler {
public:
    explicit Shuffler(std::uint64_t seed) : m_state{seed} {}

    std::uint64_t below(std::uint64_t limit) noexcept { return spread(m_state += 0x9e3779b97f4a7c15ULL) % limit; }

private:
    std::uint64_t m_state;
};

/// Shuffles the rows of each stratum of time. A stratum goes on while one token has more than a quarter of it or only a few are
/// there: one token, or a group that is alone for hours, would stay what it was when it is shuffled by itself.
template <class Swap>
void shuffleWithinStrata(const std::vector<std::int64_t>& times, const std::vector<domain::Index>& tokens, Shuffler& shuffler,
                         Swap swapRows)
{
    const TimeOrder order{times};
    domain::Index tokenCount = 0;
    for (const domain::Index token : tokens)
        tokenCount = token == domain::kNoIndex ? tokenCount : std::max(tokenCount, token + 1);
    std::vector<std::uint32_t> here(tokenCount);
    for (std::size_t begin = 0; begin < order.size();) {
        const std::int64_t last = times[order.row(begin)] + kStratum;
        std::size_t end = begin;
        std::uint32_t most = 0;
        std::uint32_t distinct = 0;
        for (; end < order.size() && (times[order.row(end)] <= last || 4 * most > end - begin || distinct < kFewestTokens);
             ++end) {
            if (const domain::Index token = tokens[order.row(end)]; token != domain::kNoIndex) {
                distinct += here[token] == 0 ? 1U : 0U;
                most = std::max(most, ++here[token]);
            }
        }
        for (std::size_t at = begin; at < end; ++at) {
            if (const domain::Index token = tokens[order.row(at)]; token != domain::kNoIndex)
                here[token] = 0;
        }
        for (std::size_t at = end - 1; at > begin; --at)
            swapRows(order.row(at), order.row(begin + shuffler.below(at - begin + 1)));
        begin = end;
    }
}

void swapVoters(domain::ScanInput& input, Shuffler& shuffler)
{
    domain::VoteColumns& votes = input.votes;
    shuffleWithinStrata(votes.castAt, votes.token, shuffler, [&](std::uint32_t left, std::uint32_t right) {
        std::swap(votes.token[left], votes.token[right]);
        if (!votes.network.empty()) {
            std::swap(votes.network[left], votes.network[right]);
            std::swap(votes.host[left], votes.host[right]);
        }
    });
    domain::AttemptColumns& attempts = input.attempts;
    shuffleWithinStrata(attempts.attemptedAt, attempts.token, shuffler, [&](std::uint32_t left, std::uint32_t right) {
        std::swap(attempts.token[left], attempts.token[right]);
        if (!attempts.origin.empty())
            std::swap(attempts.origin[left], attempts.origin[right]);
    });
}

void jitterTimes(domain::ScanInput& input, Shuffler& shuffler)
{
    const auto moved = [&](std::int64_t time) {
        return time + static_cast<std::int64_t>(shuffler.below(2 * static_cast<std::uint64_t>(kHour) + 1)) - kHour;
    };
    for (std::int64_t& time : input.votes.castAt)
        time = moved(time);
    for (std::size_t row = 0; row < input.attempts.size(); ++row) {
        const std::int64_t lasted = input.attempts.finishedAt[row] - input.attempts.attemptedAt[row];
        input.attempts.attemptedAt[row] = moved(input.attempts.attemptedAt[row]);
        input.attempts.finishedAt[row] = input.attempts.attemptedAt[row] + lasted;
    }
}

/// Whether a decoy takes away what the detector looks for. Duplicates and counters are facts, not inferences: nothing to audit.
/// What the log lacks and what it refused stays the same whoever it was and whenever, and a network keeps its crowd of votes.
bool speaksAbout(Decoy decoy, DetectorId detector)
{
    switch (detector) {
    case DetectorId::DuplicateVotes:
    case DetectorId::ImpossibleVotes:
    case DetectorId::CounterDrift:
    case DetectorId::UnloggedVotes:
    case DetectorId::Probing:
    case DetectorId::TokenMint:
    case DetectorId::SiteRule:
    case DetectorId::Control: return false;
    // who hammers a post keeps many of its attempts wherever they are swapped to
    case DetectorId::ConcurrentAttempts: return decoy == Decoy::Jitter;
    case DetectorId::AttemptFanOut:
    case DetectorId::TokenBurst:
    case DetectorId::Metronome:
    case DetectorId::Timetable:
    case DetectorId::TokenHopping:
    case DetectorId::Lockstep: return true;
    case DetectorId::SerialVoter:
    case DetectorId::VoteRing:
    case DetectorId::SubnetSocks:
    case DetectorId::DenseBlock:
    case DetectorId::PostSurge: return decoy == Decoy::Swap;
    }
    return false;
}

/// A low flag is a remark: who votes much still votes much in a decoy.
std::uint64_t accusations(const ScanReport& report, DetectorId detector)
{
    return static_cast<std::uint64_t>(std::count_if(report.flags.begin(), report.flags.end(), [&](const domain::Flag& flag) {
        return flag.detector == detector && flag.severity > domain::Severity::Low;
    }));
}

} // namespace

void makeDecoy(domain::ScanInput& input, Decoy decoy, std::uint64_t seed)
{
    Shuffler shuffler{seed};
    if (decoy == Decoy::Swap)
        swapVoters(input, shuffler);
    else
        jitterTimes(input, shuffler);
}

std::optional<double> DecoyAudit::Row::falseShare() const noexcept
{
    if (!swapFlags && !jitterFlags)
        return std::nullopt;
    const std::uint64_t decoys = std::max(swapFlags.value_or(0), jitterFlags.value_or(0));
    if (flags == 0)
        return decoys == 0 ? std::nullopt : std::optional{1.0};
    return std::min(1.0, static_cast<double>(decoys) / static_cast<double>(flags));
}

domain::Result<DecoyAudit> auditDecoys(domain::ScanInput input, const Rules& rules, unsigned threads, std::uint64_t seed,
                                       const domain::KeepGoing& keepGoing)
{
    ScanOptions options;
    options.threads = threads;
    for (const DetectorId detector : domain::kDetectors) {
        if (speaksAbout(Decoy::Swap, detector) || speaksAbout(Decoy::Jitter, detector))
            options.detectors.push_back(detector);
    }
    std::uint64_t before = 0;
    std::uint64_t whole = 0;
    const domain::KeepGoing third = [&](std::uint64_t done, std::uint64_t total) {
        whole = total;
        return !keepGoing || keepGoing(before + done, 3 * total);
    };
    const auto real = scan(input, rules, options, third);
    if (!real)
        return domain::failureOf(real);
    before += whole;
    // the jitter first: of a shuffle of who voted there is no way back
    const std::vector<std::int64_t> castAt = input.votes.castAt;
    const std::vector<std::int64_t> attemptedAt = input.attempts.attemptedAt;
    const std::vector<std::int64_t> finishedAt = input.attempts.finishedAt;
    makeDecoy(input, Decoy::Jitter, seed);
    const auto jittered = scan(input, rules, options, third);
    if (!jittered)
        return domain::failureOf(jittered);
    before += whole;
    input.votes.castAt = castAt;
    input.attempts.attemptedAt = attemptedAt;
    input.attempts.finishedAt = finishedAt;
    makeDecoy(input, Decoy::Swap, seed + 1);
    const auto swapped = scan(input, rules, options, third);
    if (!swapped)
        return domain::failureOf(swapped);
    DecoyAudit audit;
    audit.votes = real->votes;
    audit.ruleVersion = real->ruleVersion;
    for (const DetectorId detector : options.detectors) {
        const auto isSkipped = [&](const SkippedDetector& skipped) { return skipped.detector == detector; };
        if (std::any_of(real->skipped.begin(), real->skipped.end(), isSkipped))
            continue;
        DecoyAudit::Row& row = audit.rows.emplace_back();
        row.detector = detector;
        row.flags = accusations(*real, detector);
        if (speaksAbout(Decoy::Swap, detector))
            row.swapFlags = accusations(*swapped, detector);
        if (speaksAbout(Decoy::Jitter, detector))
            row.jitterFlags = accusations(*jittered, detector);
    }
    return audit;
}

} // namespace scr::detect
