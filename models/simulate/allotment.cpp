#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "simulate/plan.h"

namespace scr::simulate {

namespace {

using domain::Fault;

constexpr double kSecondsAVote = 15;    ///< mean gap inside a session
constexpr double kShareOfTheTime = 0.2; ///< nobody votes more than that of the day

struct Wish {
    double weight;
    double most;
};

double wanted(const std::vector<Wish>& wishes, double scale) noexcept
{
    double sum = 0;
    for (const Wish& wish : wishes)
        sum += std::min(wish.weight * scale, wish.most);
    return sum;
}

/// Smallest scale, nearly, at which the wishes add up to the votes.
double scaleFor(const std::vector<Wish>& wishes, double votes) noexcept
{
    double low = 0;
    double high = 1;
    while (wanted(wishes, high) < votes && high < 1e18)
        high *= 2;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (wanted(wishes, middle) < votes ? low : high) = middle;
    }
    return high;
}

} // namespace

domain::Result<std::vector<std::uint32_t>> allotVotes(const SiteOptions& options, std::uint64_t backlog)
{
    std::vector<Wish> wishes;
    wishes.reserve(options.tokens);
    double most = 0;
    for (std::uint32_t token = 0; token < options.tokens; ++token) {
        Random random{options.seed, Purpose::Activity, token};
        const double seconds = kSecondsAVote * personOf(options, token).speed;
        const double byTime = kShareOfTheTime * 86'400 * static_cast<double>(options.days) / seconds;
        const auto limit = std::max<std::uint64_t>(1, std::min(backlog, static_cast<std::uint64_t>(byTime)));
        wishes.push_back({random.lognormal(1, 1.3), static_cast<double>(limit)});
        most += wishes.back().most;
    }
    const auto votes = static_cast<double>(options.votes);
    if (most < votes) {
        return domain::failure(
            Fault::Invalid,
            fmt::format("{} votes cannot come from {} tokens, {} posts and {} days without one token voting twice on a "
                        "post or without pause; at most {:.0f} can",
                        options.votes, options.tokens, options.posts, options.days, most),
            "Take more tokens, posts or days, or fewer votes");
    }
    const double scale = scaleFor(wishes, votes);
    std::vector<std::uint32_t> allotted(options.tokens);
    double sum = 0;
    std::uint64_t given = 0;
    for (std::size_t token = 0; token < wishes.size(); ++token) {
        sum += std::min(wishes[token].weight * scale, wishes[token].most);
        const std::uint64_t upTo = std::min(options.votes, static_cast<std::uint64_t>(sum));
        allotted[token] = static_cast<std::uint32_t>(upTo - given);
        given = upTo;
    }
    for (std::size_t token = 0; given < options.votes; token = (token + 1) % wishes.size()) { // what rounding left over
        if (allotted[token] < static_cast<std::uint32_t>(wishes[token].most)) {
            ++allotted[token];
            ++given;
        }
    }
    return allotted;
}

} // namespace scr::simulate
