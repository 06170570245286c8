#include "domain/vote_columns.h"

#include <algorithm>

namespace scr::domain {

std::size_t VoteColumns::bytes() const noexcept
{
    return tokens.bytes() + posts.bytes() + voteKeys.bytes() + token.capacity() * sizeof(Index) +
           post.capacity() * sizeof(Index) + castAt.capacity() * sizeof(std::int64_t) + value.capacity() * sizeof(float) +
           networks.bytes() + network.capacity() * sizeof(Index) + host.capacity() + authorOfPost.capacity() * sizeof(Index) +
           earlierScore.capacity() * sizeof(double);
}

void VoteColumns::setAuthor(Index ofPost, Index author)
{
    if (ofPost >= authorOfPost.size())
        authorOfPost.resize(std::max<std::size_t>(ofPost + std::size_t{1}, posts.size()), kNoIndex);
    authorOfPost[ofPost] = author;
}

void VoteColumns::addEarlierScore(Index ofPost, double score)
{
    if (ofPost >= earlierScore.size())
        earlierScore.resize(std::max<std::size_t>(ofPost + std::size_t{1}, posts.size()));
    earlierScore[ofPost] += score;
}

} // namespace scr::domain
