#include "store/sql_log_source.h"

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include "domain/time.h"
#include "embedded/embedded.h"
#include "store/binary_copy.h"
#include "store/byte_order.h"
#include "store/row_decoders.h"

namespace scr::store {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr std::uint16_t kLeafFields = 4;

constexpr std::string_view kCheckpointColumns =
    "size, encode(root, 'hex'), note, (extract(epoch FROM signed_at) * 1000000)::int8";

Result<std::vector<ports::CheckpointRow>> checkpointRows(const Result<ReadRows>& found)
{
    if (!found)
        return failureOf(found);
    std::vector<ports::CheckpointRow> checkpoints;
    for (int row = 0; row < found->size(); ++row)
        checkpoints.push_back({static_cast<std::uint64_t>(found->integer(row, 0)),
                               audit::bytesOfHex(found->text(row, 1)).value_or(""), std::string{found->text(row, 2)},
                               domain::timeOf(found->integer(row, 3))});
    return checkpoints;
}

std::string withNumber(std::string sql, std::string_view mark, std::uint64_t number)
{
    sql.replace(sql.find(mark), mark.size(), std::to_string(number));
    return sql;
}

/// leaf, hash, entry, copy: the last two may be missing.
std::optional<audit::LeafReading> leafOf(std::string_view row)
{
    FieldReader fields{row, kLeafFields};
    audit::LeafReading reading;
    fields.next();
    const std::string_view leaf = fields.bytes(8);
    if (!fields.ok())
        return std::nullopt;
    reading.leaf = wire64(leaf.data());
    fields.next();
    reading.hash = audit::hashOf(fields.bytes());
    for (auto* part : {&reading.entry, &reading.copy}) {
        fields.next();
        if (!fields.ok())
            return std::nullopt;
        if (!fields.isNull())
            *part = fields.bytes();
    }
    return reading;
}

} // namespace

Result<ReadRows> SqlLogSource::rows(const std::string& sql, const std::vector<std::string>& parameters)
{
    if (!m_connection) {
        auto connection = ReadConnection::open(m_target, kStreamSettings);
        if (!connection)
            return failureOf(connection);
        m_connection.emplace(*std::move(connection));
    }
    auto result = m_connection->query(sql, parameters);
    if (!result)
        m_connection.reset();
    return result;
}

Result<std::vector<ports::LogEpoch>> SqlLogSource::epochs()
{
    const auto found =
        rows("SELECT e.epoch, e.origin, e.verifier, e.reason, (extract(epoch FROM e.began_at) * 1000000)::int8, h.size, "
             "coalesce((SELECT max(l.leaf) + 1 FROM scrutineer.leaf l WHERE l.epoch = e.epoch), 0) "
             "FROM scrutineer.log_epoch e JOIN scrutineer.seal_head h ON h.epoch = e.epoch ORDER BY e.epoch",
             {});
    if (!found)
        return failureOf(found);
    std::vector<ports::LogEpoch> epochs;
    for (int row = 0; row < found->size(); ++row)
        epochs.push_back({static_cast<int>(found->integer(row, 0)), std::string{found->text(row, 1)},
                          std::string{found->text(row, 2)}, std::string{found->text(row, 3)},
                          domain::timeOf(found->integer(row, 4)),
                          static_cast<std::uint64_t>(std::max<std::int64_t>(found->integer(row, 5), 0)),
                          static_cast<std::uint64_t>(std::max<std::int64_t>(found->integer(row, 6), 0))});
    return epochs;
}

