#include "store/environment_check.h"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <vector>

#include <fmt/format.h>

namespace scr::store {

using domain::Control;
using domain::ControlState;

namespace {

constexpr std::uint64_t kCrowd = 50; ///< tokens of one network; a household or an office has fewer

std::vector<std::string> wordsOf(const std::string& text)
{
    std::istringstream stream{text};
    return {std::istream_iterator<std::string>{stream}, {}};
}

} // namespace

const char* const kEnvironmentQuery =
    "SELECT environment, (SELECT system_identifier FROM pg_control_system())::text, "
    "coalesce((SELECT value FROM scrutineer.safeguard WHERE name = 'hash_key_fingerprint'), ''), "
    "(SELECT coalesce(string_agg(n.network || ' ' || n.tokens, ' '), '') FROM ("
    "SELECT network(set_masklen(origin, CASE family(origin) WHEN 4 THEN 24 ELSE 48 END))::text AS network, "
    "count(DISTINCT token_key) AS tokens FROM scrutineer.attempt "
    "WHERE attempted_at > now() - interval '30 days' AND origin IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT "
    "100000) n) FROM scrutineer.source";

domain::Result<EnvironmentFacts> factsFrom(const ReadRows& rows, const std::string& label)
{
    if (rows.size() != 1)
        return domain::failure(domain::Fault::Corrupt, "The view scrutineer.source does not hold its one row");
    EnvironmentFacts facts{std::string{rows.text(0, 0)}, std::string{rows.text(0, 1)}, std::string{rows.text(0, 2)}, label, {}};
    std::istringstream list{std::string{rows.text(0, 3)}};
    std::string network;
    for (std::uint64_t tokens = 0; list >> network >> tokens;)
        facts.tokensOf[network] = tokens;
    return facts;
}

void weighEnvironments(Control& control, const EnvironmentFacts& here, const EnvironmentFacts& there)
{
    std::vector<std::string> shared;
    std::vector<std::string> crowded; // of a proxy or a provider, so that they do not tell one voter from another
    for (const auto& [network, tokens] : here.tokensOf) {
        const auto other = there.tokensOf.find(network);
        if (other != there.tokensOf.end())
            (std::max(tokens, other->second) > kCrowd ? crowded : shared).push_back(network);
    }
    std::string wrong;
    const auto add = [&](const std::string& what, const std::string& remedy) {
        wrong += (wrong.empty() ? "" : " ") + what;
        control.remedy += (control.remedy.empty() ? "" : "\n") + remedy;
    };
    if (here.environment == there.environment)
        add(fmt::format("Both are marked {}.", here.environment), "scrutineerctl init --service OWNER --environment staging");
    if (here.cluster == there.cluster)
        add(fmt::format("Both are in one cluster ({}): who takes it down, or logs in as its superuser, has both.", here.cluster),
            "Move staging to a cluster of its own: initdb, or pg_dump and restore; a copy of the files keeps the identity.");
    for (const std::string& key : wordsOf(here.keys)) { // each of its keys lets tokens vote, not the newest alone
        if (there.keys.find(key) != std::string::npos)
            add(fmt::format("Both hash tokens with one key ({}): a token of the one votes in the other.", key),
                "On staging: SELECT reference.add_hash_key(); then issue its tokens anew, and "
                "reference.revoke_tokens_of_key() "
                "for the old key.");
    }
    if (!shared.empty())
        add(fmt::format("{} networks vote in both, {} among them.", shared.size(), shared.front()),
            "Look at who these are: test traffic that reaches production is counted there.");
    control.state = wrong.empty() ? ControlState::Holds : ControlState::Fails;
    control.evidence =
        wrong.empty()
            ? fmt::format(
                  "{} is {} in cluster {}, {} is {} in cluster {}; keys {} and {}; of {} and {} networks none votes in both.",
                  here.label, here.environment, here.cluster, there.label, there.environment, there.cluster,
                  here.keys.empty() ? "none" : here.keys, there.keys.empty() ? "none" : there.keys, here.tokensOf.size(),
                  there.tokensOf.size())
            : wrong;
    if (wrong.empty() && !crowded.empty()) {
        control.state = ControlState::Unknown;
        control.evidence = fmt::format("Two clusters, two keys; but {} networks of more than {} tokens vote in both, {} among "
                                       "them: the addresses are those of a proxy, and do not tell who votes where.",
                                       crowded.size(), kCrowd, crowded.front());
        control.remedy = "Hand the voter's own address to the voting functions, not the proxy's: the last one of "
                         "X-Forwarded-For that your proxy has added.";
    }
}

} // namespace scr::store
