#pragma once

#include <QString>
#include <QTimer>
#include <QWidget>

#include "theme/icons.h"
#include "theme/style.h"

class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;

namespace scr::widgets {

class CodeBox;
class Skeleton;

/// What a pane shows when it has no rows: nothing there, still reading, or what went wrong.
class StatePane : public QWidget {
    Q_OBJECT
public:
    enum class State { Empty, Loading, Error };
    explicit StatePane(QWidget* parent = nullptr);

    void showEmpty(theme::Icon icon, const QString& title, const QString& sentence, theme::Role tint = theme::Role::Text3);
    /// Nothing for 300 ms, then flat bars, after 2 s the words `what` with the count and Stop.
    void showLoading(const QString& what);
    void setLoadingProgress(const QString& count, int percent); ///< percent -1: not known
    /// After Stop: nothing was read. The button reads again.
    QPushButton* showStopped();
    /// `code` stands in a code box with Copy; empty: none.
    void showError(const QString& title, const QString& sentence, const QString& code = {});
    /// Replaces nothing: buttons stand in the order they were added; they go with the next show….
    QPushButton* addAction(const QString& text, theme::ButtonKind kind = theme::ButtonKind::Normal, const QString& keyHint = {});
    using QWidget::addAction;
    [[nodiscard]] State state() const noexcept { return m_state; }

signals:
    void stopRequested();

protected:
    void changeEvent(QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void begin(State state);
    void hideProgress();
    void drawIcon();
    QWidget* makeLoading();
    QWidget* makeMessage();

    State m_state = State::Empty;
    theme::Icon m_glyph = theme::Icon::Info;
    theme::Role m_tint = theme::Role::Text3;
    QTimer m_barsTimer;
    QTimer m_wordsTimer;
    QWidget* m_loading{};
    QWidget* m_loadingHead{};
    QLabel* m_loadingWhat{};
    QLabel* m_loadingCount{};
    QProgressBar* m_progress{};
    Skeleton* m_skeleton{};
    QWidget* m_message{};
    QLabel* m_icon{};
    QLabel* m_title{};
    QLabel* m_sentence{};
    CodeBox* m_code{};
    QHBoxLayout* m_actions{};
};

} // namespace scr::widgets
