#include "packed/packed_vote_source.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace scr::packed {

using domain::failureOf;
using domain::Result;
using domain::Status;

namespace {

void add(Conditions& conditions, const query::Term& term)
{
    const bool isNot = term.op == query::Op::NotEqual;
    const auto equals = [&](std::string_view column) {
        conditions.add(fmt::format("v.{} {} ?", column, isNot ? "<>" : "="), {term.value});
    };
    switch (term.field) {
    case query::Field::Token: equals("token"); return;
    case query::Field::Post: equals("post"); return;
    case query::Field::Author: equals("author"); return;
    case query::Field::Vote: equals("vote_key"); return;
    case query::Field::State: equals("state"); return;
    case query::Field::Origin:
        conditions.add(term.value.empty() ? "v.origin = ?"
                       : isNot            ? "NOT inside(v.origin, ?)"
                                          : "inside(v.origin, ?)",
                       {term.value});
        return;
    case query::Field::Value: {
        double value = 0;
        std::from_chars(term.value.data(), term.value.data() + term.value.size(), value);
        conditions.add(fmt::format("v.value {} ?", isNot ? std::string_view{"<>"} : nameOf(term.op)), {value});
        return;
    }
    }
}

Conditions conditionsOf(const query::Query& query)
{
    Conditions conditions;
    conditions.addRange("v.cast_at", query.range);
    for (const query::Term& term : query.filter.terms)
        add(conditions, term);
    return conditions;
}

Result<ports::VotePage> readPage(PackSession& session, const query::Query& query, const std::optional<ports::VoteCursor>& cursor,
                                 int limit)
{
    Conditions conditions = conditionsOf(query);
    if (cursor)
        conditions.add("(v.cast_at, v.vote_key) < (?, ?)", {domain::microsOf(cursor->castAt), cursor->key.text});
    // One row more than asked for tells whether there is another page.
    auto rows =
        session.rows<domain::Vote>(fmt::format("SELECT {} FROM votes v{} ORDER BY v.cast_at DESC, v.vote_key DESC LIMIT {}",
                                               kVoteColumns, conditions.where(), static_cast<std::int64_t>(limit) + 1),
                                   conditions.values(), voteOf);
    if (!rows)
        return failureOf(rows);
    ports::VotePage page{*std::move(rows), std::nullopt};
    if (page.rows.size() > static_cast<std::size_t>(limit)) {
        page.rows.resize(static_cast<std::size_t>(limit));
        page.next = ports::VoteCursor{page.rows.back().castAt, page.rows.back().key};
    }
    return page;
}

} // namespace

Result<std::vector<domain::Vote>> readVotes(PackSession& session, const std::vector<domain::VoteKey>& keys)
{
    std::vector<domain::Vote> votes;
    const std::string sql = fmt::format("SELECT {} FROM votes v WHERE v.vote_key = ?", kVoteColumns);
    for (const domain::VoteKey& key : keys) {
        const Status read = session.each(sql, {key.text}, [&votes](const PackRow& row) { votes.push_back(voteOf(row)); });
        if (!read)
            return failureOf(read);
    }
    std::ranges::sort(votes, [](const domain::Vote& a, const domain::Vote& b) {
        return std::tie(a.castAt, a.key.text) < std::tie(b.castAt, b.key.text);
    });
    return votes;
}

PackedVoteSource::PackedVoteSource(std::shared_ptr<const OpenPack> pack) :
    m_pack{std::move(pack)}, m_pages{m_pack->database}, m_details{m_pack->database}
{
}

QFuture<Result<ports::VotePage>> PackedVoteSource::votesAfter(const query::Query& query,
                                                              const std::optional<ports::VoteCursor>& cursor, int limit)
{
    const int rows = std::max(limit, 1);
    return m_pages.run<ports::VotePage>(
        [query, cursor, rows](PackSession& session) { return readPage(session, query, cursor, rows); });
}

QFuture<Result<std::int64_t>> PackedVoteSource::countVotes(const query::Query& query)
{
    return m_details.run<std::int64_t>([query](PackSession& session) -> Result<std::int64_t> {
        const Conditions conditions = conditionsOf(query);
        std::int64_t votes = 0;
        const Status counted = session.each("SELECT count(*) FROM votes v" + conditions.where(), conditions.values(),
                                            [&votes](const PackRow& row) { votes = row.integer(0); });
        return counted ? Result<std::int64_t>{votes} : failureOf(counted);
    });
}

QFuture<Result<std::vector<domain::Vote>>> PackedVoteSource::votesOf(const std::vector<domain::VoteKey>& keys)
{
    return m_details.run<std::vector<domain::Vote>>([keys](PackSession& session) { return readVotes(session, keys); });
}

} // namespace scr::packed
