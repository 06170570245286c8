#pragma once

#include <string>
#include <vector>

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>

#include "domain/control.h"
#include "domain/result.h"
#include "ports/control_source.h"

namespace scr::jobs {

/// Checks controls in the background.
class ControlJob : public QObject {
    Q_OBJECT
public:
    /// `source` must outlive the job.
    ControlJob(ports::ControlSource& source, QThreadPool& pool, QObject* parent = nullptr);
    ~ControlJob() override;

    [[nodiscard]] std::vector<domain::Control> list() const { return m_source.list(); }
    void start(std::vector<std::string> names); ///< none: all; nothing happens while one runs
    void cancel();
    [[nodiscard]] bool isRunning() const { return m_watcher.isRunning(); }

signals:
    void progressed(int percent);
    void finished(const scr::domain::Result<std::vector<scr::domain::Control>>& controls);

private:
    using Answer = domain::Result<std::vector<domain::Control>>;
    ports::ControlSource& m_source;
    QThreadPool& m_pool;
    QFutureWatcher<Answer> m_watcher;
};

} // namespace scr::jobs
