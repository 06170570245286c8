#include "charts/chart_overlay.h"

#include <algorithm>

#include <QFontMetricsF>
#include <QPainter>
#include <qcustomplot.h>

#include "theme/fonts.h"

namespace scr::charts {

namespace {

using theme::Role;
using theme::Type;

constexpr double kRing = 6.5;
constexpr double kTipPadding = 10;
constexpr double kTipGap = 12;
constexpr double kTipWidest = 300;
constexpr qsizetype kTipLines = 3;
constexpr double kLitWidth = 2.4;

QFont tipFont(qsizetype line)
{
    return theme::fontOf(line == 0 ? Type::DenseStrong : Type::Dense);
}

} // namespace

ChartOverlay::ChartOverlay(Chart& chart) : QWidget{&chart}, m_chart{chart}
{
    setMouseTracking(true);
    setFocusPolicy(Qt::NoFocus);
}

QRectF ChartOverlay::axes() const
{
    return m_chart.plot().axisRect()->rect();
}

QPointF ChartOverlay::placeOf(double key, double value) const
{
    return {m_chart.plot().xAxis->coordToPixel(key), m_chart.plot().yAxis->coordToPixel(value)};
}

void ChartOverlay::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = m_chart.currentTheme();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_chart.isEmpty()) {
        paintEmpty(painter, theme);
        return;
    }
    paintSpan(painter, theme);
    paintScrub(painter, theme);
    if (m_chart.m_selectionLights)
        paintLit(painter, theme, m_chart.selected());
    const bool hovered = m_chart.m_hovered >= 0 && m_chart.m_hovered < static_cast<int>(m_chart.m_points.size());
    for (const ChartPoint& point : m_chart.m_points) {
        if (point.line < 0 && point.index == m_chart.selected())
            paintRing(painter, theme, point);
    }
    if (hovered) {
        const ChartPoint& point = m_chart.m_points[static_cast<std::size_t>(m_chart.m_hovered)];
        if (!m_chart.m_selectionLights || point.line != m_chart.selected())
            paintLit(painter, theme, point.line);
        paintRing(painter, theme, point);
        paintTooltip(painter, theme, point);
    }
    if (m_chart.hasFocus()) {
        painter.setPen(QPen{theme[Role::Focus], 2});
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF{rect()}.adjusted(1, 1, -1, -1));
    }
}

void ChartOverlay::paintEmpty(QPainter& painter, const theme::Theme& theme) const
{
    painter.fillRect(rect(), theme[Role::Base]);
    painter.setFont(theme::fontOf(Type::Body));
    painter.setPen(theme[Role::Text3]);
    painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_chart.m_emptyText);
}

void ChartOverlay::paintSpan(QPainter& painter, const theme::Theme& theme) const
{
    if (!m_chart.m_brushStart || *m_chart.m_brushStart == m_chart.m_brushEnd)
        return;
    const QRectF plot = axes();
    const double left = std::clamp<double>(std::min(*m_chart.m_brushStart, m_chart.m_brushEnd), plot.left(), plot.right());
    const double right = std::clamp<double>(std::max(*m_chart.m_brushStart, m_chart.m_brushEnd), plot.left(), plot.right());
    QColor fill = theme[Role::Mark];
    fill.setAlpha(36); // the plot below stays readable; its own colour would hide it
    painter.fillRect(QRectF{left, plot.top(), right - left, plot.height()}, fill);
    painter.fillRect(QRectF{left, plot.top(), 1, plot.height()}, theme[Role::Mark]);
    painter.fillRect(QRectF{right - 1, plot.top(), 1, plot.height()}, theme[Role::Mark]);
}

void ChartOverlay::paintScrub(QPainter& painter, const theme::Theme& theme) const
{
    if (!m_chart.m_scrub)
        return;
    const QRectF plot = axes();
    const double x = std::round(m_chart.plot().xAxis->coordToPixel(*m_chart.m_scrub));
    if (x >= plot.left() && x <= plot.right() + 1)
        painter.fillRect(QRectF{x, plot.top(), 1, plot.height()}, theme[Role::Mark]);
}

void ChartOverlay::paintLit(QPainter& painter, const theme::Theme& theme, int line) const
{
    if (line < 0)
        return;
    painter.save();
    painter.setClipRect(axes().adjusted(-2, -2, 2, 2));
    painter.setPen(QPen{theme[Role::Mark], kLitWidth, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin});
    painter.setBrush(Qt::NoBrush);
    for (const QPolygonF& path : m_chart.pathOf(line)) {
        QPolygonF places;
        for (const QPointF& point : path)
            places.append(placeOf(point.x(), point.y()));
        painter.drawPolyline(places);
    }
    painter.restore();
}

void ChartOverlay::paintRing(QPainter& painter, const theme::Theme& theme, const ChartPoint& point) const
{
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen{theme[Role::Mark], 1.6});
    painter.drawEllipse(placeOf(point.key, point.value), kRing, kRing);
}

void ChartOverlay::paintTooltip(QPainter& painter, const theme::Theme& theme, const ChartPoint& point) const
{
    const QStringList lines = m_chart.tooltipOf(point).mid(0, kTipLines);
    double width = 0;
    for (qsizetype i = 0; i < lines.size(); ++i)
        width = std::max(width, QFontMetricsF{tipFont(i)}.horizontalAdvance(lines[i]));
    width = std::min(std::ceil(width), kTipWidest);
    const double line = theme::lineHeightOf(Type::Dense);
    QRectF box{0, 0, width + 2 * kTipPadding, static_cast<double>(lines.size()) * line + 2 * kTipPadding - 4};
    const QPointF place = placeOf(point.key, point.value);
    const double x = place.x() + kTipGap + box.width() > this->width() ? place.x() - kTipGap - box.width() : place.x() + kTipGap;
    const double y = place.y() + kTipGap + box.height() > height() ? place.y() - kTipGap - box.height() : place.y() + kTipGap;
    box.moveTopLeft({std::max(2.0, x), std::clamp(y, 2.0, std::max(2.0, height() - box.height() - 2))});
    painter.fillRect(box, theme[Role::TooltipFill]);
    painter.setPen(theme[Role::TooltipText]);
    for (qsizetype i = 0; i < lines.size(); ++i) {
        painter.setFont(tipFont(i));
        const QRectF row{box.left() + kTipPadding, box.top() + kTipPadding - 2 + static_cast<double>(i) * line, width + 1, line};
        painter.drawText(row, Qt::AlignLeft | Qt::AlignVCenter,
                         QFontMetricsF{painter.font()}.elidedText(lines[i], Qt::ElideRight, width + 1));
    }
}

} // namespace scr::charts
