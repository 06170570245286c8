#pragma once

#include <map>

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
    void beginDecoys();
    void beginControls();
    void beginVerification();
    void beginPack();

signals:
    void noticed(const QString& sentence);

private:
    enum class Job { Scan, Decoys, Report, Controls, Verification, Pack, Decisions };
    struct Running {
        QString name;
        int percent{};
        QElapsedTimer since;
    };
    void show(Job job, const QString& name, int percent);
    void present(Job job);
    void hide(Job job);
    void stop();
    void followDecisions();
    [[nodiscard]] static QString timeLeft(const Running& running);

    Workspace& m_workspace;
    widgets::StatusStrip& m_status;
    std::map<Job, Running> m_running;
    Job m_shown = Job::Scan;   ///< of those that run the one that moved last
    int m_decisionsAtOnce = 0; ///< most that waited since the last was written
};

} // namespace scr::shell
