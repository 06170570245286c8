#pragma once

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace scr::dialogs {

/// Asks why a proposal is withdrawn; the answer goes into the audit log. Cancel is the default until a reason is given.
class WithdrawDialog : public QDialog {
    Q_OBJECT
public:
    explicit WithdrawDialog(const QString& proposal, QWidget* parent = nullptr); ///< deletes itself when closed

signals:
    void reasonGiven(const QString& reason); ///< not empty; the dialog is closed

private:
    QLineEdit* m_reason{};
    QPushButton* m_go{};
};

} // namespace scr::dialogs
