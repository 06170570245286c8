#pragma once

#include <utility>

#include <QFutureWatcher>
#include <QObject>

namespace scr::ports {

/// Waits for one answer of a port at a time. Asking anew lets go of the answer that is still on its way: it belongs to an old
/// question.
template <class Answer>
class Latest {
public:
    template <class Receiver, class Taker>
    Latest(Receiver* owner, Taker taker)
    {
        QObject::connect(&m_watcher, &QFutureWatcherBase::finished, owner, [this, owner, taker] {
            if (m_watcher.isCanceled() || m_watcher.future().resultCount() == 0)
                return;
            (owner->*taker)(m_watcher.result());
        });
    }

    void ask(QFuture<Answer> future)
    {
        forget();
        m_watcher.setFuture(std::move(future));
    }
    void forget()
    {
        if (m_watcher.isRunning())
            m_watcher.cancel();
        m_watcher.setFuture({});
    }
    [[nodiscard]] bool isWaiting() const { return m_watcher.isRunning(); }

private:
    QFutureWatcher<Answer> m_watcher;
};

} // namespace scr::ports
