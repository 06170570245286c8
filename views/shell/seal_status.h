#pragma once

#include <QObject>
#include <QTimer>

#include "shell/workspace.h"

namespace scr::widgets {
class StatusStrip;
}

namespace scr::shell {

/// How far the log is sealed, in the status bar: looked at every few seconds, and told in red once anything contradicts what was
/// signed.
class SealStatus : public QObject {
    Q_OBJECT
public:
    SealStatus(Workspace& workspace, widgets::StatusStrip& status, QObject* parent);

private:
    void present();

    Workspace& m_workspace;
    widgets::StatusStrip& m_status;
    QTimer m_ages;
};

} // namespace scr::shell
