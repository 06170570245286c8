#pragma once

#include <utility>

#include <QFutureWatcher>
#include <QObject>

namespace scr::actions {

/// Brings the answer of an order to its owner's thread. Whoever gives orders waits until isRunning() is false: the answer of an
/// order that another one follows too soon is lost.
template <class Answer>
class Pending {
public:
    template <class Receiver, class Taker>
    Pending(Receiver* owner, Taker taker)
    {
        QObject::connect(&m_watcher, &QFutureWatcherBase::finished, owner, [this, owner, taker] {
            if (m_watcher.future().resultCount() > 0)
                (owner->*taker)(m_watcher.result());
        });
    }

    void wait(QFuture<Answer> future) { m_watcher.setFuture(std::move(future)); }
    void cancel() { m_watcher.cancel(); }
    [[nodiscard]] bool isRunning() const { return m_watcher.isRunning(); }

private:
    QFutureWatcher<Answer> m_watcher;
};

} // namespace scr::actions
