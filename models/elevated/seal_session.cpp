#include "elevated/seal_session.h"

#include <fmt/format.h>

namespace scr::elevated {

using audit::Frontier;
using audit::Hash;
using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

/// As for every write: a line that died must not leave us waiting for hours, and only the primary knows what is committed. What
/// is signed must outlive a crash, whatever the site allows its voters.
constexpr const char* kSettings = "keepalives_idle=20 keepalives_interval=5 keepalives_count=3 tcp_user_timeout=30000 "
                                  "target_session_attrs=primary";
constexpr std::uint64_t kFetch = 20'000;
constexpr const char* kRemedy =
    "Stop sealing and compare the database with a backup: somebody changed the tables of the sealed log";

tl::unexpected<domain::Error> corrupt(std::string what)
{
    return failure(Fault::Corrupt, std::move(what), kRemedy);
}

Result<std::vector<Hash>> hashesIn(const std::vector<std::vector<std::string>>& rows)
{
    std::vector<Hash> hashes;
    hashes.reserve(rows.size());
    for (const auto& row : rows) {
        const auto hash = audit::hashOfHex(row.front());
        if (!hash)
            return corrupt("a hash of the sealed log does not have 32 bytes");
        hashes.push_back(*hash);
    }
    return hashes;
}

Result<Frontier> frontierOf(std::uint64_t size, const std::string& hex)
{
    std::vector<Hash> peaks;
    for (std::size_t at = 0; at < hex.size(); at += 64) {
        const auto peak = audit::hashOfHex(std::string_view{hex}.substr(at, 64));
        if (!peak)
            return corrupt("the frontier of the sealed log is not made of hashes");
        peaks.push_back(*peak);
    }
    return Frontier::of(size, std::move(peaks));
}

std::string hexOf(const Frontier& frontier)
{
    std::string hex;
    for (const Hash& peak : frontier.peaks())
        hex += audit::hexOf(peak);
    return hex;
}

} // namespace

