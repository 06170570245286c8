#include "domain/numbering.h"

#include <algorithm>
#include <string>
#include <utility>

#include "domain/work_plan.h"

namespace scr::domain {

namespace {

/// Sorts the table and gives the new number of each old one.
std::vector<Index> sorted(KeyTable& table)
{
    std::vector<std::pair<std::int64_t, Index>> numbers; // side by side, as most keys of most sites are numbers
    std::vector<std::pair<std::string, Index>> texts;
    numbers.reserve(table.size());
    for (Index old = 0; old < table.size(); ++old) {
        if (table.isNumber(old))
            numbers.emplace_back(table.number(old), old);
        else
            texts.emplace_back(table.key(old), old);
    }
    std::sort(numbers.begin(), numbers.end());
    std::sort(texts.begin(), texts.end());
    KeyTable inOrder;
    std::vector<Index> numberOf(table.size());
    for (const auto& [key, old] : numbers)
        numberOf[old] = inOrder.intern(key);
    for (const auto& [key, old] : texts)
        numberOf[old] = inOrder.intern(std::string_view{key});
    table = std::move(inOrder);
    return numberOf;
}

void renumber(std::vector<Index>& column, const std::vector<Index>& numberOf)
{
    for (Index& index : column)
        index = index == kNoIndex ? kNoIndex : numberOf[index];
}

} // namespace

void numberByKey(ScanInput& input, unsigned threads)
{
    VoteColumns& votes = input.votes;
    std::vector<Index> tokenOf;
    std::vector<Index> postOf;
    WorkPlan plan;
    const WorkPlan::Step ofTokens = plan.addWhole([&] { tokenOf = sorted(votes.tokens); });
    const WorkPlan::Step ofPosts = plan.addWhole([&] { postOf = sorted(votes.posts); });
    plan.addWhole([&] { renumber(votes.post, postOf); }, {ofPosts});
    plan.addWhole(
        [&] {
            renumber(input.attempts.post, postOf);
            renumber(input.posts.post, postOf);
        },
        {ofPosts});
    plan.addWhole([&] { renumber(votes.token, tokenOf); }, {ofTokens});
    plan.addWhole([&] { renumber(input.attempts.token, tokenOf); }, {ofTokens});
    plan.addWhole(
        [&] {
            std::vector<Index> authors = std::exchange(votes.authorOfPost, {});
            renumber(authors, tokenOf);
            for (Index post = 0; post < authors.size(); ++post) {
                if (authors[post] != kNoIndex)
                    votes.setAuthor(postOf[post], authors[post]);
            }
            const std::vector<double> scores = std::exchange(votes.earlierScore, {});
            for (Index post = 0; post < scores.size(); ++post)
                votes.addEarlierScore(postOf[post], scores[post]);
        },
        {ofTokens, ofPosts});
    static_cast<void>(plan.run(threads)); // no step stops
}

} // namespace scr::domain
