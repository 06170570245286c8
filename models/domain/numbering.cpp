#include "domain/numbering.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace scr::domain {

namespace {

/// Sorts the table and gives the new number of each old one.
std::vector<Index> sorted(KeyTable& table)
{
    std::vector<Index> order(table.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::sort(order.begin(), order.end(), [&](Index left, Index right) {
        if (table.isNumber(left) != table.isNumber(right))
            return table.isNumber(left);
        return table.isNumber(left) ? table.number(left) < table.number(right) : table.key(left) < table.key(right);
    });
    KeyTable inOrder;
    std::vector<Index> numberOf(order.size());
    for (const Index old : order)
        numberOf[old] = table.isNumber(old) ? inOrder.intern(table.number(old)) : inOrder.intern(table.key(old));
    table = std::move(inOrder);
    return numberOf;
}

void renumber(std::vector<Index>& column, const std::vector<Index>& numberOf)
{
    for (Index& index : column)
        index = index == kNoIndex ? kNoIndex : numberOf[index];
}

} // namespace

void numberByKey(ScanInput& input)
{
    VoteColumns& votes = input.votes;
    const std::vector<Index> tokenOf = sorted(votes.tokens);
    const std::vector<Index> postOf = sorted(votes.posts);
    renumber(votes.token, tokenOf);
    renumber(votes.post, postOf);
    renumber(input.attempts.token, tokenOf);
    renumber(input.attempts.post, postOf);
    renumber(input.posts.post, postOf);
    std::vector<Index> authors = std::exchange(votes.authorOfPost, {});
    renumber(authors, tokenOf);
    for (Index post = 0; post < authors.size(); ++post) {
        if (authors[post] != kNoIndex)
            votes.setAuthor(postOf[post], authors[post]);
    }
}

} // namespace scr::domain
