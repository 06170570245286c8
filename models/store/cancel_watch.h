#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "store/read_connection.h"

namespace scr::store {

/// Ends a running query on the server soon after nobody wants its answer any more. A future says that it was cancelled only when
/// asked, and the thread that runs the query cannot ask.
class CancelWatch {
public:
    CancelWatch();
    ~CancelWatch();
    CancelWatch(const CancelWatch&) = delete;
    CancelWatch& operator=(const CancelWatch&) = delete;

    void watch(pg_conn* connection, std::function<bool()> unwanted);
    bool release(); ///< from now on nothing is cancelled; true when something was
    void wake();    ///< look now; never waits for the server

private:
    void run(const std::stop_token& stop);

    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    CancelHandle m_cancel;
    std::function<bool()> m_unwanted;
    bool m_sent = false;
    bool m_isSending = false; ///< m_cancel is in use, without the lock
    bool m_look = false;
    std::jthread m_thread;
};

} // namespace scr::store
