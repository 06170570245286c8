#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <sodium.h>

#include "verify/json.h"
#include "verify/pack.h"
#include "verify/text.h"
#include "verify/tiles.h"
#include "verify/trust.h"

namespace scr::verify {

/// The fields of the two kinds of entry, in their order, as Object::hasFields() takes them.
inline constexpr std::string_view kAttempt =
    "action at# finished#? key kind origin? outcome post? request? sqlstate? token? v# value? vote?";
inline constexpr std::string_view kDecision = "actor at# detail digest? key kind outcome subject v#";
enum AttemptField : std::size_t {
    Action,
    At,
    Finished,
    Key,
    Kind,
    Origin,
    Outcome,
    Post,
    Request,
    Sqlstate,
    Token,
    V,
    TheValue,
    Vote
};
enum DecisionField : std::size_t { Actor, DecidedAt, Detail, Digest, EntryKey, EntryKind, Result, Subject };
/// The cells of tables.
enum VoteCell : std::size_t { VoteKey, VoteToken, VotePost, VoteAuthor, VoteValue };
enum RequestCell : std::size_t { Number, RequestId, RequestKind, RequestVotes = 4, CommittedAt = 9, RequestDigest = 14 };

/// Runs tasks side by side, and takes what they come to in the order in which they were added.
template <class Result>
class InOrder {
public:
    /// `bytes` are all there is to look at: for a few of them threads are not worth while.
    InOrder(std::uint64_t bytes, std::function<void(const Result&)> take) :
        m_take{std::move(take)}, m_policy{bytes < kPiece ? std::launch::deferred : std::launch::async}
    {
    }
    void add(std::function<Result()> task)
    {
        if (m_running.size() > std::min(std::thread::hardware_concurrency(), 8U))
            takeOne();
        m_running.push_back(std::async(m_policy, std::move(task)));
    }
    void finish()
    {
        while (!m_running.empty())
            takeOne();
    }

private:
    void takeOne()
    {
        m_take(m_running.front().get());
        m_running.pop_front();
    }
    std::function<void(const Result&)> m_take;
    std::launch m_policy;
    std::deque<std::future<Result>> m_running;
};

/// A table of data/rows, row by row; tells what is malformed. Its header is looked at when it is opened.
class Table {
public:
    Table(Pack& pack, const std::string& name, std::string_view header) :
        m_findings{pack.findings}, m_path{"data/rows/" + name},
        m_width{static_cast<std::size_t>(std::ranges::count(header, ',')) + 1}
    {
        File* file = pack.find(m_path);
        isBroken = !file;
        if (isBroken)
            return;
        m_bytes = pack.map(*file);
        if (!next() && m_row == 0)
            m_row = 1;
        if (text != header && !isBroken)
            tell("not the header");
    }

    /// Goes to the next row.
    bool next()
    {
        const std::string_view rest = m_bytes.view.substr(m_at);
        if (rest.empty() || isBroken)
            return false;
        m_bytes.forget(m_at);
        ++m_row;
        const std::size_t length = recordLength(rest.substr(0, kLongestRow + 1));
        text = rest.substr(0, std::max<std::size_t>(length, 1) - 1);
        isBroken = length == 0;
        m_at += length;
        if (isBroken)
            tell("malformed");
        return !isBroken;
    }

    /// Goes over those rows, if they are what comes next.
    bool takeAll(std::string_view rows, std::size_t count)
    {
        const bool isSame = !isBroken && m_bytes.view.substr(m_at).starts_with(rows);
        m_at += isSame ? rows.size() : 0;
        m_row += isSame ? count : 0;
        m_bytes.forget(m_at);
        return isSame;
    }

    /// The next row that is made of as many cells as the header.
    bool nextCells(std::vector<std::string_view>& cells, std::string& undone)
    {
        while (next()) {
            if (isCells(text, m_row, cells, undone))
                return true;
        }
        return false;
    }
    bool isCells(std::string_view row, std::uint64_t number, std::vector<std::string_view>& cells, std::string& undone) const
    {
        const bool isGood = parseCells(row, cells, undone) && cells.size() == m_width;
        if (!isGood)
            tell(number, "malformed");
        return isGood;
    }

    void tell(const std::string& what) const { tell(m_row, what); }
    void tell(std::uint64_t row, const std::string& what) const
    {
        m_findings.add(m_path, row, "row " + std::to_string(row) + ": " + what);
    }
    void tellLeaf(std::uint64_t leaf, const std::string& what) const
    {
        m_findings.add(m_path, leaf, "leaf " + std::to_string(leaf) + ": " + what);
    }
    [[nodiscard]] std::uint64_t row() const { return m_row; }

