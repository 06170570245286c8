#pragma once

#include <vector>

#include <QString>
#include <QWidget>

#include "domain/void_plan.h"
#include "widgets/slope_rows.h"

namespace scr::widgets {

/// The head of the leaderboard before and after, two lists joined by lines; struck posts in the warning colour.
class SlopePane : public QWidget {
    Q_OBJECT
public:
    explicit SlopePane(QWidget* parent = nullptr);
    void show(std::vector<domain::ScoreChange> leaders, int top = 15);
    using QWidget::show;
    void setCaptions(const QString& before, const QString& after);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Geometry;
    [[nodiscard]] Geometry geometryOf() const;
    [[nodiscard]] int yOf(const SlopePlace& place) const;
    void paintBefore(QPainter& painter, const Geometry& at) const;
    void paintAfter(QPainter& painter, const Geometry& at) const;
    void paintLines(QPainter& painter, const Geometry& at) const;
    void paintHead(QPainter& painter, const Geometry& at) const;

    std::vector<domain::ScoreChange> m_leaders;
    SlopeLayout m_layout;
    QString m_beforeCaption;
    QString m_afterCaption;
};

/// The same, narrow, without scores: titles, ranks and lines.
class SlopeMini : public QWidget {
    Q_OBJECT
public:
    explicit SlopeMini(QWidget* parent = nullptr);
    void show(std::vector<domain::ScoreChange> leaders, int top = 15);
    using QWidget::show;
    void setCaptions(const QString& with, const QString& moment, const QString& without);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] double yOf(const SlopePlace& place) const;
    void paintSide(QPainter& painter, const std::vector<SlopePlace>& places, bool left) const;
    void paintLines(QPainter& painter) const;

    std::vector<domain::ScoreChange> m_leaders;
    SlopeLayout m_layout;
    QString m_with;
    QString m_moment;
    QString m_without;
};

} // namespace scr::widgets
