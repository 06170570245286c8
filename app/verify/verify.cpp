#include "verify/verify.h"

#include <stdexcept>

#include "verify/entries.h"

namespace scr::verify {

namespace {

/// The votes, held against attempts.
class Votes {
public:
    Votes(Pack& pack, Entries& entries) :
        m_tokens{entries.tokens.pseudonyms}, m_casts{std::move(entries.casts)},
        m_table{pack, "votes.csv", "vote_key,token,post,author,value,cast_at,origin,state"}
    {
        const auto nextRows = [this]() -> std::function<Counts()> {
            std::string rows;
            const std::uint64_t before = m_table.row;
            while (rows.size() < kPiece && m_table.next())
                rows.append(m_table.text) += '\n';
            if (rows.empty())
                return nullptr;
            return [this, before, rows = std::move(rows)] { return countsOf(rows, before); };
        };
        inOrder(nextRows, [this](const Counts& counts) {
            good += counts.first;
            withoutAttempt += counts.second;
        });
    }

    std::uint64_t good = 0, withoutAttempt = 0; ///< votes, and of those

private:
    using Counts = std::pair<std::uint64_t, std::uint64_t>; ///< of good votes, and of those without an attempt
    enum Cell { Key, Token, Post, Author, Value };
    struct Vote {
        std::uint64_t row, hash, what;
        std::string_view text;
    };

    [[nodiscard]] Counts countsOf(std::string_view rows, std::uint64_t row)
    {
        std::vector<Vote> votes;
        std::vector<std::string_view> cells;
        std::string undone;
        while (!rows.empty()) {
            const std::string_view text = rows.substr(0, recordLength(rows) - 1);
            rows.remove_prefix(text.size() + 1);
            if (m_table.takeCells(text, ++row, cells, undone))
                votes.push_back({row, keyedHash({cells[Key]}), keyedHash({cells[Token], cells[Post], cells[Value]}), text});
        }
        for (const Vote& vote : votes)
            m_casts.fetch(vote.hash);
        Counts counts{0, 0};
        for (const Vote& vote : votes) {
            const auto found = m_casts.find(vote.hash);
            const bool isSame = std::ranges::find(found, vote.what, &Cast::what) != found.end(); // any: it may have been changed
            if (!found.empty() && std::atomic_ref{m_isTold[found.data() - m_casts.all.data()]}.exchange(1) != 0)
                m_table.tell("its vote is there twice", found.front().leaf, "leaf ");
            const bool isNamed = !found.empty() || (parseCells(vote.text, cells, undone) && m_tokens.contains(cells[Token]));
            if (!isNamed)
                m_table.tell("its token is not in tokens.csv", vote.row);
            else if (!found.empty() && !isSame)
                m_table.tell("leaf " + std::to_string(found.front().leaf) + " says otherwise", vote.row);
            counts.first += isNamed && (found.empty() || isSame) ? 1 : 0;
            counts.second += isNamed && found.empty() ? 1 : 0;
        }
        return counts;
    }

    const decltype(Names::pseudonyms)& m_tokens;
    const Index<Cast> m_casts;
    std::vector<char> m_isTold = std::vector<char>(m_casts.all.size()); ///< 1: that vote had a row
    Table m_table;
};

/// Requests to void or restore votes, held against decisions and against the votes as they were reviewed.
class Voids {
public:
    Voids(Pack& pack, Entries& entries)
    {
        Table table{pack, "voids.csv",
                    "number,request,kind,state,votes,posts,requested_by,approved_by,requested_at,committed_at,reason,flags,"
                    "restores,restored_by,digest,withdrawn_by,withdrawn_at,withdrawal_reason,standing"};
        std::set<std::string, std::less<>> numbers;
        for (std::vector<std::string_view> cells; table.nextCells(cells);) {
            const bool isKind = cells[Kind] == "void" || cells[Kind] == "restore";
            if (!isKind || m_requests.contains(cells[Id]) || !numbers.emplace(cells[Number]).second) {
                table.tell("malformed");
                continue;
            }
            std::string proposed, carriedOut;
            appendRow(proposed, {"propose", cells[Number], cells[Digest]});
            appendRow(carriedOut, {cells[Kind], cells[Number], cells[Digest]});
            const bool isDone = entries.done.contains(carriedOut);
            const bool isSealed = cells[CommittedAt].empty() ? !isDone && entries.done.contains(proposed) : isDone;
            entries.due.erase(carriedOut);
            m_requests.emplace(cells[Id], Request{table.row, 0, std::string{cells[Digest]}, std::string{cells[Count]}, isSealed});
        }
        for (const auto& [said, leaf] : entries.due) {
            if (!table.isBroken)
                table.tell("has no row", leaf, "leaf ");
        }
        readVotes({pack, "voided_votes.csv", "request,vote_key,token,post,value,cast_at_micros,state,author,origin"},
                  entries.tokens);
        for (auto& [id, one] : m_requests) {
            const bool isWhole = hexOf(one.hash.end()) == one.digest && std::to_string(one.count) == one.votes;
            if (!isWhole)
                table.tell("its votes do not come to its digest", one.row);
            if (!one.isSealed)
                table.tell("no sealed decision says so", one.row);
            good += isWhole && one.isSealed ? 1 : 0;
        }
    }

