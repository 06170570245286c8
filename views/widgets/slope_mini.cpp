#include <algorithm>

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/shaped_text.h"
#include "theme/text_paint.h"
#include "theme/theme.h"
#include "theme/tooltip.h"
#include "widgets/slope_pane.h"
#include "widgets/untrusted_label.h"

namespace scr::widgets {

namespace {

using domain::ScoreChange;
using theme::Role;
using theme::Type;

constexpr int kHead = 34;
constexpr int kRow = 22;
constexpr double kLeftAxis = 140.0 / 372.0;
constexpr double kRightAxis = 222.0 / 372.0;
constexpr int kRankWidth = 26;

} // namespace

SlopeMini::SlopeMini(QWidget* parent) : QWidget{parent}, m_with{tr("With")}, m_without{tr("Without")}
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SlopeMini::show(std::vector<ScoreChange> leaders, int top)
{
    m_leaders = std::move(leaders);
    m_layout = layoutOf(m_leaders, top);
    QStringList words;
    for (const ScoreChange& change : m_leaders) {
        if (movementOf(change) == Movement::Struck)
            words.append(tr("%1 from %2 to %3").arg(shownOf(change.title)).arg(change.rankBefore).arg(change.rankAfter));
    }
    setAccessibleName(tr("Ranks with and without flagged votes"));
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

void SlopeMini::setCaptions(const QString& with, const QString& moment, const QString& without)
{
    m_with = with;
    m_moment = moment;
    m_without = without;
    update();
}

QSize SlopeMini::sizeHint() const
{
    return {388, kHead + std::max(m_layout.rows, 1) * kRow + 8};
}

QSize SlopeMini::minimumSizeHint() const
{
    return {280, sizeHint().height()};
}

double SlopeMini::yOf(const SlopePlace& place) const
{
    return kHead + (place.slot + 0.5) * kRow;
}

void SlopeMini::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.fillRect(rect(), theme[Role::Base]);
    painter.setFont(theme::fontOf(Type::Header));
    painter.setPen(theme[Role::Text2]);
    const double left = width() * kLeftAxis;
    const double right = width() * kRightAxis;
    painter.drawText(QRectF{0, 0, left - kRankWidth, kHead}, Qt::AlignRight | Qt::AlignVCenter, m_with);
    painter.drawText(QRectF{left - 40, 0, right - left + 80, kHead}, Qt::AlignCenter, m_moment);
    painter.drawText(QRectF{right + kRankWidth + 24, 0, width() - right, kHead}, Qt::AlignLeft | Qt::AlignVCenter, m_without);
    paintSide(painter, m_layout.before, true);
    paintSide(painter, m_layout.after, false);
    paintLines(painter);
}

void SlopeMini::paintSide(QPainter& painter, const std::vector<SlopePlace>& places, bool left) const
{
    const theme::Theme& theme = theme::themeOf(palette());
    const double axis = width() * (left ? kLeftAxis : kRightAxis);
    for (const SlopePlace& place : places) {
        const ScoreChange& change = m_leaders[place.change];
        const bool struck = movementOf(change) == Movement::Struck;
        const double top = yOf(place) - kRow / 2.0;
        const QRectF text = left
                                ? QRectF{theme::kPanePadding, top, axis - kRankWidth - theme::kPanePadding - 2, kRow}
                                : QRectF{axis + kRankWidth + 2, top, width() - axis - kRankWidth - 4 - theme::kPanePadding, kRow};
        painter.setFont(theme::fontOf(struck ? Type::CaptionStrong : Type::Caption));
        if (struck && !left && place.afterGap) {
            painter.setPen(theme[Role::WarningText]);
            const QString words = QStringLiteral("#%1 \u2068%2\u2069")
                                      .arg(theme::numberText(static_cast<double>(change.rankAfter)), shownOf(change.title));
            theme::drawRuns(painter, text.adjusted(-16, 0, 0, 0), theme::runsOf(words), theme);
            continue;
        }
        if (place.afterGap)
            continue;
        painter.setPen(theme[struck ? Role::Text : Role::Text2]);
        const auto runs = theme::runsOf(shownOf(change.title));
        const double used = std::min(theme::widthOf(runs, painter.font()), text.width());
        theme::drawRuns(painter, left ? text.adjusted(text.width() - used, 0, 0, 0) : text, runs, theme);
        painter.setFont(theme::fontOf(Type::Caption));
        const QString rank = QString::number(left ? change.rankBefore : change.rankAfter);
        const QRectF place2 =
            left ? QRectF{axis - kRankWidth, top, kRankWidth - 8.0, kRow} : QRectF{axis + 4, top, kRankWidth - 8.0, kRow};
        theme::drawCells(painter, place2, Qt::AlignRight, rank);
    }
}

void SlopeMini::paintLines(QPainter& painter) const
{
    const theme::Theme& theme = theme::themeOf(palette());
    painter.setRenderHint(QPainter::Antialiasing);
    const double left = width() * kLeftAxis;
    const double right = width() * kRightAxis;
    for (const bool lit : {false, true}) {
        for (const SlopePlace& before : m_layout.before) {
            const auto after = std::find_if(m_layout.after.begin(), m_layout.after.end(),
                                            [&](const SlopePlace& one) { return one.change == before.change; });
            const Movement movement = movementOf(m_leaders[before.change]);
            const bool enters = before.afterGap && movement == Movement::Rises;
            const bool struck = movement == Movement::Struck;
            if (after == m_layout.after.end() || (struck || enters) != lit)
                continue;
            const QColor color = theme[struck ? Role::SeriesFlagged : enters ? Role::SeriesNormal : Role::Dimmed];
            painter.setPen(QPen{color, lit ? 1.8 : 1.0});
            painter.drawLine(QPointF{left, yOf(before)}, QPointF{right, yOf(*after)});
            painter.setPen(Qt::NoPen);
            painter.setBrush(color);
            painter.drawEllipse(QPointF{left, yOf(before)}, 2, 2);
            painter.drawEllipse(QPointF{right, yOf(*after)}, 2, 2);
        }
    }
}

bool SlopeMini::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto& column = help->pos().x() < width() / 2 ? m_layout.before : m_layout.after;
    for (const SlopePlace& place : column) {
        if (std::abs(help->pos().y() - yOf(place)) < kRow / 2.0)
            QToolTip::showText(help->globalPos(), theme::plainTip(shownOf(m_leaders[place.change].title)), this);
    }
    return true;
}

} // namespace scr::widgets
