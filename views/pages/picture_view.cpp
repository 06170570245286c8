#include "pages/picture_view.h"

#include <cmath>

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include "tables/cell_text.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/theme.h"

namespace scr::pages {

namespace {

constexpr int kCaptionHeight = 40;

theme::Role roleOf(report::Ink ink)
{
    switch (ink) {
    case report::Ink::Text: return theme::Role::Text;
    case report::Ink::Axis: return theme::Role::LineStrong;
    case report::Ink::Grid: return theme::Role::Grid;
    case report::Ink::Band: return theme::Role::Band;
    case report::Ink::Normal: return theme::Role::SeriesNormal;
    case report::Ink::Flagged: return theme::Role::SeriesFlagged;
    case report::Ink::Muted: return theme::Role::Text2;
    case report::Ink::Threshold: return theme::Role::SeriesHolds;
    }
    return theme::Role::Text;
}

} // namespace

PictureView::PictureView(QWidget* parent) : QWidget{parent}
{
    setMinimumHeight(1);
}

void PictureView::show(report::Picture picture)
{
    m_picture = std::move(picture);
    setAccessibleName(tr("Evidence"));
    setAccessibleDescription(tables::shown(m_picture.caption));
    update();
}

int PictureView::heightNeeded() const
{
    return static_cast<int>(std::ceil(m_picture.height)) + kCaptionHeight;
}

void PictureView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        update();
}

/// Stretched in width only: heights are those of rows of text.
void PictureView::paintEvent(QPaintEvent* /*event*/)
{
    if (m_picture.empty())
        return;
    QPainter painter{this};
    const theme::Theme& colors = theme::themeOf(palette());
    const double left = theme::kPanePadding;
    const double scale = (width() - 2.0 * theme::kPanePadding) / m_picture.width;
    const auto x = [&](double at) { return left + at * scale; };
    for (const auto& line : m_picture.lines) {
        painter.setPen(QPen{colors[roleOf(line.ink)], 1, line.dashed ? Qt::DashLine : Qt::SolidLine});
        painter.drawLine(QPointF{x(line.x1), line.y1}, QPointF{x(line.x2), line.y2});
    }
    for (const auto& box : m_picture.boxes)
        painter.fillRect(QRectF{x(box.x), box.y, box.width * scale, box.height}, colors[roleOf(box.ink)]);
    painter.setFont(theme::fontOf(theme::Type::Caption));
    const QFontMetrics metrics{painter.font()};
    for (const auto& label : m_picture.labels) {
        const QString text = tables::shown(label.text);
        const double advance = metrics.horizontalAdvance(text);
        const double share = label.anchor == report::Anchor::Start ? 0 : label.anchor == report::Anchor::Middle ? 0.5 : 1;
        painter.setPen(colors[roleOf(label.ink)]);
        painter.drawText(QPointF{x(label.x) - advance * share, label.y}, text);
    }
    painter.setPen(colors[theme::Role::Text2]);
    const QRectF caption{left, m_picture.height + 4, width() - 2 * left, kCaptionHeight - 6.0};
    painter.drawText(caption, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, tables::shown(m_picture.caption));
}

} // namespace scr::pages
