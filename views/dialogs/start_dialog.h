#pragma once

#include <QDialog>

class QProgressBar;
class QPushButton;

namespace scr::widgets {
class CodeBox;
class TextLabel;
} // namespace scr::widgets

namespace scr::dialogs {

/// What is shown while something is made ready before the first window: a step in words, progress, Stop; or why it failed.
class StartDialog : public QDialog {
    Q_OBJECT
public:
    explicit StartDialog(const QString& title, QWidget* parent = nullptr);
    void showStep(const QString& step, int percent); ///< -1: not measured
    void showError(const QString& sentence);

signals:
    void stopRequested();

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    widgets::TextLabel* m_step{};
    QProgressBar* m_bar{};
    QPushButton* m_stop{};
    bool m_failed = false;
};

} // namespace scr::dialogs
