#pragma once

#include "dialogs/reason_dialog.h"
#include "domain/control.h"

namespace scr::widgets {
class SegmentedButton;
}

namespace scr::dialogs {

/// Asks why somebody answers for a control that does not hold, and for how long.
class AcceptDialog : public ReasonDialog {
    Q_OBJECT
public:
    explicit AcceptDialog(const domain::Control& control, QWidget* parent = nullptr);

signals:
    void ordered(const scr::domain::AcceptOrder& order); ///< the dialog is closed

private:
    widgets::SegmentedButton* m_period{};
};

} // namespace scr::dialogs