Status SealSession::open(const domain::ConnectionTarget& target)
{
    if (const Status opened = m_connection.open(target, kSettings); !opened)
        return opened;
    return m_connection.run(
        "SET statement_timeout = 0; SET lock_timeout = '60s'; SET idle_in_transaction_session_timeout = '60s';"
        // A sealer whose machine is gone must not hold the head, nor the voters' tables.
        "SET tcp_keepalives_idle = 20; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; SET tcp_user_timeout = "
        "30000;"
        "SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off;"
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'");
}

Result<std::optional<LogEpoch>> SealSession::newestEpoch()
{
    const auto rows = m_connection.rows("SELECT epoch, origin FROM scrutineer.log_epoch ORDER BY epoch DESC LIMIT 1");
    if (!rows)
        return failureOf(rows);
    if (rows->empty())
        return std::nullopt;
    return LogEpoch{std::stoi(rows->front()[0]), rows->front()[1]};
}

Result<LogEpoch> SealSession::beginEpoch(const std::string& origin, const std::string& verifier, const std::string& reason)
{
    const auto epoch = m_connection.text("SELECT scrutineer.begin_epoch($1, $2, $3)", {origin, verifier, reason});
    if (!epoch)
        return failureOf(epoch);
    return LogEpoch{std::stoi(*epoch), origin};
}

Result<std::uint64_t> SealSession::sealNew(int epoch)
{
    if (const Status begun = m_connection.run("BEGIN ISOLATION LEVEL READ COMMITTED"); !begun)
        return failureOf(begun);
    Result<std::uint64_t> taken = takeWithin(epoch);
    const Status ended = m_connection.run(taken ? "COMMIT" : "ROLLBACK");
    if (taken && !ended)
        return failureOf(ended);
    return taken;
}

Result<std::uint64_t> SealSession::takeWithin(int epoch)
{
    const auto rows = m_connection.rows("SELECT before, after, encode(frontier, 'hex') FROM scrutineer.take_entries($1)",
                                        {std::to_string(epoch)});
    if (!rows)
        return failureOf(rows);
    if (rows->empty())
        return 0;
    const std::uint64_t before = std::stoull(rows->front()[0]);
    const std::uint64_t after = std::stoull(rows->front()[1]);
    auto frontier = frontierOf(before, rows->front()[2]);
    if (!frontier)
        return failureOf(frontier);
    // The new leaves are read in their order, a part at a time: there may be millions.
    if (const Status opened =
            m_connection.run(fmt::format("DECLARE added NO SCROLL CURSOR FOR SELECT encode(hash, 'hex') FROM scrutineer.leaf "
                                         "WHERE epoch = {} AND leaf >= {} ORDER BY leaf",
                                         epoch, before));
        !opened)
        return failureOf(opened);
    std::vector<audit::Subtree> full;
    for (bool more = true; more;) {
        const auto part = m_connection.rows(fmt::format("FETCH {} FROM added", kFetch));
        const auto hashes = part ? hashesIn(*part) : Result<std::vector<Hash>>{failureOf(part)};
        if (!hashes)
            return failureOf(hashes);
        for (const Hash& hash : *hashes)
            frontier->append(hash, full);
        more = hashes->size() == kFetch;
    }
    if (frontier->size() != after)
        return corrupt(fmt::format("{} entries were sealed, and {} leaves are there", after, frontier->size()));
    const Status finished = finish(epoch, *frontier, full);
    return finished ? Result<std::uint64_t>{after - before} : failureOf(finished);
}

Status SealSession::finish(int epoch, const Frontier& frontier, const std::vector<audit::Subtree>& full)
{
    std::string levels = "{";
    std::string places = "{";
    std::string hashes = "{";
    for (const audit::Subtree& subtree : full) {
        const char* comma = &subtree == full.data() ? "" : ",";
        levels += fmt::format("{}{}", comma, subtree.level);
        places += fmt::format("{}{}", comma, subtree.place);
        hashes += fmt::format("{}\"\\\\x{}\"", comma, audit::hexOf(subtree.hash));
    }
    const auto done = m_connection.rows(
        "SELECT scrutineer.finish_seal($1, $2, decode($3, 'hex'), $4, $5, $6)",
        {std::to_string(epoch), std::to_string(frontier.size()), hexOf(frontier), levels + "}", places + "}", hashes + "}"});
    return done ? Status{Nothing{}} : failureOf(done);
}

Result<Frontier> SealSession::head(int epoch)
{
    m_epoch = epoch;
    const auto rows = m_connection.rows("SELECT size, encode(frontier, 'hex') FROM scrutineer.seal_head WHERE epoch = $1",
                                        {std::to_string(epoch)});
    if (!rows)
        return failureOf(rows);
    if (rows->empty())
        return corrupt(fmt::format("epoch {} of the log has no head", epoch));
    return frontierOf(std::stoull(rows->front()[0]), rows->front()[1]);
}

Result<std::vector<Hash>> SealSession::hashes(int level, std::uint64_t first, std::uint64_t count)
{
    const std::string sql =
        level == 0
            ? fmt::format("SELECT encode(hash, 'hex') FROM scrutineer.leaf WHERE epoch = {} AND leaf >= {} AND leaf < {} "
                          "ORDER BY leaf",
                          m_epoch, first, first + count)
            : fmt::format("SELECT encode(hash, 'hex') FROM scrutineer.subtree WHERE epoch = {} AND level = {} AND place >= {} "
                          "AND place < {} ORDER BY place",
                          m_epoch, level, first, first + count);
    const auto rows = m_connection.rows(sql);
    if (!rows)
        return failureOf(rows);
    if (rows->size() != count)
        return corrupt(fmt::format("of the hashes {} to {} at level {} of the tree {} are there", first, first + count, level,
                                   rows->size()));
    return hashesIn(*rows);
}

Status SealSession::eachLeaf(int epoch, std::uint64_t from, std::uint64_t to,
                             const std::function<Status(const StoredLeaf&)>& take)
{
    // One leaf after the other, and its entry by the index of its log: the planner's estimate of the whole would be a guess.
    for (std::uint64_t first = from; first < to; first += kFetch) {
        const auto rows = m_connection.rows(fmt::format(
            "SELECT l.leaf, encode(l.hash, 'hex'), encode(e.entry, 'hex'), e.entry IS NOT NULL FROM scrutineer.leaf l "
            "LEFT JOIN LATERAL (SELECT n.entry FROM scrutineer.entry n WHERE n.log = l.log AND n.entry_key = l.entry_key "
            "AND n.at = l.at LIMIT 1) e ON true WHERE l.epoch = {} AND l.leaf >= {} AND l.leaf < {} ORDER BY l.leaf",
            epoch, first, std::min(to, first + kFetch)));
        if (!rows)
            return failureOf(rows);
        for (const auto& row : *rows) {
            const auto hash = audit::hashOfHex(row[1]);
            const auto entry = audit::bytesOfHex(row[2]);
            if (!hash || !entry)
                return corrupt(fmt::format("leaf {} has a hash that is none", row[0]));
            const StoredLeaf leaf{std::stoull(row[0]), *hash, row[3] == "t" ? entry : std::nullopt};
            if (const Status taken = take(leaf); !taken)
                return taken;
        }
    }
    return Nothing{};
}

Result<std::optional<std::string>> SealSession::newestNote(int epoch)
{
    const auto rows = m_connection.rows("SELECT note FROM scrutineer.checkpoint WHERE epoch = $1 ORDER BY size DESC LIMIT 1",
                                        {std::to_string(epoch)});
    if (!rows)
        return failureOf(rows);
    return rows->empty() ? std::nullopt : std::optional{rows->front().front()};
}

Status SealSession::storeCheckpoint(int epoch, std::uint64_t size, const Hash& root, const std::string& note)
{
    const auto stored = m_connection.rows("SELECT scrutineer.store_checkpoint($1, $2, decode($3, 'hex'), $4)",
                                          {std::to_string(epoch), std::to_string(size), audit::hexOf(root), note});
    return stored ? Status{Nothing{}} : failureOf(stored);
}

Status SealSession::alarm(int epoch, const std::string& what)
{
    const auto raised = m_connection.rows("SELECT scrutineer.raise_seal_alarm($1, $2)", {std::to_string(epoch), what});
    return raised ? Status{Nothing{}} : failureOf(raised);
}

} // namespace scr::elevated
