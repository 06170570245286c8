#pragma once

#include <utility>

#include <QFutureWatcher>
#include <QObject>

namespace scr::actions {

/// Brings the answer of one running order to its owner's thread; an order given while another runs is not taken.
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
