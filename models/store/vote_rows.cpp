#include "store/vote_rows.h"

#include <fmt/format.h>

#include "store/sql_text.h"

namespace scr::store {

const std::string& voteColumnsSql()
{
    static const std::string kColumns =
        fmt::format("vote_key::text, token_key::text, post_key::text, author_key::text, value::float8, {}, "
                    "abbrev(origin), state::text",
                    microsSql("cast_at"));
    return kColumns;
}

domain::Vote voteOf(const SqlRow& row)
{
    domain::Vote vote;
    vote.key = domain::VoteKey{row.text(0)};
    vote.token = domain::TokenKey{row.text(1)};
    vote.post = domain::PostKey{row.text(2)};
    vote.author = domain::AuthorKey{row.text(3)};
    vote.value = row.number(4);
    vote.castAt = row.time(5);
    vote.origin = row.text(6);
    // A state this program does not know is not counted, so it must not look as if it were.
    vote.state = domain::voteStateOf(row.text(7)).value_or(domain::VoteState::Withdrawn);
    return vote;
}

} // namespace scr::store
