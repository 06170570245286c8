#include "lab/race_plan.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace scr::lab {

namespace {

using domain::failureOf;
using domain::Result;
using race::Action;
using race::Pattern;

constexpr std::size_t kVotesToVoid = 8;
constexpr std::uint32_t kCallsOfRevoked = 4; ///< a connection, so that the token is still voting when it is revoked
constexpr std::uint32_t kCallsOfLost = 2;

/// How many tokens and posts one round takes.
struct Needs {
    std::size_t tokens = 1;
    std::size_t posts = 1;
};

class Planner {
public:
    Planner(Pattern pattern, const RaceSize& size, double burst, std::string run) :
        m_pattern{pattern}, m_size{size},
        m_edgeCalls{static_cast<std::uint32_t>(std::clamp(2 * burst / size.connections + 1, 1.0, 1000.0))}, m_run{std::move(run)}
    {
    }

    [[nodiscard]] Needs needs() const
    {
        const std::size_t connections = m_size.connections;
        switch (m_pattern) {
        case Pattern::SamePost:
        case Pattern::SameRequest:
        case Pattern::ChangeAndCast: return {1, 1};
        case Pattern::CloseAndCast: return {connections, 1};
        case Pattern::RateEdge: return {1, connections * m_edgeCalls};
        case Pattern::VoidAndCast: return {connections + kVotesToVoid, 1};
        case Pattern::TwoVoids: return {kVotesToVoid, 1};
        case Pattern::RevokeAndCast: return {1, connections * kCallsOfRevoked};
        case Pattern::LostConnections: return {connections * kCallsOfLost, 1};
        }
        return {};
    }

    [[nodiscard]] RoundPlan round(std::uint32_t number, std::span<const RaceToken> tokens, std::span<const std::string> posts)
    {
        m_round = number;
        m_sent = 0;
        switch (m_pattern) {
        case Pattern::SamePost: return {{everybody([&](std::uint32_t) { return std::vector{cast(tokens[0], posts[0])}; })}};
        case Pattern::SameRequest:
            return {{everybody([&](std::uint32_t) { return std::vector{sameRequest(tokens[0], posts[0])}; })}};
        case Pattern::ChangeAndCast:
            return {{everybody(
                [&](std::uint32_t connection) { return std::vector{castOrChange(tokens[0], posts[0], connection)}; })}};
        case Pattern::CloseAndCast: return {{closedMidway(tokens, posts[0])}};
        case Pattern::RateEdge:
            return {
                {everybody([&](std::uint32_t connection) { return postAfterPost(tokens[0], posts, connection, m_edgeCalls); })}};
        case Pattern::VoidAndCast:
            return {{votesToVoid(tokens, posts[0]),
                     oneAgainstAll(voidOf(posts[0], 0, kVotesToVoid), tokens.subspan(kVotesToVoid), posts[0])}};
        case Pattern::TwoVoids:
            return {{votesToVoid(tokens, posts[0]), everybody([&](std::uint32_t connection) {
                         return std::vector{connection % 2 == 0 ? voidOf(posts[0], 0, kVotesToVoid - 2)
                                                                : voidOf(posts[0], 2, kVotesToVoid)};
                     })}};
        case Pattern::RevokeAndCast: return {{revokedMidway(tokens[0], posts)}};
        case Pattern::LostConnections:
            return {{everybody([&](std::uint32_t connection) {
                std::vector<Order> orders;
                for (std::uint32_t call = 0; call < kCallsOfLost; ++call)
                    orders.push_back(cast(tokens[connection * kCallsOfLost + call], posts[0]));
                return orders;
            })}};
        }
        return {};
    }

private:
    template <class OrdersOf>
    Phase everybody(OrdersOf&& ordersOf)
    {
        Phase phase;
        for (std::uint32_t connection = 0; connection < m_size.connections; ++connection)
            phase.push_back(ordersOf(connection));
        return phase;
    }

    /// Values differ from call to call: what is stored must be what its own call asked for.
    Order cast(const RaceToken& token, const std::string& post)
    {
        const double value = m_sent % 2 == 0 ? 1 : -1;
        return {Action::Cast, token, post, value, nextKey()};
    }

