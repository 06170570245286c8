#pragma once

#include <QDialog>

namespace scr::dialogs {

/// The keys of the main window at a glance.
class KeysDialog : public QDialog {
    Q_OBJECT
public:
    explicit KeysDialog(QWidget* parent = nullptr);
};

} // namespace scr::dialogs
