#pragma once

#include <QDialog>

namespace scr::dialogs {

/// The keys of the main window at a glance; read-only, without those that decide or look for something new.
class KeysDialog : public QDialog {
    Q_OBJECT
public:
    explicit KeysDialog(bool isReadOnly, QWidget* parent = nullptr);
};

} // namespace scr::dialogs
