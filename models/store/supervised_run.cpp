#include "store/supervised_run.h"

#include <chrono>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace scr::store {

namespace {

using domain::Fault;
using domain::Status;

constexpr std::chrono::milliseconds kReportEvery{50};

Status guarded(const std::function<Status()>& piece)
try {
    return piece();
} catch (const std::bad_alloc&) {
    return domain::failure(Fault::Unavailable, "There is not enough memory to hold the votes", "Scan a shorter time range");
} catch (const std::length_error& error) {
    return domain::failure(Fault::Unavailable, std::string{"The votes do not fit: "} + error.what(), "Scan a shorter time range");
}

} // namespace

void SupervisedRun::watch(const ReadConnection& connection)
{
    const std::lock_guard lock{m_mutex};
    m_cancels.push_back(connection.cancelHandle());
}

Status SupervisedRun::run(const std::vector<std::function<Status()>>& work)
{
    std::vector<std::jthread> threads;
    m_running = work.size();
    for (const std::function<Status()>& piece : work) {
        threads.emplace_back([this, &piece] {
            if (const Status done = guarded(piece); !done)
                fail(done.error());
            const std::lock_guard lock{m_mutex};
            --m_running;
            m_changed.notify_all();
        });
    }
    supervise();
    threads.clear();
    if (m_error)
        return tl::unexpected<domain::Error>{*m_error};
    return domain::Nothing{};
}

void SupervisedRun::supervise()
{
    std::unique_lock lock{m_mutex};
    while (!m_changed.wait_for(lock, kReportEvery, [this] { return m_running == 0; })) {
        lock.unlock();
        if (!m_stop && m_keepGoing && !m_keepGoing(m_rows, m_expected))
            fail({Fault::Cancelled, "The scan was stopped", {}, {}});
        if (m_stop) // again and again: a cancel that comes before its statement has begun is lost
            cancelAll();
        lock.lock();
    }
}

void SupervisedRun::fail(domain::Error error)
{
    const std::lock_guard lock{m_mutex};
    if (!m_error)
        m_error = std::move(error);
    m_stop = true;
}

void SupervisedRun::cancelAll()
{
    const std::lock_guard lock{m_mutex};
    for (const CancelHandle& cancel : m_cancels)
        sendCancel(cancel.get());
}

} // namespace scr::store