    std::uint64_t good = 0; ///< requests

private:
    enum Cell { Number, Id, Kind, Count = 4, CommittedAt = 9, Digest = 14 };
    enum ReviewedCell { Owner, VoteKey, Token, Author = 7 };
    struct Request {
        std::uint64_t row = 0, count = 0; ///< the latter of good rows of voided_votes.csv
        std::string digest, votes;
        bool isSealed = false;
        Sha256 hash{};
    };

    void readVotes(Table table, const Names& tokens)
    {
        for (std::vector<std::string_view> cells; table.nextCells(cells);) {
            const auto owner = m_requests.find(cells[Owner]);
            const auto token = tokens.pseudonyms.find(cells[Token]);
            const bool isOneLine = std::all_of(cells.begin() + VoteKey, cells.begin() + Author, [](std::string_view cell) {
                return cell.find_first_of("\t\n") == std::string_view::npos; // else one row could pass for two
            });
            const char* wrong = !isOneLine                         ? "malformed"
                                : owner == m_requests.end()        ? "of no request in voids.csv"
                                : token == tokens.pseudonyms.end() ? "its token is not in tokens.csv"
                                                                   : nullptr;
            if (wrong) {
                table.tell(wrong);
                continue;
            }
            ++owner->second.count;
            cells[Token] = token->second;
            for (std::size_t i = VoteKey; i < Author; ++i)
                owner->second.hash.add(cells[i]).add(i + 1 < Author ? "\t" : "\n");
        }
    }

    std::map<std::string, Request, std::less<>> m_requests;
};

class PackCheck {
public:
    PackCheck(const std::string& path, const Keys& keys, const KeepGoing& goOn) : m_pack{path, m_findings, goOn}, m_keys{keys} {}

    Verdict run()
    {
        say("files", m_pack.files.size());
        say("bytes", m_pack.allBytes);
        readManifests(m_pack);
        File* file = m_pack.find("data/pack.json");
        const auto description = file ? descriptionOf(m_pack.load(*file, kMostNote)) : std::nullopt;
        if (file && !description)
            m_findings.add(file->path, 0, "not a description of a pack");
        const std::string signer = m_keys.exporter.value_or(description ? description->exporter : "");
        if (m_pack.find(kSignature) && !isSignedBy(m_pack.load(kSigned), m_pack.load(kSignature), signer))
            m_findings.add(kSignature, 0, "not signed with the exporter's key");
        if (description) {
            say("format", "scrutineer-evidence/1");
            say("exporter", m_keys.exporter ? *m_keys.exporter + " given" : description->exporter + " from-pack");
            const auto timeOf = [](const std::optional<std::int64_t>& time) { return time ? std::to_string(*time) : "open"; };
            say("period", timeOf(description->from) + ' ' + timeOf(description->to));
            say("rows", description->hasAllAttempts ? "all" : "chosen");
            checkLog(*description);
        }
        checkRest();
        say("findings", m_findings.count);
        for (const auto& [path, number, what] : m_findings.first)
            m_text += printable(path + ": " + what) + '\n';
        const bool isGood = m_findings.count == 0;
        return {isGood, m_text + (isGood ? "verified\n" : "NOT verified\n")};
    }

private:
    void say(const std::string& word, const std::string& value) { m_text += word + ' ' + printable(value) + '\n'; }
    void say(const std::string& word, std::uint64_t value) { say(word, std::to_string(value)); }

    void checkLog(const Description& description)
    {
        const std::string text = m_keys.log.value_or(description.key);
        if (text != description.key)
            m_findings.add("data/pack.json", 0, "names another key of the log than the one given");
        File* file = m_pack.find("data/log/checkpoint");
        const auto key = logKeyOf(text);
        const auto checkpoint = file && key ? checkpointOf(m_pack.load(*file, kMostNote), *key) : std::nullopt;
        if (file && !checkpoint)
            m_findings.add(file->path, 0, "not signed with the log's key");
        else if (file && (checkpoint->origin != description.origin || checkpoint->size != description.size))
            m_findings.add(file->path, 0, "of another log or size than pack.json says");
        else if (file)
            checkTree(description, *checkpoint, *key, text);
    }

