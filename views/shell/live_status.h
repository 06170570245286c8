#pragma once

#include <QObject>
#include <QString>

#include "jobs/follow_job.h"
#include "shell/workspace.h"

class QAction;

namespace scr::widgets {
class StatusStrip;
}

namespace scr::shell {

/// Whether the source is followed, and how: the cell in the status bar and the action of the menu.
class LiveStatus : public QObject {
    Q_OBJECT
public:
    LiveStatus(Workspace& workspace, widgets::StatusStrip& status, QObject* parent);

    [[nodiscard]] QAction* action() const { return m_action; } ///< checkable
    void setLive(bool isLive);

signals:
    void liveChanged(bool isLive); ///< as the user wants it
    void flagsRecorded();
    void noticed(const QString& sentence);

private:
    void showState(const jobs::FollowState& state);
    void takeEnd(const domain::Status& status);
    void toggle(bool isLive);

    Workspace& m_workspace;
    widgets::StatusStrip& m_status;
    QAction* m_action;
    QString m_trouble;
};

} // namespace scr::shell