    std::string_view text; ///< the row, without its LF
    bool isBroken = false; ///< there is no such file, or reading ended before it does

private:
    static constexpr std::size_t kLongestRow = 1U << 20U;
    Findings& m_findings;
    std::string m_path;
    std::size_t m_width;
    Bytes m_bytes;
    std::size_t m_at = 0;
    std::uint64_t m_row = 0;
};

/// A hash with a key of this run, so that nobody can make two texts that meet.
struct KeyedHash {
    std::size_t operator()(std::string_view text) const
    {
        static const auto key = [] {
            std::array<unsigned char, crypto_shorthash_KEYBYTES> random{};
            randombytes_buf(random.data(), random.size());
            return random;
        }();
        std::uint64_t hash = 0;
        crypto_shorthash(reinterpret_cast<unsigned char*>(&hash), reinterpret_cast<const unsigned char*>(text.data()),
                         text.size(), key.data());
        return hash;
    }
};

/// Texts by keyed hashes of others: 64 bits that nobody can aim at are as good as the text, and one look at memory instead of
/// four.
class Index {
public:
    [[nodiscard]] const std::string_view* find(std::string_view key) const
    {
        const Slot& slot = slotOf(KeyedHash{}(key) | 1U);
        return slot.hash == 0 ? nullptr : &slot.value;
    }
    void add(std::string_view key, std::string_view value)
    {
        if (2 * ++m_count > m_slots.size()) {
            std::vector<Slot> before(2 * m_slots.size());
            before.swap(m_slots);
            for (const Slot& slot : before)
                slotOf(slot.hash) = slot;
        }
        slotOf(KeyedHash{}(key) | 1U) = {KeyedHash{}(key) | 1U, value};
    }

private:
    struct Slot {
        std::uint64_t hash = 0; ///< 0: none
        std::string_view value;
    };
    [[nodiscard]] const Slot& slotOf(std::uint64_t hash) const
    {
        std::size_t place = hash >> 1U;
        while (m_slots[place % m_slots.size()].hash != 0 && m_slots[place % m_slots.size()].hash != hash)
            ++place;
        return m_slots[place % m_slots.size()];
    }
    [[nodiscard]] Slot& slotOf(std::uint64_t hash) { return const_cast<Slot&>(std::as_const(*this).slotOf(hash)); }
    std::vector<Slot> m_slots = std::vector<Slot>(64); ///< of a power of two
    std::size_t m_count = 0;
};

/// Whom the pseudonyms in entries stand for.
struct Names {
    Names(Pack& pack, const std::string& name, std::string_view header)
    {
        Table table{pack, name, header};
        std::vector<std::string_view> cells;
        for (std::string undone; table.nextCells(cells, undone);) {
            const bool isMalformed = !isHex(cells[1], 32) || isHex(cells[0], 32); // a name that is a pseudonym would be another's
            if (isMalformed || byName.find(cells[0]) || byPseudonym.find(cells[1])) {
                table.tell(isMalformed ? "malformed" : "there twice");
                continue;
            }
            byName.add(cells[0], texts.emplace_back(cells[1]));
            byPseudonym.add(cells[1], texts.emplace_back(cells[0]));
        }
    }

    std::deque<std::string> texts; ///< that the others are views of
    Index byPseudonym, byName;
};

/// What the entries of a bundle say.
struct Batch {
    struct Rows {
        std::string text;
        std::vector<std::pair<std::uint64_t, std::size_t>> rows; ///< leaf, and where its row ends in `text`
    };
    struct Cast { ///< an accepted attempt, by hashes: of the vote's key, and of the token's pseudonym and the post
        std::uint64_t vote, leaf, what;
    };
    Rows attempts, decisions;
    std::vector<Cast> casts;
    std::vector<std::string> done;                            ///< of decisions kind, subject and digest
    std::vector<std::pair<std::string, std::uint64_t>> voids; ///< likewise, with their leaves: voids and restores of the period
    std::uint64_t entries = 0;
    std::uint64_t place = 0; ///< of which 256 leaves
    bool isInPeriod = false; ///< an entry is
};

/// All that is said in rows against all that is said in entries.
class Rows {
public:
    Rows(Pack& pack, const Description& description) : m_pack{pack}, m_description{description}
    {
        m_attempts.isWhole = description.hasAllAttempts;
    }

