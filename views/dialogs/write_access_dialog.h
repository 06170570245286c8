#pragma once

#include <QDialog>

#include "domain/source.h"

namespace scr::dialogs {

/// The proof behind the lock in the status bar: every way to write that was found, with the statements that close it; or that
/// none was.
class WriteAccessDialog : public QDialog {
    Q_OBJECT
public:
    explicit WriteAccessDialog(const domain::Source& source, QWidget* parent = nullptr);
};

} // namespace scr::dialogs