Result<ports::SealStanding> SqlLogSource::standing(int epoch)
{
    // All that is asked for has an index, which the planner does not take by itself for a bound that it does not know.
    auto begun = rows("BEGIN TRANSACTION READ ONLY", {});
    if (begun)
        begun = rows("SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)", {});
    if (!begun)
        return failureOf(begun);
    // What the last sealing did not see, and what has a place and no signature. The last column: this server counts its
    // transactions from a lower number than that sealing saw, so that nothing here tells what waits.
    const auto waiting = rows(
        "WITH head AS MATERIALIZED (SELECT h.size, h.seen FROM scrutineer.seal_head h WHERE h.epoch = $1::integer), signed AS "
        "MATERIALIZED (SELECT coalesce(max(c.size), 0) AS size FROM scrutineer.checkpoint c WHERE c.epoch = $1::integer), "
        "waiting AS "
        "((SELECT e.at FROM scrutineer.entry e WHERE e.xid >= (SELECT pg_snapshot_xmax(seen) FROM head) LIMIT 100000) UNION ALL "
        "SELECT e.at FROM scrutineer.entry e WHERE e.xid = ANY (ARRAY(SELECT pg_snapshot_xip(seen) FROM head)) UNION ALL "
        "SELECT l.at FROM scrutineer.leaf l WHERE l.epoch = $1::integer AND l.leaf = (SELECT size FROM signed)) "
        "SELECT (SELECT count(*) FROM waiting) + greatest((SELECT size FROM head) - (SELECT size FROM signed) - 1, 0), "
        "coalesce((SELECT (extract(epoch FROM clock_timestamp() - min(at)) * 1000000)::int8 FROM waiting), 0), "
        "(SELECT (pg_snapshot_xmax(pg_current_snapshot()) < pg_snapshot_xmax(seen))::int4 FROM head)",
        {std::to_string(epoch)});
    if (!waiting)
        return failureOf(waiting);
    const auto alarms =
        rows("SELECT what, (extract(epoch FROM at) * 1000000)::int8 FROM scrutineer.seal_alarm WHERE epoch = $1::integer "
             "ORDER BY alarm DESC LIMIT 10",
             {std::to_string(epoch)});
    if (!alarms)
        return failureOf(alarms);
    if (const auto ended = rows("COMMIT", {}); !ended)
        return failureOf(ended);
    ports::SealStanding standing;
    standing.waiting = static_cast<std::uint64_t>(waiting->integer(0, 0));
    standing.waitsFor = std::chrono::microseconds{waiting->integer(0, 1)};
    if (waiting->integer(0, 2) == 1)
        standing.alarms.push_back(
            {"this server counts its transactions from a lower number than the sealer saw: it is another one, "
             "or was put back from a backup, and nothing is sealed",
             std::chrono::floor<domain::Micros>(std::chrono::system_clock::now())});
    for (int row = 0; row < alarms->size(); ++row)
        standing.alarms.push_back({std::string{alarms->text(row, 0)}, domain::timeOf(alarms->integer(row, 1))});
    return standing;
}

Result<std::vector<ports::CheckpointRow>> SqlLogSource::checkpoints(int epoch, std::optional<std::size_t> newest)
{
    return checkpointRows(
        rows(fmt::format("SELECT {} FROM (SELECT * FROM scrutineer.checkpoint WHERE epoch = $1::integer ORDER BY size DESC{}) c "
                         "ORDER BY size",
                         kCheckpointColumns, newest ? fmt::format(" LIMIT {}", *newest) : ""),
             {std::to_string(epoch)}));
}

Result<std::vector<ports::CheckpointRow>> SqlLogSource::milestones(int epoch, std::uint64_t size, std::size_t most)
{
    return checkpointRows(rows(
        fmt::format("SELECT {} FROM (SELECT * FROM scrutineer.checkpoint c WHERE c.epoch = $1::integer AND c.size < $2::int8 AND "
                    "c.size > 0 "
                    "AND (EXISTS (SELECT FROM scrutineer.cosignature s WHERE s.epoch = c.epoch AND s.size = c.size) OR c.size IN "
                    "(SELECT max(d.size) FROM scrutineer.checkpoint d WHERE d.epoch = $1::integer AND d.size < $2::int8 "
                    "GROUP BY date_trunc('day', d.signed_at AT TIME ZONE 'UTC'))) ORDER BY c.size DESC LIMIT {}) c ORDER BY size",
                    kCheckpointColumns, most),
        {std::to_string(epoch), std::to_string(size)}));
}

