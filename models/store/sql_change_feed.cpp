#include "store/sql_change_feed.h"

#include <cerrno>
#include <charconv>

#include <libpq-fe.h>
#include <poll.h>

#include <fmt/format.h>

#include "store/binary_copy.h"
#include "store/row_decoders.h"
#include "store/sql_text.h"

namespace scr::store {

namespace {

using domain::Result;
using domain::Status;

/// Older rows than this come with the thorough looks only.
constexpr std::chrono::minutes kRecent{10};

std::string xidOf(std::string_view xid8)
{
    std::uint64_t number = 0;
    std::from_chars(xid8.data(), xid8.data() + xid8.size(), number);
    return std::to_string(number & 0xFFFFFFFFU);
}

} // namespace

Status SqlChangeFeed::connect()
{
    if (m_connection)
        return domain::Nothing{};
    Result<ReadConnection> connection = ReadConnection::open(m_target, ReadSettings{std::chrono::minutes{2}});
    if (!connection)
        return domain::failureOf(connection);
    const Result<ReadRows> column =
        connection->query("SELECT count(*) FROM pg_attribute WHERE attname = 'row_xid' AND attrelid IN "
                          "(to_regclass('scrutineer.vote'), to_regclass('scrutineer.attempt'))");
    if (!column)
        return domain::failureOf(column);
    if (column->integer(0, 0) < 2)
        return domain::failure(domain::Fault::Rejected,
                               "The views of this source do not say which transaction wrote a row, so it cannot be followed",
                               "Run scrutineerctl init of this version on it: that renews the views");
    Result<ScanLayout> layout = readLayout(*connection);
    if (!layout)
        return domain::failureOf(layout);
    m_layout = *layout;
    static_cast<void>(connection->query("LISTEN scrutineer_vote")); // a standby refuses; then there are no hints
    m_connection = std::move(*connection);
    const std::lock_guard lock{m_cancelMutex};
    m_cancel = m_connection->cancelHandle();
    return domain::Nothing{};
}

/// Ends the reading as well as any error does: the connection is made anew next time.
Result<std::string> SqlChangeFeed::look()
{
    const Result<ReadRows> snapshot = m_connection->query(
        "SELECT pg_snapshot_xmin(s)::text, (extract(epoch FROM clock_timestamp()) * 1000000)::int8 FROM pg_current_snapshot() s");
    if (!snapshot)
        return domain::failureOf(snapshot);
    m_recentFrom = domain::timeOf(snapshot->integer(0, 1)) - kRecent;
    return xidOf(snapshot->text(0, 0));
}

Status SqlChangeFeed::begin(domain::UtcTime from)
{
    if (const Status connected = connect(); !connected)
        return connected;
    m_from = from;
    m_stop = false;
    const Result<std::string> seen = look();
    if (!seen) {
        m_connection.reset();
        return domain::failureOf(seen);
    }
    m_recent = m_thorough = *seen;
    return domain::Nothing{};
}

Result<domain::ScanInput> SqlChangeFeed::read(Look which)
{
    if (const Status connected = connect(); !connected)
        return domain::failureOf(connected);
    const auto readOnce = [&]() -> Result<domain::ScanInput> {
        if (const Status begun = m_connection->beginSnapshot(); !begun)
            return domain::failureOf(begun);
        const Result<std::string> seen = look();
        if (!seen)
            return domain::failureOf(seen);
        Result<domain::ScanInput> input =
            which == Look::Thorough ? readNew(m_thorough, m_from) : readNew(m_recent, std::max(m_from, m_recentFrom));
        if (!input)
            return input;
        if (const Result<ReadRows> ended = m_connection->query("COMMIT"); !ended)
            return domain::failureOf(ended);
        m_recent = *seen;
        if (which == Look::Thorough)
            m_thorough = *seen;
        return input;
    };
    Result<domain::ScanInput> input = readOnce();
    if (!input)
        m_connection.reset();
    return input;
}

Result<domain::ScanInput> SqlChangeFeed::readNew(const std::string& xmin, domain::UtcTime from)
{
    domain::ScanInput input;
    input.hasAttempts = m_layout.hasAttempts;
    const std::string isNew = fmt::format("age(row_xid) <= age('{}'::xid)", xmin);
    const std::string newVotes =
        fmt::format("scrutineer.vote WHERE state = 'counted' AND cast_at >= '{}'::timestamptz AND {}", momentText(from), isNew);
    BinaryCopy votes{*m_connection, m_stop};
    VoteDecoder decoder{m_layout, input.votes};
    Status done = votes.run(fmt::format("SELECT {}, {}, {}, value::real, cast_at{} FROM {} ORDER BY cast_at",
                                        keySql("vote_key", m_layout.voteKey), keySql("token_key", m_layout.token),
                                        keySql("post_key", m_layout.post), m_layout.hasOrigins ? ", origin" : "", newVotes),
                            [&](std::string_view row) { return decoder.take(row); });
    decoder.finish();
    if (!done)
        return domain::failureOf(done);
    input.readAt = domain::microsOf(m_recentFrom + kRecent);
    if (!input.votes.empty()) {
        BinaryCopy posts{*m_connection, m_stop};
        PostDecoder authors{m_layout, input.votes, input.posts};
        done = posts.run(fmt::format("SELECT {} FROM scrutineer.post WHERE post_key IN (SELECT post_key FROM {})",
                                     postColumnsSql(m_layout), newVotes),
                         [&](std::string_view row) { return authors.take(row); });
        if (!done)
            return domain::failureOf(done);
    }
    if (m_layout.hasAttempts) {
        BinaryCopy attempts{*m_connection, m_stop};
        AttemptDecoder tried{m_layout, true, input.votes, input.attempts};
        done = attempts.run(
            fmt::format("SELECT {}, {}, {}, attempted_at, finished_at, outcome::text, {}, sqlstate::text, abbrev(origin), "
                        "hashtextextended(request_key::text, 0) FROM scrutineer.attempt WHERE post_key IS NOT NULL AND "
                        "attempted_at >= '{}'::timestamptz AND {}{} ORDER BY attempted_at",
                        keySql("attempt_key", m_layout.attemptKey), keySql("token_key", m_layout.token),
                        keySql("post_key", m_layout.post), keySql("vote_key", m_layout.attemptVote), momentText(from), isNew,
                        castsOnlySql(m_layout)),
            [&](std::string_view row) { return tried.take(row); });
        if (!done)
            return domain::failureOf(done);
    }
    return input;
}

void SqlChangeFeed::stop()
{
    m_stop = true;
    const std::lock_guard lock{m_cancelMutex};
    if (m_cancel)
        sendCancel(m_cancel.get());
}

void SqlChangeFeed::wait(std::chrono::milliseconds longest)
{
    pollfd socket{m_connection ? PQsocket(m_connection->handle()) : -1, POLLIN, 0};
    if (::poll(&socket, 1, static_cast<int>(longest.count())) <= 0 || !m_connection)
        return;
    if (PQconsumeInput(m_connection->handle()) == 0) {
        m_connection.reset();
        return;
    }
    while (PGnotify* hint = PQnotifies(m_connection->handle()))
        PQfreemem(hint);
}

} // namespace scr::store
