#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include "domain/guard.h"
#include "store/sql_session.h"

namespace scr::store {

/// A thread of its own with a connection of its own. Work is done in the order asked for; work whose future was cancelled is
/// skipped, or ended on the server when it runs already.
class SqlWorker {
public:
    explicit SqlWorker(const domain::ConnectionTarget& target, const ReadSettings& settings = {});
    ~SqlWorker();
    SqlWorker(const SqlWorker&) = delete;
    SqlWorker& operator=(const SqlWorker&) = delete;

    template <class T>
    [[nodiscard]] QFuture<domain::Result<T>> run(std::function<domain::Result<T>(SqlSession&)> work)
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
    [[nodiscard]] domain::Result<T> perform(const std::function<domain::Result<T>(SqlSession&)>& work,
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

    void enqueue(std::function<void()> job);

    std::atomic<bool> m_stopping{false};
    std::unique_ptr<SqlSession> m_session;
    QThreadPool m_pool;
};

} // namespace scr::store
