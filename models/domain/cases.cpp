#include "domain/cases.h"

#include <map>
#include <string>
#include <unordered_map>

#include "domain/union_find.h"

namespace scr::domain {

namespace {

/// A flag over more pairs of a token and a post than this joins others by its tokens alone.
constexpr std::size_t kMostPairs = 20'000;

void joinByPairs(std::span<const Flag* const> flags, UnionFind& cases)
{
    std::unordered_map<std::string, std::size_t> seen;
    for (std::size_t at = 0; at < flags.size(); ++at) {
        const Flag& flag = *flags[at];
        if (flag.tokens.size() * flag.posts.size() > kMostPairs)
            continue;
        for (const TokenKey& token : flag.tokens) {
            for (const PostKey& post : flag.posts) {
                const auto [known, isNew] = seen.emplace(token.text + '\x1f' + post.text, at);
                if (!isNew)
                    cases.join(known->second, at);
            }
        }
    }
}

void joinByTokens(std::span<const Flag* const> flags, UnionFind& cases)
{
    std::unordered_map<std::string, std::vector<std::size_t>> flagsOf;
    for (std::size_t at = 0; at < flags.size(); ++at) {
        if (flags[at]->tokens.size() < 2)
            continue;
        std::map<std::size_t, std::size_t> shared;
        for (const TokenKey& token : flags[at]->tokens) {
            std::vector<std::size_t>& others = flagsOf[token.text];
            for (const std::size_t other : others)
                ++shared[other];
            others.push_back(at);
        }
        for (const auto& [other, tokens] : shared) {
            if (tokens >= 2)
                cases.join(other, at);
        }
    }
}

} // namespace

std::vector<std::size_t> casesOf(std::span<const Flag* const> flags)
{
    UnionFind cases{flags.size()};
    joinByPairs(flags, cases);
    joinByTokens(flags, cases);
    std::vector<std::size_t> firsts(flags.size());
    for (std::size_t at = 0; at < flags.size(); ++at)
        firsts[at] = cases.find(at);
    return firsts;
}

} // namespace scr::domain