    /// From any thread.
    [[nodiscard]] Batch batchOf(const Tiles::Bundle& bundle) const
    {
        Batch batch;
        batch.place = bundle.place;
        batch.attempts.text.reserve(bundle.bytes.view.size());
        batch.attempts.rows.reserve(bundle.entries.size());
        Object entry;
        for (const auto& [leaf, bytes] : bundle.entries) {
            const bool isEntry = entry.parse(bytes) && entry.find("v") && entry.find("v")->number == 1 && entry.find("kind");
            const bool isAttempt = isEntry && entry.find("kind")->text == "attempt";
            if (!isEntry || !entry.hasFields(isAttempt ? kAttempt : kDecision))
                m_pack.findings.add(bundle.path, leaf, "leaf " + std::to_string(leaf) + ": not an entry in canonical form");
            else if (isAttempt)
                addAttempt(batch, leaf, entry);
            else
                addDecision(batch, leaf, entry);
        }
        return batch;
    }

    void expect(std::size_t count) { m_casts.reserve(count); } ///< entries

    /// In the order of leaves.
    void take(const Batch& batch)
    {
        entries += batch.entries;
        attempts += compare(m_attempts, batch.attempts);
        decisions += compare(m_decisions, batch.decisions);
        m_casts.insert(m_casts.end(), batch.casts.begin(), batch.casts.end());
        m_done.insert(batch.done.begin(), batch.done.end());
        m_unclaimed.insert(batch.voids.begin(), batch.voids.end());
        if (batch.isInPeriod) {
            firstPlace = std::min(firstPlace, batch.place);
            lastPlace = batch.place;
        }
    }

    /// What is left in the tables of entries.
    void finish()
    {
        for (Compared* compared : {&m_attempts, &m_decisions}) {
            for (; toNextLeaf(*compared); compared->isAtLeaf = false)
                compared->table.tell("leaf " + std::to_string(compared->leaf) + " has no row here");
        }
        std::ranges::sort(m_casts, {}, [](const Batch::Cast& cast) { return std::pair{cast.vote, cast.leaf}; });
        std::size_t first = m_casts.size();
        for (std::size_t bits = m_starts.size(); bits > 0; --bits) {
            while (first > 0 && m_casts[first - 1].vote >> kStartShift == bits - 1)
                --first;
            m_starts[bits - 1] = first;
        }
    }

    void checkVotes()
    {
        constexpr std::size_t kAtATime = 4096;
        using Counts = std::pair<std::uint64_t, std::uint64_t>;
        Table table{m_pack, "votes.csv", "vote_key,token,post,author,value,cast_at,origin,state"};
        InOrder<Counts> checked{m_pack.bytes(), [this](const Counts& counts) {
                                    votes += counts.first;
                                    votesWithoutAttempt += counts.second;
                                }};
        std::vector<std::pair<std::uint64_t, std::string_view>> rows;
        while (table.next()) {
            rows.emplace_back(table.row(), table.text);
            if (rows.size() == kAtATime)
                checked.add([this, &table, some = std::exchange(rows, {})] { return checkVotes(table, some); });
        }
        checked.add([this, &table, some = std::move(rows)] { return checkVotes(table, some); });
        checked.finish();
    }

    void checkVoids()
    {
        struct Request {
            std::uint64_t row = 0;
            std::string digest, votes;
            bool isSealed = false;
            std::uint64_t count = 0;
            Sha256 hash{};
        };
        std::map<std::string, Request, std::less<>> all;
        std::set<std::string, std::less<>> numbers;
        Table table{
            m_pack, "voids.csv",
            "number,request,kind,state,votes,posts,requested_by,approved_by,requested_at,committed_at,reason,flags,restores,"
            "restored_by,digest,withdrawn_by,withdrawn_at,withdrawal_reason,standing"};
        std::vector<std::string_view> cells;
        std::string undone;
        while (table.nextCells(cells, undone)) {
            const bool isKind = cells[RequestKind] == "void" || cells[RequestKind] == "restore";
            if (!isKind || all.contains(cells[RequestId]) || numbers.contains(cells[Number])) {
                table.tell("malformed");
                continue;
            }
            const std::string done =
                joined({cells[CommittedAt].empty() ? "propose" : cells[RequestKind], cells[Number], cells[RequestDigest]});
            m_unclaimed.erase(done);
            numbers.emplace(cells[Number]);
            all.emplace(cells[RequestId], Request{table.row(), std::string{cells[RequestDigest]},
                                                  std::string{cells[RequestVotes]}, m_done.contains(done)});
        }
        for (const auto& [done, leaf] : m_unclaimed) {
            if (!table.isBroken)
                table.tellLeaf(leaf, "has no row");
        }
        Table reviewed{m_pack, "voided_votes.csv", "request,vote_key,token,post,value,cast_at_micros,state,author,origin"};
        while (reviewed.nextCells(cells, undone)) {
            const auto owner = all.find(cells[0]);
            const auto token = m_tokens.byName.find(cells[2]);
            const bool isOneLine = std::all_of(cells.begin() + 1, cells.begin() + 7, [](std::string_view cell) {
                return cell.find_first_of("\t\n") == std::string_view::npos; // else one row could pass for two
            });
            if (owner == all.end() || !token || !isOneLine) {
                reviewed.tell(!isOneLine           ? "malformed"
                              : owner == all.end() ? "of no request in voids.csv"
                                                   : "its token is not in tokens.csv");
                continue;
            }
            Request& request = owner->second;
            ++request.count;
            request.hash.add(cells[1]).add("\t").add(*token);
            for (std::size_t i = 3; i < 7; ++i)
                request.hash.add("\t").add(cells[i]).add(i == 6 ? "\n" : "");
        }
        for (auto& [id, one] : all) {
            const bool isWhole = hexOf(one.hash.end()) == one.digest && std::to_string(one.count) == one.votes;
            if (!isWhole)
                table.tell(one.row, "its votes do not come to its digest");
            if (!one.isSealed)
                table.tell(one.row, "no sealed decision says so");
            requests += isWhole && one.isSealed ? 1 : 0;
        }
    }

