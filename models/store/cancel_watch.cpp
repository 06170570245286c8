#include "store/cancel_watch.h"

#include <chrono>

#include <libpq-fe.h>

namespace scr::store {

namespace {

constexpr std::chrono::milliseconds kLookEvery{20};

} // namespace

CancelWatch::CancelWatch() : m_thread{[this](const std::stop_token& stop) { run(stop); }} {}

CancelWatch::~CancelWatch() = default;

void CancelWatch::watch(pg_conn* connection, std::function<bool()> unwanted)
{
    const std::lock_guard lock{m_mutex};
    m_cancel.reset(PQgetCancel(connection));
    m_unwanted = std::move(unwanted);
    m_sent = false;
    m_changed.notify_all();
}

bool CancelWatch::release()
{
    std::unique_lock lock{m_mutex};
    m_unwanted = nullptr;
    m_changed.wait(lock, [this] { return !m_isSending; }); // else it would meet the next statement
    m_cancel.reset();
    return m_sent;
}

void CancelWatch::wake()
{
    const std::lock_guard lock{m_mutex};
    m_look = true;
    m_changed.notify_all();
}

void CancelWatch::run(const std::stop_token& stop)
{
    std::unique_lock lock{m_mutex};
    while (!stop.stop_requested()) {
        if (m_cancel == nullptr)
            m_changed.wait(lock, stop, [this] { return m_cancel != nullptr; });
        else
            m_changed.wait_for(lock, stop, kLookEvery, [this] { return m_look; });
        m_look = false;
        // Sent again and again: a cancel that comes before its statement has begun is lost.
        if (m_cancel != nullptr && m_unwanted && m_unwanted()) {
            m_sent = true;
            m_isSending = true;
            lock.unlock(); // it makes a connection of its own, and wake() is called by threads that may not wait for that
            sendCancel(m_cancel.get());
            lock.lock();
            m_isSending = false;
            m_changed.notify_all();
        }
    }
}

} // namespace scr::store