    void checkTree(const Description& description, const Checkpoint& checkpoint, const LogKey& key, const std::string& keyText)
    {
        Tiles tiles{m_pack, checkpoint.size};
        if (tiles.rootOf(checkpoint.size) != checkpoint.root)
            m_findings.add("data/log/checkpoint", 0, "the tiles do not come to its root");
        say("origin", checkpoint.origin);
        say("size", checkpoint.size);
        say("root", hexOf(checkpoint.root));
        say("key", keyText + (m_keys.log ? " given" : " from-pack"));
        say("checkpoints", checkEarlier(tiles, checkpoint, key));
        Entries entries{m_pack, description};
        checkEntries(tiles, entries);
        auto rest = std::async(std::launch::async, [this] { checkRest(true); }); // while attempts are sorted
        const Voids voids{m_pack, entries};
        const Votes votes{m_pack, entries};
        rest.get();
        const std::uint64_t allPlaces = (checkpoint.size + Tiles::kWidth - 1) / Tiles::kWidth;
        if (description.hasAllAttempts)
            tiles.demandBundles(description.from ? entries.firstPlace : 0, description.to ? entries.endPlace : allPlaces);
        say("entries", entries.count);
        say("attempts", entries.attempts.good);
        say("decisions", entries.decisions.good);
        say("votes", votes.good);
        say("votes-without-attempt", votes.withoutAttempt);
        say("requests", voids.good);
    }

    std::uint64_t checkEarlier(Tiles& tiles, const Checkpoint& newest, const LogKey& key)
    {
        constexpr std::string_view kFolder = "data/log/checkpoints/";
        std::uint64_t good = 0;
        for (auto& [path, file] : m_pack.files) {
            if (!path.starts_with(kFolder))
                continue;
            const auto checkpoint = checkpointOf(m_pack.load(file, kMostNote), key);
            const std::uint64_t size = checkpoint ? checkpoint->size : 0;
            if (size == 0 || size >= newest.size || path.substr(kFolder.size()) != std::to_string(size) ||
                checkpoint->origin != newest.origin)
                m_findings.add(path, 0, "not an earlier checkpoint of this log");
            else if (tiles.rootOf(size) != checkpoint->root)
                m_findings.add(path, 0, "not the beginning of the log");
            else
                ++good;
        }
        return good;
    }

    void checkEntries(Tiles& tiles, Entries& entries)
    {
        constexpr std::size_t kAtATime = 8; // of a bundle there may be 16 MB
        entries.casts.reserve(Tiles::kWidth * tiles.places.size());
        const auto nextBatch = [&, place = tiles.places.begin()]() mutable -> std::function<Batch()> {
            std::vector<std::uint64_t> some;
            while (place != tiles.places.end() && some.size() < kAtATime)
                some.push_back(*place++);
            if (some.empty())
                return nullptr;
            return [&, some] { return entries.batchOf(tiles, some); };
        };
        inOrder(nextBatch, [&entries](Batch batch) { entries.take(std::move(batch)); });
        entries.attempts.skipTo(UINT64_MAX);
        entries.decisions.skipTo(UINT64_MAX);
    }

    /// Files that nothing else has read, or those that nothing else will read.
    void checkRest(bool isAhead = false)
    {
        std::string piece;
        for (auto& [path, file] : m_pack.files) {
            if (!(isAhead && (path.starts_with("data/log/") || path.starts_with("data/rows/"))) && !file.listed.empty() &&
                !file.isChecked)
                for (Pack::Reader reader{m_pack, file}; reader.append(piece);)
                    piece.clear();
        }
    }

    Findings m_findings;
    Pack m_pack;
    const Keys& m_keys;
    std::string m_text; ///< what is printed
};

} // namespace

Verdict verifyPack(const std::string& path, const Keys& keys, const KeepGoing& keepGoing)
{
    if (sodium_init() < 0)
        throw std::runtime_error{"libsodium cannot be used here"};
    const std::string exporter = bytesOfBase64(keys.exporter.value_or("")).value_or("");
    if ((keys.log && !logKeyOf(*keys.log)) ||
        (keys.exporter && (exporter.size() != 10 + crypto_sign_PUBLICKEYBYTES || !exporter.starts_with("Ed"))))
        throw std::invalid_argument{"that is no public key"};
    return PackCheck{path, keys, keepGoing}.run();
}

} // namespace scr::verify
