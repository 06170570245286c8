#include "charts/legend.h"

#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

#include "theme/fonts.h"

namespace scr::charts {

namespace {

using theme::Role;
using Mark = LegendEntry::Mark;

constexpr double kMark = 14;
constexpr double kGap = 6;
constexpr double kBetween = 16;

void drawMark(QPainter& painter, const QRectF& rect, const LegendEntry& entry, const theme::Theme& theme)
{
    const QColor& color = theme[entry.color];
    const QPointF middle = rect.center();
    painter.setBrush(Qt::NoBrush);
    switch (entry.mark) {
    case Mark::Disc:
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(middle, 4, 4);
        return;
    case Mark::Ring:
        painter.setPen(QPen{color, 1.4});
        painter.drawEllipse(middle, 3.3, 3.3);
        return;
    case Mark::Box: painter.fillRect(rect.adjusted(0, 3, 0, -3), color); return;
    case Mark::Frame:
        painter.setPen(QPen{color, 1});
        painter.drawRect(rect.adjusted(0.5, 3.5, -0.5, -3.5));
        return;
    case Mark::Line:
    case Mark::Dash:
        QPen pen{color, 2};
        if (entry.mark == Mark::Dash)
            pen.setDashPattern({2.5, 1.5});
        painter.setPen(pen);
        painter.drawLine(QPointF{rect.left(), middle.y()}, QPointF{rect.right(), middle.y()});
        return;
    }
}

} // namespace

Legend::Legend(QWidget* parent) : QWidget{parent}
{
    setFont(theme::fontOf(theme::Type::Caption));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void Legend::show(std::vector<LegendEntry> entries)
{
    m_entries = std::move(entries);
    updateGeometry();
    update();
}

QSize Legend::sizeHint() const
{
    double width = 0;
    for (const LegendEntry& entry : m_entries)
        width += kMark + kGap + std::ceil(QFontMetricsF{font()}.horizontalAdvance(entry.text)) + kBetween;
    return {static_cast<int>(std::max(0.0, width - kBetween)) + 1, theme::lineHeightOf(theme::Type::Caption)};
}

void Legend::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    double x = std::max(0, width() - sizeHint().width());
    for (const LegendEntry& entry : m_entries) {
        drawMark(painter, {x, (height() - kMark) / 2, kMark, kMark}, entry, theme);
        x += kMark + kGap;
        painter.setPen(theme[Role::Text2]);
        const double text = std::ceil(QFontMetricsF{font()}.horizontalAdvance(entry.text));
        painter.drawText(QRectF{x, 0, text + 2, height() * 1.0}, Qt::AlignLeft | Qt::AlignVCenter, entry.text);
        x += text + kBetween;
    }
}

} // namespace scr::charts
