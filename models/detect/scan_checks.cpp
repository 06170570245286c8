#include "detect/scan_checks.h"

#include <algorithm>
#include <limits>

#include "detect/scan.h"

namespace scr::detect {

using domain::DetectorId;
using domain::failure;
using domain::Fault;
using domain::ScanInput;

std::string obstacleOf(DetectorId detector, const ScanInput& input)
{
    switch (detector) {
    case DetectorId::DuplicateVotes:
    case DetectorId::ImpossibleVotes:
    case DetectorId::TokenBurst:
    case DetectorId::Metronome:
    case DetectorId::Timetable:
    case DetectorId::Lockstep:
    case DetectorId::DenseBlock:
    case DetectorId::PostSurge: return {};
    case DetectorId::SerialVoter:
    case DetectorId::VoteRing:
        return input.votes.authorOfPost.empty() ? "The source does not say who wrote the posts." : std::string{};
    case DetectorId::SubnetSocks:
    case DetectorId::TokenMint:
    case DetectorId::TokenHopping:
        return input.votes.network.empty() ? "The source does not say from where the votes came." : std::string{};
    case DetectorId::CounterDrift:
        if (!input.hasCounters)
            return "The source shows no score of its own to compare with the votes.";
        return input.range.isAll() ? std::string{}
                                   : "A score covers all time, so it can be compared only when all votes are scanned.";
    case DetectorId::ConcurrentAttempts:
    case DetectorId::AttemptFanOut:
    case DetectorId::UnloggedVotes:
    case DetectorId::Probing: return input.hasAttempts ? std::string{} : "The source has no log of attempts.";
    case DetectorId::SiteRule:
    case DetectorId::Control: return "It is run by the database.";
    }
    return {};
}

domain::Status checkedColumns(const ScanInput& input)
{
    const domain::VoteColumns& votes = input.votes;
    const domain::AttemptColumns& attempts = input.attempts;
    const bool even =
        votes.post.size() == votes.size() && votes.castAt.size() == votes.size() && votes.value.size() == votes.size() &&
        votes.voteKeys.size() == votes.size() && (votes.network.empty() || votes.network.size() == votes.size()) &&
        votes.host.size() == votes.network.size() && votes.authorOfPost.size() <= votes.posts.size() &&
        attempts.post.size() == attempts.size() && attempts.attemptedAt.size() == attempts.size() &&
        attempts.finishedAt.size() == attempts.size() && attempts.outcome.size() == attempts.size() &&
        input.posts.counter.size() == input.posts.post.size() && input.posts.openedAt.size() == input.posts.post.size() &&
        input.posts.closedAt.size() == input.posts.post.size();
    if (!even)
        return failure(Fault::Corrupt, "The columns of the scan differ in length");
    if (std::max(votes.size(), attempts.size()) >= std::numeric_limits<std::uint32_t>::max())
        return failure(Fault::Rejected, "More than 4,294,967,294 votes or attempts cannot be scanned at once",
                       "Scan a shorter range of time");
    return domain::Nothing{};
}

std::vector<DetectorId> detectorsThatCanRun(const ScanInput& input)
{
    std::vector<DetectorId> detectors;
    for (const DetectorId detector : domain::kDetectors) {
        if (obstacleOf(detector, input).empty())
            detectors.push_back(detector);
    }
    return detectors;
}

} // namespace scr::detect
