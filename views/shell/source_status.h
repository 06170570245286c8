#pragma once

#include <QObject>
#include <QTimer>

#include "domain/source.h"

class QWidget;

namespace scr::widgets {
class Banner;
class StatusStrip;
} // namespace scr::widgets

namespace scr::shell {

/// Tells in the status bar which source this is, in which environment, and whether it was proved that this login cannot write;
/// where it can, a red banner says so. Keeps the clock.
class SourceStatus : public QObject {
    Q_OBJECT
public:
    /// `window` is what dialogs open over, and owns this.
    SourceStatus(const domain::Source& source, widgets::StatusStrip& status, widgets::Banner& banner, QWidget& window);

private:
    void fill();
    void warn();
    void showProof();

    const domain::Source& m_source;
    widgets::StatusStrip& m_status;
    widgets::Banner& m_banner;
    QWidget& m_window;
    QTimer m_clock;
};

} // namespace scr::shell
