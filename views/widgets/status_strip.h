#pragma once

#include <QString>
#include <QWidget>

#include "domain/source.h"
#include "theme/icons.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace scr::widgets {

class ElidedLabel;
class EnvironmentBadge;

/// A cell of the status bar: icon and text, a line at its right. It is hidden as long as it has no text.
class StatusCell : public QWidget {
    Q_OBJECT
public:
    explicit StatusCell(theme::Icon icon, QWidget* parent = nullptr);
    void present(const QString& text, theme::Role tint = theme::Role::Text2);
    void setIcon(theme::Icon icon);
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void clicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    theme::Icon m_icon;
    theme::Role m_tint = theme::Role::Text2;
    QString m_text;
};

/// The bar at the lower edge: environment, source, lock, seal of the log, whether it is live, a notice, a running job, clock.
class StatusStrip : public QWidget {
    Q_OBJECT
public:
    explicit StatusStrip(QWidget* parent = nullptr);

    void setEnvironment(domain::Environment environment);
    void setEvidence(domain::Environment environment); ///< of a pack
    void setSource(const QString& text);
    void setLock(const QString& text, bool proved);
    void setSeal(const QString& text, theme::Role tint);
    void setLive(const QString& text, theme::Role tint);
    void setNotice(const QString& text); ///< one line for a person, such as the result of the last action
    void showJob(const QString& name, int percent, const QString& timeLeft = {}); ///< percent -1: not known
    void hideJob();
    void setClock(const QString& text);

signals:
    void stopRequested();
    void lockClicked();
    void sourceClicked();
    void sealClicked();
    void liveClicked();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* makeJob();

    EnvironmentBadge* m_badge{};
    StatusCell* m_source{};
    StatusCell* m_lock{};
    StatusCell* m_seal{};
    StatusCell* m_live{};
    ElidedLabel* m_notice{};
    QWidget* m_job{};
    QLabel* m_jobName{};
    QProgressBar* m_jobBar{};
    QLabel* m_jobPercent{};
    QLabel* m_jobLeft{};
    QPushButton* m_stop{};
    StatusCell* m_clock{};
};

} // namespace scr::widgets
