#pragma once

#include "verify/entries.h"

namespace scr::verify {

/// The votes, held against attempts.
class Votes {
    using Counts = std::pair<std::uint64_t, std::uint64_t>; ///< of good votes, and of those without an attempt

public:
    Votes(Pack& pack, Entries& entries) : m_pack{pack}, m_entries{entries}
    {
        std::ranges::sort(entries.casts, {}, [](const Cast& cast) { return std::pair{cast.vote, cast.leaf}; });
        for (const Cast& cast : entries.casts)
            ++m_starts[(cast.vote >> kShift) + 1];
        std::partial_sum(m_starts.begin(), m_starts.end(), m_starts.begin());
    }

    void check()
    {
        Table table{m_pack, "votes.csv", "vote_key,token,post,author,value,cast_at,origin,state"};
        const auto nextRows = [&]() -> std::function<Counts()> {
            std::string rows;
            const std::uint64_t before = table.row;
            while (rows.size() < kPiece && table.next())
                rows.append(table.text).append(1, '\n');
            if (rows.empty())
                return nullptr;
            return [this, &table, before, some = std::move(rows)] { return countsOf(table, before, some); };
        };
        inOrder(m_pack.allBytes, nextRows, [this](const Counts& counts) {
            good += counts.first;
            withoutAttempt += counts.second;
        });
    }

    std::uint64_t good = 0, withoutAttempt = 0; ///< votes, and of those

private:
    enum Cell { Key, Token, Post, Author, Value };

    /// By vote and leaf, those with the same first bits of the vote.
    [[nodiscard]] std::span<const Cast> near(std::uint64_t vote) const
    {
        const std::size_t start = m_starts[vote >> kShift];
        return {m_entries.casts.data() + start, m_starts[(vote >> kShift) + 1] - start};
    }

    [[nodiscard]] Counts countsOf(const Table& table, std::uint64_t row, std::string_view rest) const
    {
        struct Vote {
            std::uint64_t row, vote, what;
            std::string_view text;
        };
        std::vector<Vote> all;
        std::vector<std::string_view> cells;
        std::string undone, scratch;
        for (std::size_t length = 0; (length = recordLength(rest)) > 0; rest.remove_prefix(length)) {
            if (table.takeCells(rest.substr(0, length - 1), ++row, cells, undone))
                all.push_back({row, keyedHash(cells[Key]), keyedHash({cells[Token], cells[Post], cells[Value]}, scratch),
                               rest.substr(0, length - 1)});
        }
        for (const Vote& one : all) // waiting for memory takes longest: so for all of it at the same time
            __builtin_prefetch(near(one.vote).data());
        Counts counts{0, 0};
        for (const auto& [number, vote, what, text] : all) {
            const auto found = std::ranges::equal_range(near(vote), vote, {}, &Cast::vote);
            const bool isSame = std::ranges::find(found, what, &Cast::what) != found.end(); // any: it may have been changed since
            if (!isSame && parseCells(text, cells, undone) && !m_entries.tokens.pseudonyms.contains(cells[Token])) {
                table.tell("its token is not in tokens.csv", number);
            } else if (!isSame && !found.empty()) {
                table.tell("leaf " + std::to_string(found.front().leaf) + " says otherwise", number);
            } else {
                ++counts.first;
                counts.second += found.empty() ? 1 : 0;
            }
        }
        return counts;
    }

    static constexpr int kShift = 44;
    Pack& m_pack;
    const Entries& m_entries;
    /// Where those with the same first bits of the vote begin.
    std::vector<std::size_t> m_starts = std::vector<std::size_t>((1U << (64 - kShift)) + 1);
};

/// Requests to void or restore votes, held against decisions and against the votes as they were reviewed. Returns how many are
/// good.
inline std::uint64_t checkVoids(Pack& pack, Entries& entries)
{
    enum Cell { Number, Id, Kind, Count = 4, CommittedAt = 9, Digest = 14 };
    enum ReviewedCell { Owner, VoteKey, Token, Post, Author = 7 };
    struct Request {
        std::uint64_t row = 0;
        std::string digest, votes;
        bool isSealed = false;
        std::uint64_t count = 0;
        Sha256 hash{};
    };
    std::map<std::string, Request, std::less<>> requests;
    std::set<std::string, std::less<>> numbers;
    std::vector<std::string_view> cells;
    Table table{pack, "voids.csv",
                "number,request,kind,state,votes,posts,requested_by,approved_by,requested_at,committed_at,reason,flags,restores,"
                "restored_by,digest,withdrawn_by,withdrawn_at,withdrawal_reason,standing"};
    while (table.nextCells(cells)) {
        const bool isKind = cells[Kind] == "void" || cells[Kind] == "restore";
        if (!isKind || requests.contains(cells[Id]) || !numbers.emplace(cells[Number]).second) {
            table.tell("malformed");
            continue;
        }
        std::string done;
        appendRow(done, {cells[CommittedAt].empty() ? "propose" : cells[Kind], cells[Number], cells[Digest]});
        const auto decision = entries.done.find(done);
        const bool isSealed = decision != entries.done.end();
        if (isSealed)
            decision->second = Entries::kNone;
        requests.emplace(cells[Id], Request{table.row, std::string{cells[Digest]}, std::string{cells[Count]}, isSealed});
    }
    for (const auto& [what, leaf] : entries.done) {
        if (leaf != Entries::kNone && !table.isBroken)
            table.tell("has no row", leaf, "leaf ");
    }
    Table reviewed{pack, "voided_votes.csv", "request,vote_key,token,post,value,cast_at_micros,state,author,origin"};
    while (reviewed.nextCells(cells)) {
        const auto owner = requests.find(cells[Owner]);
        const auto token = entries.tokens.pseudonyms.find(cells[Token]);
        const bool isOneLine = std::all_of(cells.begin() + VoteKey, cells.begin() + Author, [](std::string_view cell) {
            return cell.find_first_of("\t\n") == std::string_view::npos; // else one row could pass for two
        });
        if (!isOneLine || owner == requests.end() || token == entries.tokens.pseudonyms.end()) {
            reviewed.tell(!isOneLine                ? "malformed"
                          : owner == requests.end() ? "of no request in voids.csv"
                                                    : "its token is not in tokens.csv");
            continue;
        }
        Request& request = owner->second;
        ++request.count;
        request.hash.add(cells[VoteKey]).add("\t").add(token->second);
        for (std::size_t i = Post; i < Author; ++i)
            request.hash.add("\t").add(cells[i]);
        request.hash.add("\n");
    }
    std::uint64_t good = 0;
    for (auto& [id, one] : requests) {
        const bool isWhole = hexOf(one.hash.end()) == one.digest && std::to_string(one.count) == one.votes;
        if (!isWhole)
            table.tell("its votes do not come to its digest", one.row);
        if (!one.isSealed)
            table.tell("no sealed decision says so", one.row);
        good += isWhole && one.isSealed ? 1 : 0;
    }
    return good;
}

} // namespace scr::verify