    std::uint64_t firstPlace = UINT64_MAX, lastPlace = 0; ///< of which 256 leaves one is of the period, if any

    /// Those of which nothing bad was found.
    std::uint64_t entries = 0, attempts = 0, decisions = 0, votes = 0, votesWithoutAttempt = 0, requests = 0;

private:
    struct Compared { ///< a table of entries, and how far it was compared
        Table table;
        bool isWhole = true;                 ///< every row must be there
        bool isAtLeaf = false;               ///< the table is at a row that nothing was compared with
        std::uint64_t leaf = 0;              ///< of that row
        std::optional<std::uint64_t> last{}; ///< leaf
    };

    static std::string joined(const std::vector<std::string_view>& parts)
    {
        std::string text;
        for (const std::string_view part : parts)
            text.append(part).append(1, '\0');
        return text;
    }

    static void add(Batch::Rows& rows, std::uint64_t leaf, std::initializer_list<std::string_view> cells)
    {
        rows.text += std::to_string(leaf) + ',';
        for (const std::string_view cell : cells)
            appendCell(rows.text, cell);
        rows.text.back() = '\n';
        rows.rows.emplace_back(leaf, rows.text.size());
    }

    void addAttempt(Batch& batch, std::uint64_t leaf, const Object& entry) const
    {
        ++batch.entries;
        const auto isText = [&](std::size_t field) { return entry.at(field).kind == Value::Kind::Text; };
        const auto text = [&](std::size_t field) { return entry.at(field).text; };
        if (text(Outcome) == "accepted" && isText(Vote))
            batch.casts.push_back(
                {KeyedHash{}(text(Vote)), leaf,
                 isText(Token) && isText(Post) ? KeyedHash{}(joined({text(Token), text(Post), text(TheValue)})) : 0});
        if (!m_description.isInPeriod(entry.at(At).number))
            return;
        batch.isInPeriod = true;
        const auto nameOf = [&](std::size_t field, const Names& names) {
            const std::string_view* found = names.byPseudonym.find(text(field));
            return found ? *found : text(field);
        };
        const Value& finished = entry.at(Finished);
        add(batch.attempts, leaf,
            {text(Key), text(Action), nameOf(Token, m_tokens), text(Post), text(TheValue), isoText(entry.at(At).number),
             finished.kind == Value::Kind::Number ? isoText(finished.number) : "", text(Outcome), text(Sqlstate), text(Vote),
             nameOf(Origin, m_origins), text(Request)});
    }

    void addDecision(Batch& batch, std::uint64_t leaf, const Object& entry) const
    {
        ++batch.entries;
        const auto text = [&](std::size_t field) { return entry.at(field).text; };
        const std::string done = joined({text(EntryKind), text(Subject), text(Digest)});
        const bool isInPeriod = m_description.isInPeriod(entry.at(DecidedAt).number);
        batch.isInPeriod = batch.isInPeriod || isInPeriod;
        if (text(Result) == "done")
            batch.done.push_back(done);
        if (text(Result) == "done" && isInPeriod && (text(EntryKind) == "void" || text(EntryKind) == "restore"))
            batch.voids.emplace_back(done, leaf);
        if (isInPeriod)
            add(batch.decisions, leaf,
                {text(EntryKey), isoText(entry.at(DecidedAt).number), text(EntryKind), text(Subject), text(Result), text(Actor),
                 text(Detail), text(Digest)});
    }

