#pragma once

#include <QElapsedTimer>
#include <QObject>

#include "shell/workspace.h"

namespace scr::widgets {
class StatusStrip;
}

namespace scr::shell {

/// The job in the status bar: which one is shown, how far it is, and that its Stop ends this one and no other.
class JobBar : public QObject {
    Q_OBJECT
public:
    JobBar(Workspace& workspace, widgets::StatusStrip& status, QObject* parent = nullptr);

    void beginScan();
    void beginReport();

signals:
    void noticed(const QString& sentence);

private:
    enum class Job { None, Scan, Report, Decisions };
    void show(Job job, const QString& name, int percent);
    void hide(Job job);
    [[nodiscard]] QString timeLeft(int percent) const;
    void stop();
    void followDecisions();

    Workspace& m_workspace;
    widgets::StatusStrip& m_status;
    Job m_shown = Job::None;   ///< of several that run the one that moved last
    QElapsedTimer m_since;     ///< when it began to be shown
    int m_decisionsAtOnce = 0; ///< most that waited since the last was written
};

} // namespace scr::shell
