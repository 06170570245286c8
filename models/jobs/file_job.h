#pragma once

#include <functional>
#include <memory>

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>

#include "domain/result.h"
#include "domain/vote_columns.h"

namespace scr::jobs {

/// Makes one file or folder at a time, in the background. How is given: this folder knows no document formats.
class FileJob : public QObject {
    Q_OBJECT
public:
    using Work = std::function<domain::Status(const domain::KeepGoing& keepGoing)>;
    explicit FileJob(QThreadPool& pool, QObject* parent = nullptr);
    ~FileJob() override;

    void start(const QString& path, Work work); ///< nothing happens while one runs
    void cancel() { m_watcher.cancel(); }       ///< what has come so far that it is finished is finished
    [[nodiscard]] bool isRunning() const { return m_watcher.isRunning(); }

signals:
    void progressed(int percent);
    void finished(const QString& path, const scr::domain::Status& status);

private:
    QThreadPool& m_pool;
    QString m_path;
    std::shared_ptr<domain::Status> m_outcome; ///< kept apart: a cancelled future drops what it is given
    QFutureWatcher<void> m_watcher;
};

} // namespace scr::jobs
