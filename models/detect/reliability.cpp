#include "detect/reliability.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace scr::detect {

namespace {

/// Votes of an average opinion that a post's mean begins with, and a token's disagreement: nobody is judged by one vote.
constexpr double kPrior = 2;

struct PostSum {
    double values = 0;
    std::uint32_t votes = 0;
};

struct Record {
    double disagreement = 0; ///< sum of squared differences, in units of the site's variance
    std::uint32_t votes = 0;
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
};

std::vector<Record> recordsOf(const domain::VoteColumns& votes)
{
    std::vector<PostSum> posts(votes.posts.size());
    double sum = 0;
    double squares = 0;
    for (std::size_t row = 0; row < votes.size(); ++row) {
        const double value = votes.value[row];
        posts[votes.post[row]].values += value;
        ++posts[votes.post[row]].votes;
        sum += value;
        squares += value * value;
    }
    const double count = std::max<double>(1, static_cast<double>(votes.size()));
    const double mean = sum / count;
    const double variance = squares / count - mean * mean;
    std::vector<Record> records(votes.tokens.size());
    for (std::size_t row = 0; row < votes.size(); ++row) {
        const PostSum& post = posts[votes.post[row]];
        const double value = votes.value[row];
        const double others = (post.values - value + kPrior * mean) / (post.votes - 1 + kPrior);
        Record& record = records[votes.token[row]];
        ++record.votes;
        record.disagreement += variance > 0 ? (value - others) * (value - others) / variance : 1;
        record.first = std::min(record.first, votes.castAt[row]);
        record.last = std::max(record.last, votes.castAt[row]);
    }
    return records;
}

/// Adds to `sums` the negative logarithm of the share of tokens whose value is at least as large, ties in the middle.
template <class ValueOf>
void addTails(const std::vector<Record>& records, const std::vector<std::uint32_t>& voters, std::vector<double>& sums,
              ValueOf valueOf)
{
    std::vector<double> sorted;
    sorted.reserve(voters.size());
    for (const std::uint32_t token : voters)
        sorted.push_back(valueOf(records[token]));
    std::sort(sorted.begin(), sorted.end());
    const double count = static_cast<double>(sorted.size());
    for (const std::uint32_t token : voters) {
        const auto [from, to] = std::equal_range(sorted.begin(), sorted.end(), valueOf(records[token]));
        const double below = 0.5 * static_cast<double>((from - sorted.begin()) + (to - sorted.begin()));
        sums[token] -= std::log((count - below + 0.5) / (count + 0.5));
    }
}

/// That the product of three uniform shares is larger than exp(-sum).
double fisherOfThree(double sum) noexcept
{
    return 1 - std::exp(-sum) * (1 + sum + sum * sum / 2);
}

} // namespace

std::vector<float> tokenUnreliability(const domain::VoteColumns& votes)
{
    const std::vector<Record> records = recordsOf(votes);
    std::vector<std::uint32_t> voters(records.size());
    std::iota(voters.begin(), voters.end(), 0U);
    std::erase_if(voters, [&](std::uint32_t token) { return records[token].votes == 0; });
    std::vector<double> sums(records.size());
    addTails(records, voters, sums,
             [](const Record& record) { return (record.disagreement + kPrior) / (record.votes + kPrior); });
    addTails(records, voters, sums, [](const Record& record) { return -static_cast<double>(record.last - record.first); });
    addTails(records, voters, sums, [](const Record& record) { return -static_cast<double>(record.votes); });
    std::vector<float> unreliability(records.size(), -1);
    for (const std::uint32_t token : voters)
        unreliability[token] = static_cast<float>(fisherOfThree(sums[token]));
    return unreliability;
}

} // namespace scr::detect
