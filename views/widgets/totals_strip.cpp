#include "widgets/totals_strip.h"

#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/shaped_text.h"
#include "theme/text_paint.h"
#include "theme/theme.h"

namespace scr::widgets {

namespace {

using theme::Role;
using theme::Type;

constexpr int kHeight = 72;

} // namespace

TotalsStrip::TotalsStrip(QWidget* parent) : QWidget{parent}
{
    setFixedHeight(kHeight);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void TotalsStrip::show(std::vector<Total> totals)
{
    m_totals = std::move(totals);
    QStringList words;
    for (const Total& total : m_totals)
        words.append(QStringLiteral("%1 %2").arg(total.number, total.caption));
    setAccessibleName(words.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

QSize TotalsStrip::sizeHint() const
{
    return {static_cast<int>(m_totals.size()) * 160, kHeight};
}

QSize TotalsStrip::minimumSizeHint() const
{
    double width = 0;
    for (const Total& total : m_totals) {
        const double number = theme::cellsWidth(total.number, theme::fontOf(Type::Total));
        width += std::max(number, QFontMetricsF{theme::fontOf(Type::Dense)}.horizontalAdvance(total.caption)) +
                 2 * theme::kPanePadding;
    }
    return {static_cast<int>(std::ceil(width)), kHeight};
}

void TotalsStrip::paintEvent(QPaintEvent*)
{
    if (m_totals.empty())
        return;
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.fillRect(rect(), theme[Role::Base]);
    painter.fillRect(QRect{0, height() - 1, width(), 1}, theme[Role::Line]);
    const double cell = static_cast<double>(width()) / static_cast<double>(m_totals.size());
    for (std::size_t i = 0; i < m_totals.size(); ++i) {
        const double left = std::round(static_cast<double>(i) * cell);
        if (i > 0)
            painter.fillRect(QRectF{left, 0, 1, kHeight - 1.0}, theme[Role::Line]);
        const QRectF place{left + theme::kPanePadding, 10, cell - theme::kPanePadding - 4, 28};
        painter.setFont(theme::fontOf(Type::Total));
        painter.setPen(theme[Role::Text]);
        theme::drawCells(painter, place, Qt::AlignLeft, m_totals[i].number);
        painter.setFont(theme::fontOf(Type::Dense));
        painter.setPen(theme[Role::Text2]);
        const QString caption =
            QFontMetrics{painter.font()}.elidedText(m_totals[i].caption, Qt::ElideRight, static_cast<int>(place.width()));
        painter.drawText(place.translated(0, 30).adjusted(0, 0, 0, -8), Qt::AlignLeft | Qt::AlignVCenter, caption);
    }
}

} // namespace scr::widgets