Result<std::vector<ports::CosignatureRow>> SqlLogSource::cosignatures(int epoch)
{
    const auto found =
        rows("SELECT size, name, line, (extract(epoch FROM stored_at) * 1000000)::int8, stored_by FROM scrutineer.cosignature "
             "WHERE epoch = $1::integer ORDER BY size, name, stored_at",
             {std::to_string(epoch)});
    if (!found)
        return failureOf(found);
    std::vector<ports::CosignatureRow> cosignatures;
    for (int row = 0; row < found->size(); ++row)
        cosignatures.push_back({static_cast<std::uint64_t>(found->integer(row, 0)), std::string{found->text(row, 1)},
                                std::string{found->text(row, 2)}, domain::timeOf(found->integer(row, 3)),
                                std::string{found->text(row, 4)}});
    return cosignatures;
}

Result<std::vector<audit::Hash>> SqlLogSource::hashes(int epoch, int level, std::uint64_t first, std::uint64_t count)
{
    const auto found =
        level == 0
            ? rows("SELECT encode(hash, 'hex') FROM scrutineer.leaf WHERE epoch = $1::integer AND leaf >= $2::int8 AND leaf < "
                   "$3::int8 "
                   "ORDER BY leaf",
                   {std::to_string(epoch), std::to_string(first), std::to_string(first + count)})
            : rows("SELECT encode(hash, 'hex') FROM scrutineer.subtree WHERE epoch = $1::integer AND level = $4::integer AND "
                   "place >= $2::int8 AND place < $3::int8 ORDER BY place",
                   {std::to_string(epoch), std::to_string(first), std::to_string(first + count), std::to_string(level)});
    if (!found)
        return failureOf(found);
    std::vector<audit::Hash> hashes;
    for (int row = 0; row < found->size(); ++row) {
        if (const auto hash = audit::hashOfHex(found->text(row, 0)))
            hashes.push_back(*hash);
    }
    if (hashes.size() != count)
        return failure(
            Fault::Corrupt,
            fmt::format("of the {} hashes of the tree at level {} from {} on {} are there", count, level, first, hashes.size()),
            "Verify the log: it says where it was changed");
    return hashes;
}

Status SqlLogSource::eachLeaf(int epoch, std::uint64_t from, std::uint64_t to,
                              const std::function<bool(const audit::LeafReading&)>& take)
{
    std::string sql{embedded::text("sql/read/sealed_leaves.sql")};
    sql = withNumber(std::move(sql), "/* epoch */", static_cast<std::uint64_t>(epoch));
    sql = withNumber(std::move(sql), "/* from */", from);
    sql = withNumber(std::move(sql), "/* to */", to);
    auto connection = ReadConnection::open(m_target, kStreamSettings);
    if (!connection)
        return failureOf(connection);
    // The shortest text that reads back as the same number, as the entry was written.
    if (const auto set = connection->query("SET extra_float_digits = 1"); !set)
        return failureOf(set);
    const CancelHandle cancel = connection->cancelHandle();
    std::atomic<bool> stop{false};
    BinaryCopy copy{*connection, stop};
    const Status read = copy.run(sql, [&](std::string_view row) {
        const auto leaf = leafOf(row);
        if (leaf && !stop && !take(*leaf)) {
            stop = true;
            sendCancel(cancel.get());
        }
        return leaf.has_value();
    });
    if (stop)
        return failure(Fault::Cancelled, "the verification was stopped");
    return read;
}

Result<std::vector<audit::LogFinding>> SqlLogSource::slippedIn(int epoch)
{
    const auto found = rows(std::string{embedded::text("sql/read/slipped_in.sql")}, {std::to_string(epoch)});
    if (!found)
        return failureOf(found);
    std::vector<audit::LogFinding> findings;
    for (int row = 0; row < found->size(); ++row)
        findings.push_back(
            {audit::Mismatch::EntrySlippedIn, 0, 0,
             fmt::format("{} {} of {} {}", found->text(row, 0) == "a" ? "attempt" : "decision", found->text(row, 1),
                         domain::isoText(domain::timeOf(found->integer(row, 2))), found->text(row, 3))});
    return findings;
}

} // namespace scr::store
