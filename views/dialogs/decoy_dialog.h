#pragma once

#include <QDialog>

#include "detect/decoys.h"

namespace scr::dialogs {

/// What the decoys say about each detector on this source.
class DecoyDialog : public QDialog {
    Q_OBJECT
public:
    explicit DecoyDialog(const detect::DecoyAudit& audit, QWidget* parent = nullptr);
};

} // namespace scr::dialogs
