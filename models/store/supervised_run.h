#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "domain/vote_columns.h"
#include "store/read_connection.h"

namespace scr::store {

/// Work on several threads, while the calling one reports how far it is and ends it on the server when it is not wanted any more
/// or when a part of it failed.
class SupervisedRun {
public:
    explicit SupervisedRun(const domain::KeepGoing& keepGoing) : m_keepGoing{keepGoing} {}
    SupervisedRun(const SupervisedRun&) = delete;
    SupervisedRun& operator=(const SupervisedRun&) = delete;

    /// To be cancelled with the rest. From any thread.
    void watch(const ReadConnection& connection);
    void expect(std::uint64_t rows) noexcept { m_expected = rows; }
    void count(std::uint64_t rows) noexcept { m_rows.fetch_add(rows, std::memory_order_relaxed); }
    [[nodiscard]] const std::atomic<bool>& stopped() const noexcept { return m_stop; }

    /// One thread a piece of work; the first error of any ends them all.
    [[nodiscard]] domain::Status run(const std::vector<std::function<domain::Status()>>& work);

private:
    void supervise();
    void fail(domain::Error error);
    void cancelAll();

    const domain::KeepGoing& m_keepGoing;
    std::atomic<std::uint64_t> m_rows{0};
    std::atomic<std::uint64_t> m_expected{0};
    std::atomic<bool> m_stop{false};
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<CancelHandle> m_cancels;
    std::size_t m_running = 0;
    std::optional<domain::Error> m_error;
};

} // namespace scr::store
