#include "domain/vote_columns.h"

namespace scr::domain {

std::size_t VoteColumns::bytes() const noexcept
{
    return tokens.bytes() + posts.bytes() + voteKeys.bytes() + token.capacity() * sizeof(Index) +
           post.capacity() * sizeof(Index) + castAt.capacity() * sizeof(std::int64_t) + value.capacity() * sizeof(float);
}

} // namespace scr::domain
