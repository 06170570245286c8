#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include "domain/guard.h"
#include "domain/result.h"

namespace scr::ports {

/// A thread of its own with a session of its own. Work is done in the order asked for; work whose future was cancelled is
/// skipped, or ended when it runs already. Of a Session is asked: ready() opens it on the worker's thread where it is not open,
/// beginJob(unwanted) and endJob() embrace a piece of work, interrupt() from any thread makes it look at `unwanted`, close().
template <class Session>
class Worker {
public:
    template <class... Arguments>
    explicit Worker(Arguments&&... arguments) : m_session{std::make_unique<Session>(std::forward<Arguments>(arguments)...)}
    {
        m_pool.setMaxThreadCount(1);
        m_pool.setExpiryTimeout(-1); // the session belongs to the thread that opened it
    }
    ~Worker()
    {
        m_stopping = true;
        m_session->interrupt();
        m_pool.start([this] { m_session->close(); });
        m_pool.waitForDone();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    template <class T>
    [[nodiscard]] QFuture<domain::Result<T>> run(std::function<domain::Result<T>(Session&)> work)
    {
        const auto promise = std::make_shared<QPromise<domain::Result<T>>>();
        promise->start();
        QFuture<domain::Result<T>> future = promise->future();
        enqueue([this, promise, work = std::move(work)] {
            if (const auto unwanted = [this, promise] { return m_stopping.load() || promise->isCanceled(); }; unwanted())
                promise->future().cancel();
            else
                promise->addResult(perform<T>(work, unwanted));
            promise->finish();
        });
        return future;
    }

private:
    template <class T>
    [[nodiscard]] domain::Result<T> perform(const std::function<domain::Result<T>(Session&)>& work,
                                            std::function<bool()> unwanted)
    {
        const domain::Status ready = m_session->ready();
        if (!ready)
            return domain::failureOf(ready);
        m_session->beginJob(std::move(unwanted));
        domain::Result<T> result = domain::guarded([&] { return work(*m_session); });
        m_session->endJob();
        return result;
    }

    void enqueue(std::function<void()> job)
    {
        m_pool.start(std::move(job));
        m_session->interrupt(); // what runs may be unwanted since; do not make the new job wait for the next look
    }

    std::atomic<bool> m_stopping{false};
    std::unique_ptr<Session> m_session;
    QThreadPool m_pool;
};

} // namespace scr::ports