    /// Goes on to the next row that says which leaf it is of, unless the table is at one that nothing was compared with.
    static bool toNextLeaf(Compared& compared)
    {
        while (!compared.isAtLeaf && compared.table.next()) {
            std::string_view rest = compared.table.text;
            const auto leaf = decimal(takeUntil(rest, ',').value_or(""), 16);
            compared.isAtLeaf = leaf && (!compared.last || *leaf > *compared.last);
            if (compared.isAtLeaf)
                compared.leaf = *(compared.last = leaf);
            else
                compared.table.tell(leaf ? "out of order" : "malformed");
        }
        return compared.isAtLeaf;
    }

    /// How many rows are as they should be.
    static std::uint64_t compare(Compared& compared, const Batch::Rows& expected)
    {
        if (expected.rows.empty())
            return 0;
        const bool isNext = !compared.isAtLeaf && (!compared.last || *compared.last < expected.rows.front().first);
        if (compared.isWhole && isNext && compared.table.takeAll(expected.text, expected.rows.size())) {
            compared.last = expected.rows.back().first;
            return expected.rows.size();
        }
        std::uint64_t good = 0;
        std::size_t begin = 0;
        for (const auto& [leaf, end] : expected.rows) {
            const std::string_view row = std::string_view{expected.text}.substr(begin, end - begin - 1);
            begin = end;
            for (; toNextLeaf(compared) && compared.leaf < leaf; compared.isAtLeaf = false)
                compared.table.tell("leaf " + std::to_string(compared.leaf) + " has no row here");
            if (compared.isAtLeaf && compared.leaf == leaf) {
                good += compared.table.text == row ? 1 : 0;
                if (compared.table.text != row)
                    compared.table.tell("not what leaf " + std::to_string(leaf) + " says");
                compared.isAtLeaf = false;
            } else if (compared.isWhole && (compared.isAtLeaf || !compared.table.isBroken)) {
                compared.table.tellLeaf(leaf, "has no row");
            }
        }
        return good;
    }

    /// How many are good, and of how many of those there is no attempt.
    std::pair<std::uint64_t, std::uint64_t> checkVotes(const Table& table,
                                                       const std::vector<std::pair<std::uint64_t, std::string_view>>& rows) const
    {
        std::pair<std::uint64_t, std::uint64_t> counts{0, 0};
        std::vector<std::string_view> cells;
        std::string undone;
        for (const auto& [number, row] : rows) {
            if (!table.isCells(row, number, cells, undone))
                continue;
            const auto token = m_tokens.byName.find(cells[VoteToken]);
            const std::uint64_t key = KeyedHash{}(cells[VoteKey]);
            auto cast = m_casts.begin() + static_cast<std::ptrdiff_t>(m_starts[key >> kStartShift]);
            while (cast != m_casts.end() && cast->vote < key)
                ++cast;
            const bool isCast = cast != m_casts.end() && cast->vote == key;
            if (!token) {
                table.tell(number, "its token is not in tokens.csv");
                continue;
            }
            const std::uint64_t what = KeyedHash{}(joined({*token, cells[VotePost], cells[VoteValue]}));
            auto same = cast; // any of them: it may have been changed since
            while (same != m_casts.end() && same->vote == key && same->what != what)
                ++same;
            if (isCast && (same == m_casts.end() || same->vote != key))
                table.tell(number, "leaf " + std::to_string(cast->leaf) + " says otherwise");
            else
                counts = {counts.first + 1, counts.second + (isCast ? 0 : 1)};
        }
        return counts;
    }

    Pack& m_pack;
    const Description& m_description;
    Names m_tokens{m_pack, "tokens.csv", "token,pseudonym,label,created_at,state"};
    Names m_origins{m_pack, "origins.csv", "origin,pseudonym"};
    Compared m_attempts{
        {m_pack, "attempts.csv",
         "leaf,attempt_key,action,token,post,value,attempted_at,finished_at,outcome,sqlstate,vote_key,origin,request_key"}};
    Compared m_decisions{{m_pack, "decisions.csv", "leaf,entry_key,at,kind,subject,outcome,actor,detail,digest"}};
    static constexpr int kStartShift = 44;
    std::vector<Batch::Cast> m_casts; ///< by vote and leaf
    std::vector<std::size_t> m_starts =
        std::vector<std::size_t>(1U << (64 - kStartShift)); ///< where votes with those first bits begin
    std::set<std::string> m_done;                           ///< kind, subject and digest of decisions
    std::map<std::string, std::uint64_t> m_unclaimed;       ///< those of voids and restores of the period, and their leaves
};

} // namespace scr::verify