    Order sameRequest(const RaceToken& token, const std::string& post) const
    {
        return {Action::Cast, token, post, 1, fmt::format("{}-{}-{}", m_run, nameOf(m_pattern), m_round)};
    }

    Order castOrChange(const RaceToken& token, const std::string& post, std::uint32_t connection)
    {
        constexpr Action kActions[] = {Action::Cast, Action::Change, Action::Cast, Action::Withdraw};
        const double value = connection % 3 == 0 ? -1 : 1;
        return {kActions[connection % 4], token, post, value, nextKey()};
    }

    /// The last connection does what the votes of all others are to meet.
    Phase oneAgainstAll(const Order& one, std::span<const RaceToken> tokens, const std::string& post)
    {
        Phase phase = everybody([&](std::uint32_t connection) { return std::vector{cast(tokens[connection], post)}; });
        phase.back() = {one};
        return phase;
    }

    /// Who closes needs no token and would always be first: it casts none, one or two votes before, so that the others are met
    /// where they are.
    Phase closedMidway(std::span<const RaceToken> tokens, const std::string& post)
    {
        Phase phase = oneAgainstAll({Action::Close, {}, post}, tokens, post);
        for (std::uint32_t vote = 0; vote < m_round % 3; ++vote)
            phase.back().insert(phase.back().begin(), cast(tokens[phase.size() - 1], post));
        return phase;
    }

    Phase votesToVoid(std::span<const RaceToken> tokens, const std::string& post)
    {
        Phase phase(m_size.connections);
        for (std::size_t vote = 0; vote < kVotesToVoid; ++vote)
            phase[vote % phase.size()].push_back(cast(tokens[vote], post));
        return phase;
    }

    static Order voidOf(const std::string& post, std::size_t first, std::size_t last)
    {
        Order order{Action::Void, {}, post};
        order.firstVote = first;
        order.lastVote = last;
        return order;
    }

    std::vector<Order> postAfterPost(const RaceToken& token, std::span<const std::string> posts, std::uint32_t connection,
                                     std::uint32_t calls)
    {
        std::vector<Order> orders;
        for (std::uint32_t call = 0; call < calls; ++call)
            orders.push_back(cast(token, posts[connection * calls + call]));
        return orders;
    }

    Phase revokedMidway(const RaceToken& token, std::span<const std::string> posts)
    {
        Phase phase =
            everybody([&](std::uint32_t connection) { return postAfterPost(token, posts, connection, kCallsOfRevoked); });
        Order revoke{Action::Revoke, token, {}};
        phase.back() = {revoke};
        return phase;
    }

    std::string nextKey() { return fmt::format("{}-{}-{}-{}", m_run, nameOf(m_pattern), m_round, m_sent++); }

    Pattern m_pattern;
    RaceSize m_size;
    std::uint32_t m_edgeCalls;
    std::string m_run;
    std::uint32_t m_round = 0;
    std::uint32_t m_sent = 0;
};

} // namespace

Result<RacePlan> planRace(PgLink& owner, const RaceTarget& target, Pattern pattern, const RaceSize& size, const std::string& run)
{
    const auto limit = target.limit(owner);
    if (!limit)
        return failureOf(limit);
    Planner planner{pattern, size, *limit ? (*limit)->burst : 1.0, run};
    const Needs needs = planner.needs();
    // The posts of a token that nobody else uses may be those of another round's token.
    const bool ownPosts = needs.posts == 1;
    RacePlan plan;
    plan.pattern = pattern;
    auto tokens = target.makeTokens(owner, needs.tokens * size.rounds);
    if (!tokens)
        return failureOf(tokens);
    auto posts = target.makePosts(owner, ownPosts ? size.rounds : needs.posts, fmt::format("Race lab: {}", titleOf(pattern)));
    if (!posts)
        return failureOf(posts);
    plan.tokens = *std::move(tokens);
    plan.posts = *std::move(posts);
    for (std::uint32_t round = 0; round < size.rounds; ++round)
        plan.rounds.push_back(planner.round(round, std::span{plan.tokens}.subspan(round * needs.tokens, needs.tokens),
                                            ownPosts ? std::span{plan.posts}.subspan(round, 1) : std::span{plan.posts}));
    return plan;
}

} // namespace scr::lab
