#include "detect/scores.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "detect/reliability.h"

namespace scr::detect {

namespace {

/// Decades of improbability that a flag stands for; what breaks a rule of counting is certain.
double decadesOf(const domain::Flag& flag)
{
    switch (flag.detector) {
    case domain::DetectorId::DuplicateVotes:
    case domain::DetectorId::ImpossibleVotes:
    case domain::DetectorId::AttemptFanOut:
    case domain::DetectorId::ConcurrentAttempts: return 300;
    case domain::DetectorId::CounterDrift:
    case domain::DetectorId::Control: return 0;  // it is about no token
    case domain::DetectorId::SiteRule: return 0; // its score is on a scale of the site's own
    case domain::DetectorId::UnloggedVotes:
    case domain::DetectorId::Probing:
    case domain::DetectorId::TokenBurst:
    case domain::DetectorId::Metronome:
    case domain::DetectorId::Timetable:
    case domain::DetectorId::SerialVoter:
    case domain::DetectorId::VoteRing:
    case domain::DetectorId::SubnetSocks:
    case domain::DetectorId::TokenMint:
    case domain::DetectorId::TokenHopping:
    case domain::DetectorId::Lockstep:
    case domain::DetectorId::DenseBlock:
    case domain::DetectorId::PostSurge: return std::max(1.0, flag.score);
    }
    return 0;
}

} // namespace

std::vector<float> voteScores(const domain::ScanInput& input, const ScanReport& report)
{
    const domain::VoteColumns& votes = input.votes;
    std::unordered_map<std::string, float> flagged;
    const auto raise = [&](const domain::VoteKey& key, double score) {
        float& known = flagged[key.text];
        known = std::max(known, static_cast<float>(score));
    };
    for (const domain::Flag& flag : report.flags) {
        const double decades = decadesOf(flag);
        const double weight = flag.severity == domain::Severity::Low ? 0.5 : 1;
        for (const domain::VoteKey& key : flag.votes)
            raise(key, 0.4 * weight);
        for (const domain::VoteKey& key : flag.extraVotes)
            raise(key, weight * (0.5 + 0.5 * decades / (decades + 12)));
    }
    std::vector<std::uint32_t> ofToken(votes.tokens.size());
    std::vector<std::uint32_t> newcomers(votes.posts.size());
    std::vector<std::uint32_t> ofPost(votes.posts.size());
    for (const domain::Index token : votes.token)
        ++ofToken[token];
    for (std::size_t row = 0; row < votes.size(); ++row) {
        ++ofPost[votes.post[row]];
        newcomers[votes.post[row]] += ofToken[votes.token[row]] <= 2 ? 1U : 0U;
    }
    const std::vector<float> unreliability = tokenUnreliability(votes);
    std::vector<float> scores(votes.size());
    for (std::size_t row = 0; row < votes.size(); ++row) {
        scores[row] = 0.1F * unreliability[votes.token[row]];
        if (const auto found = flagged.find(votes.voteKeys.at(row)); found != flagged.end())
            scores[row] = found->second;
        else if (ofToken[votes.token[row]] <= 2)
            scores[row] +=
                0.02F + 0.2F * static_cast<float>(newcomers[votes.post[row]]) / static_cast<float>(ofPost[votes.post[row]] + 30U);
    }
    return scores;
}

std::vector<float> tokenScores(const domain::ScanInput& input, const std::vector<float>& ofVotes)
{
    const domain::VoteColumns& votes = input.votes;
    std::vector<float> worst(votes.tokens.size());
    std::vector<float> sum(votes.tokens.size());
    std::vector<float> count(votes.tokens.size());
    for (std::size_t row = 0; row < votes.size(); ++row) {
        worst[votes.token[row]] = std::max(worst[votes.token[row]], ofVotes[row]);
        sum[votes.token[row]] += ofVotes[row];
        count[votes.token[row]] += 1;
    }
    for (std::size_t token = 0; token < worst.size(); ++token) {
        worst[token] = count[token] > 0 ? 0.8F * worst[token] + 0.2F * sum[token] / count[token] : -1;
    }
    return worst;
}

} // namespace scr::detect
