#pragma once

#include <QDialog>

class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace scr::dialogs {

/// Asks why; the answer goes into the audit log. Cancel is the default until a reason is given. Deletes itself when closed.
class ReasonDialog : public QDialog {
    Q_OBJECT
public:
    struct Words {
        QString title;
        QString question;
        QString note; ///< what it comes to
        QString go;   ///< the verb of the button
    };
    /// `name` is the prefix of the parts' object names: "withdraw" makes withdrawReason and withdrawGo.
    ReasonDialog(const Words& words, const QString& name, QWidget* parent = nullptr);

signals:
    void reasonGiven(const QString& reason); ///< not empty; the dialog is closed

protected:
    void addChoice(const QString& question, QWidget* choice); ///< between the reason and the note

private:
    QVBoxLayout* m_choices{};
    QLineEdit* m_reason{};
    QPushButton* m_cancel{};
    QPushButton* m_go{};
};

/// Why is a proposal withdrawn?
class WithdrawDialog : public ReasonDialog {
    Q_OBJECT
public:
    explicit WithdrawDialog(const QString& proposal, QWidget* parent = nullptr);
};

} // namespace scr::dialogs
