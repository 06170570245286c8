#pragma once

#include <utility>

#include <QFutureWatcher>
#include <QObject>

#include "domain/result.h"

namespace scr::tables {

/// Where a paged model stands. `Failed` keeps its rows; only a retry asks again.
enum class PageState { MoreToCome, Loading, Complete, Failed };

/// The signals of a paged model, apart from the template that does the paging.
class PageNotifier : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

signals:
    void stateChanged(scr::tables::PageState state);
    void pageFailed(const scr::domain::Error& error);
};

/// Waits for one answer at a time. Asking anew lets go of the answer that is still on its way: it belongs to an old question.
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

} // namespace scr::tables
