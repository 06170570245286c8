#pragma once

#include <QDialog>

namespace scr::dialogs {

/// Lines of text to be read and copied, with a sentence about what they are.
class TextDialog : public QDialog {
    Q_OBJECT
public:
    TextDialog(const QString& title, const QString& about, const QString& text, QWidget* parent = nullptr);
};

} // namespace scr::dialogs
