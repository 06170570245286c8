#pragma once

#include <QObject>

#include "shell/workspace.h"

class QWidget;

namespace scr::widgets {
class Banner;
class StatusStrip;
} // namespace scr::widgets

namespace scr::shell {

/// Tells above every page and in the status bar that this is an evidence pack, and whether it verifies; has it verified at once.
class PackStatus : public QObject {
    Q_OBJECT
public:
    /// `window` is what dialogs open over, and owns this.
    PackStatus(Workspace& workspace, widgets::StatusStrip& status, widgets::Banner& banner, QWidget& window);

private:
    void tellBusy();
    void takeVerification(const domain::Result<jobs::VerifyReport>& report);
    void showVerdict();

    Workspace& m_workspace;
    widgets::StatusStrip& m_status;
    widgets::Banner& m_banner;
    QWidget& m_window;
};

} // namespace scr::shell
