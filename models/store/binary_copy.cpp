#include "store/binary_copy.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include <libpq-fe.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "store/byte_order.h"

namespace scr::store {

namespace {

using domain::Fault;
using domain::Status;

constexpr std::size_t kFirstBuffer = 64 * 1024;
constexpr std::string_view kSignature{"PGCOPY\n\377\r\n\0", 11};
constexpr std::size_t kHeader = 19; // signature, flags, length of the extension
constexpr int kLookEveryMs = 100;
constexpr std::chrono::microseconds kShortestPause{100};
constexpr std::chrono::microseconds kLongestPause{2000};
constexpr std::uint16_t kTrailer = 0xFFFF;

/// Whether the fields that begin here are all there; what libpq gives in pieces is told apart by it.
bool isWholeRow(std::string_view row)
{
    if (row.size() < 2)
        return false;
    const std::uint16_t fields = wire16(row.data());
    if (fields == kTrailer)
        return true;
    std::size_t at = 2;
    for (std::uint16_t field = 0; field < fields; ++field) {
        if (at + 4 > row.size())
            return false;
        const std::uint32_t length = wire32(row.data() + at);
        at += 4 + (length == 0xFFFFFFFFU ? 0 : length);
    }
    return at <= row.size();
}

} // namespace

BinaryCopy::BinaryCopy(ReadConnection& connection, const std::atomic<bool>& stop) :
    m_connection{connection}, m_stop{stop}, m_buffer(kFirstBuffer)
{
}

Status BinaryCopy::start(const std::string& query)
{
    m_headerSeen = false;
    m_badHeader = false;
    pg_result* result = PQexec(m_connection.handle(), ("COPY (" + query + ") TO STDOUT (FORMAT binary)").c_str());
    const std::unique_ptr<pg_result, ClearResult> owned{result};
    if (PQresultStatus(result) != PGRES_COPY_OUT)
        return tl::unexpected<domain::Error>{m_connection.errorOf(result)};
    return domain::Nothing{};
}

/// Length of the next message in the buffer; -1 when there is none any more.
int BinaryCopy::nextMessage()
{
    pg_conn* connection = m_connection.handle();
    const auto take = [&] { return PQgetlineAsync(connection, m_buffer.data(), static_cast<int>(m_buffer.size())); };
    while (!m_stop.load(std::memory_order_relaxed)) {
        if (const int length = take(); length != 0) {
            m_flowing = true;
            return length;
        }
        // Encrypted bytes that libpq holds already make no socket readable, so what is there is taken before anything is waited
        // for.
        if (PQconsumeInput(connection) == 0)
            return -1;
        if (const int length = take(); length != 0)
            return length;
        if (std::exchange(m_flowing, false)) {
            pause();
            continue;
        }
        pollfd socket{PQsocket(connection), POLLIN, 0};
        poll(&socket, 1, kLookEveryMs);
    }
    return -1;
}

/// The server sends 8 kB at a time. Whoever waits for each of them is woken a hundred thousand times; after a pause there is
/// nearly a whole socket buffer to take. Were it full, the server would wait as well: the pause is as long as the last ones say.
void BinaryCopy::pause()
{
    std::this_thread::sleep_for(m_pause);
    int waiting = 0;
    if (ioctl(PQsocket(m_connection.handle()), FIONREAD, &waiting) != 0)
        return;
    constexpr int kWorthWaking = 32 * 1024; // less comes of a slow line, which no full socket holds up
    m_most = std::max(m_most, waiting);
    if (waiting >= kWorthWaking && waiting / 7 > m_most / 8)
        m_pause = std::max(kShortestPause, m_pause * 7 / 8);
    else if (waiting < kWorthWaking || waiting / 5 < m_most / 8)
        m_pause = std::min(kLongestPause, m_pause * 9 / 8);
}

bool BinaryCopy::next(std::string_view& row)
{
    int length = nextMessage();
    if (length < 0)
        return false;
    row = {m_buffer.data(), static_cast<std::size_t>(length)};
    while (row.size() == m_buffer.size() && !isWholeRow(row.substr(m_headerSeen ? 0 : kHeader))) {
        std::vector<char> begin{std::move(m_buffer)};
        m_buffer.assign(begin.size(), '\0');
        length = nextMessage();
        if (length < 0)
            return false;
        begin.insert(begin.end(), m_buffer.begin(), m_buffer.begin() + length);
        m_buffer = std::move(begin);
        row = {m_buffer.data(), m_buffer.size()};
    }
    if (!m_headerSeen && !stripHeader(row))
        return false;
    return !(row.size() == 2 && wire16(row.data()) == kTrailer) || next(row);
}

/// The first message carries the header in front of the first row.
bool BinaryCopy::stripHeader(std::string_view& message)
{
    m_headerSeen = true;
    m_badHeader = message.size() < kHeader || !message.starts_with(kSignature);
    if (m_badHeader)
        return false;
    const std::size_t extension = wire32(message.data() + kHeader - 4);
    message.remove_prefix(std::min(message.size(), kHeader + extension));
    return true;
}

Status BinaryCopy::finish()
{
    if (m_stop.load(std::memory_order_relaxed))
        return domain::failure(Fault::Cancelled, "The scan was stopped");
    if (m_badHeader)
        return domain::failure(Fault::Corrupt, "The server's COPY does not begin as binary COPY does",
                               "Check that the server is PostgreSQL");
    if (PQstatus(m_connection.handle()) != CONNECTION_OK)
        return tl::unexpected<domain::Error>{m_connection.lastError()};
    Status status = domain::Nothing{};
    while (pg_result* result = PQgetResult(m_connection.handle())) {
        const std::unique_ptr<pg_result, ClearResult> owned{result};
        if (PQresultStatus(result) != PGRES_COMMAND_OK && status)
            status = tl::unexpected<domain::Error>{m_connection.errorOf(result)};
        if (PQstatus(m_connection.handle()) != CONNECTION_OK)
            break;
    }
    return status;
}

} // namespace scr::store
