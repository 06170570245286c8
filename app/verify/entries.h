#pragma once

#include "verify/json.h"
#include "verify/tables.h"
#include "verify/tiles.h"
#include "verify/trust.h"

namespace scr::verify {

/// An accepted attempt, by hashes: of the vote's key; and of the token, the post and the value, 0 without a post or a token that
/// tokens.csv names. 64 bits that nobody can aim at are as good as the texts.
struct Cast {
    std::uint64_t vote, leaf, what;
};

/// What the entries of some bundles say, in the order of their leaves.
struct Batch {
    struct Row {
        std::uint64_t leaf;
        std::size_t end; ///< in `text`
        bool isAttempt;
    };
    std::string text; ///< rows of the entries of the period
    std::vector<Row> rows;
    std::vector<Cast> casts;
    std::vector<std::pair<std::string, std::uint64_t>> done; ///< as in Entries
    std::uint64_t count = 0;                                 ///< of entries
    std::string scratch;
};

/// A table of entries, held against them one after the other in the order of leaves.
class EntryTable : private Table {
public:
    using Table::Table;

    void compare(std::uint64_t leaf, std::string_view expected)
    {
        skipTo(leaf);
        if (m_isAtLeaf && m_leaf == leaf) {
            m_isAtLeaf = false;
            good += text == expected ? 1 : 0;
            if (text != expected)
                tell("not what leaf " + std::to_string(leaf) + " says");
        } else if (isWhole && (m_isAtLeaf || !isBroken)) {
            tell("has no row", leaf, "leaf ");
        }
    }

    /// Tells of rows of lesser leaves that they should not be there.
    void skipTo(std::uint64_t leaf)
    {
        for (; toNextLeaf() && m_leaf < leaf; m_isAtLeaf = false)
            tell("leaf " + std::to_string(*m_leaf) + " has no row here");
    }

    bool isWhole = true;    ///< every row must be there
    std::uint64_t good = 0; ///< rows

private:
    /// Goes on to the next row that says which leaf it is of, unless the table is at one that nothing was compared with.
    bool toNextLeaf()
    {
        while (!m_isAtLeaf && next()) {
            const auto leaf = decimal(text.substr(0, text.find(',')), text.find(',') == std::string_view::npos ? 0 : 16);
            m_isAtLeaf = leaf && (!m_leaf || *leaf > *m_leaf);
            if (m_isAtLeaf)
                m_leaf = leaf;
            else
                tell(leaf ? "out of order" : "malformed");
        }
        return m_isAtLeaf;
    }

    bool m_isAtLeaf = false;             ///< the table is at a row that nothing was compared with
    std::optional<std::uint64_t> m_leaf; ///< of the last row that said one
};

/// What all entries say, held against the tables of them.
class Entries {
    Pack& m_pack;
    const Description& m_description;

public:
    Entries(Pack& pack, const Description& description) : m_pack{pack}, m_description{description}
    {
        attempts.isWhole = description.hasAllAttempts;
    }

    /// From any thread.
    [[nodiscard]] Batch batchOf(Tiles& tiles, const std::vector<std::uint64_t>& places) const
    {
        Batch batch;
        Entry entry;
        const auto take = [&](const std::string& path, std::uint64_t leaf, std::string_view bytes) {
            if (entry.parse(bytes))
                add(batch, leaf, entry);
            else
                m_pack.findings.add(path, leaf, "leaf " + std::to_string(leaf) + ": not an entry in canonical form");
        };
        for (const std::uint64_t place : places)
            tiles.forEntries(place, take);
        return batch;
    }

    /// In the order of leaves.
    void take(const Batch& batch)
    {
        count += batch.count;
        casts.insert(casts.end(), batch.casts.begin(), batch.casts.end());
        for (const auto& [what, leaf] : batch.done) {
            std::uint64_t& first = done.emplace(what, leaf).first->second;
            first = std::min(first, leaf);
        }
        std::size_t begin = 0;
        for (const auto& [leaf, end, isAttempt] : batch.rows) {
            (isAttempt ? attempts : decisions).compare(leaf, std::string_view{batch.text}.substr(begin, end - begin));
            begin = end;
            firstPlace = std::min(firstPlace, leaf / Tiles::kWidth);
            lastPlace = leaf / Tiles::kWidth;
        }
    }

    Names tokens{m_pack, "tokens.csv", "token,pseudonym,label,created_at,state"};
    Names origins{m_pack, "origins.csv", "origin,pseudonym"};
    EntryTable attempts{
        m_pack, "attempts.csv",
        "leaf,attempt_key,action,token,post,value,attempted_at,finished_at,outcome,sqlstate,vote_key,origin,request_key"};
    EntryTable decisions{m_pack, "decisions.csv", "leaf,entry_key,at,kind,subject,outcome,actor,detail,digest"};
    std::uint64_t count = 0;                              ///< good ones
    std::uint64_t firstPlace = UINT64_MAX, lastPlace = 0; ///< of which 256 leaves one is of the period, if any
    std::vector<Cast> casts;
    /// Kind, subject and digest of decisions that were carried out, and the first leaf for which voids.csv must have a row.
    std::map<std::string, std::uint64_t> done;
    static constexpr std::uint64_t kNone = UINT64_MAX; ///< in the place of such a leaf

private:
    void add(Batch& batch, std::uint64_t leaf, const Entry& entry) const
    {
        using enum Entry::Field;
        using enum Entry::DecisionField;
        const auto text = [&](std::size_t field) { return entry.at(field).text; };
        const auto time = [&](std::size_t field) {
            return entry.at(field).kind == Value::Kind::Number ? isoText(entry.at(field).number) : "";
        };
        const bool isInPeriod = m_description.isInPeriod(entry.at(At).number);
        const std::uint64_t due = isInPeriod && (text(DecisionKind) == "void" || text(DecisionKind) == "restore") ? leaf : kNone;
        const std::string* token = entry.isAttempt ? tokens.nameOf(text(Token)) : nullptr;
        const std::string* origin = entry.isAttempt ? origins.nameOf(text(Origin)) : nullptr;
        std::string what;
        ++batch.count;
        if (entry.isAttempt && text(Outcome) == "accepted" && entry.isText(Vote))
            batch.casts.push_back(
                {keyedHash(text(Vote)), leaf,
                 token && entry.isText(Post) ? keyedHash({*token, text(Post), text(Points)}, batch.scratch) : 0});
        if (!entry.isAttempt && text(Result) == "done") {
            appendRow(what, {text(DecisionKind), text(Subject), text(Digest)});
            batch.done.emplace_back(std::move(what), due);
        }
        if (!isInPeriod)
            return;
        const std::string number = std::to_string(leaf);
        if (entry.isAttempt)
            appendRow(batch.text, {number, text(Key), text(Action), token ? *token : text(Token), text(Post), text(Points),
                                   time(At), time(Finished), text(Outcome), text(Sqlstate), text(Vote),
                                   origin ? *origin : text(Origin), text(Request)});
        else
            appendRow(batch.text, {number, text(DecisionKey), time(At), text(DecisionKind), text(Subject), text(Result),
                                   text(Actor), text(Detail), text(Digest)});
        batch.rows.push_back({leaf, batch.text.size(), entry.isAttempt});
    }
};

} // namespace scr::verify
