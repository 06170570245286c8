#include "widgets/slope_pane.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/shaped_text.h"
#include "theme/text_paint.h"
#include "theme/theme.h"
#include "theme/tooltip.h"
#include "widgets/untrusted_label.h"

namespace scr::widgets {

namespace {

using domain::ScoreChange;
using theme::Role;
using theme::Type;

constexpr int kHead = 32;
constexpr int kRow = 26;
constexpr int kGap = 6; // before the places beyond the top
constexpr int kRank = 24;
constexpr int kTitleX = 36;
constexpr int kScore = 64;
constexpr int kMove = 48;
constexpr int kLeastJoin = 96;

Role roleOf(Movement movement)
{
    switch (movement) {
    case Movement::Struck: return Role::SeriesFlagged;
    case Movement::Rises: return Role::Link;
    case Movement::Stays:
    case Movement::Falls: break;
    }
    return Role::Dimmed;
}

QString rankText(std::int64_t rank)
{
    return theme::numberText(static_cast<double>(rank));
}

} // namespace

struct SlopePane::Geometry {
    QRectF before;
    QRectF join;
    QRectF after;
};

SlopePane::SlopePane(QWidget* parent) : QWidget{parent}, m_beforeCaption{tr("Before")}, m_afterCaption{tr("After")}
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SlopePane::show(std::vector<ScoreChange> leaders, int top)
{
    m_leaders = std::move(leaders);
    m_layout = layoutOf(m_leaders, top);
    QStringList words;
    for (const ScoreChange& change : m_leaders) {
        if (change.rankBefore != change.rankAfter)
            words.append(tr("%1 from %2 to %3").arg(shownOf(change.title)).arg(change.rankBefore).arg(change.rankAfter));
    }
    setAccessibleName(tr("Ranks before and after"));
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

void SlopePane::setCaptions(const QString& before, const QString& after)
{
    m_beforeCaption = before;
    m_afterCaption = after;
    update();
}

QSize SlopePane::sizeHint() const
{
    return {720, kHead + m_layout.rows * kRow + kGap + 2};
}

QSize SlopePane::minimumSizeHint() const
{
    return {480, sizeHint().height()};
}

SlopePane::Geometry SlopePane::geometryOf() const
{
    const double inner = width() - 2.0 * theme::kPanePadding;
    const double join = std::max<double>(kLeastJoin, inner * 0.165);
    const double before = std::floor((inner - join - kMove) / 2);
    const double left = theme::kPanePadding;
    return {{left, 0, before, height() * 1.0},
            {left + before, 0, join, height() * 1.0},
            {left + before + join, 0, before + kMove, height() * 1.0}};
}

int SlopePane::yOf(const SlopePlace& place) const
{
    return kHead + place.slot * kRow + (place.afterGap ? kGap : 0);
}

void SlopePane::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.fillRect(rect(), theme::themeOf(palette())[Role::Base]);
    const Geometry at = geometryOf();
    paintHead(painter, at);
    paintBefore(painter, at);
    paintAfter(painter, at);
    paintLines(painter, at);
}

void SlopePane::paintHead(QPainter& painter, const Geometry& at) const
{
    const theme::Theme& theme = theme::themeOf(palette());
    painter.setFont(theme::fontOf(Type::Header));
    painter.setPen(theme[Role::Text2]);
    const QRectF before{at.before.left(), 0, at.before.width() - 8, kHead};
    const QRectF after{at.after.left(), 0, at.after.width() - kMove - 8, kHead};
    const QRectF move{at.after.right() - kMove, 0, kMove - 8, kHead};
    painter.drawText(before, Qt::AlignLeft | Qt::AlignVCenter, m_beforeCaption);
    painter.drawText(before, Qt::AlignRight | Qt::AlignVCenter, tr("Score"));
    painter.drawText(after, Qt::AlignLeft | Qt::AlignVCenter, m_afterCaption);
    painter.drawText(after, Qt::AlignRight | Qt::AlignVCenter, tr("Score"));
    painter.drawText(move, Qt::AlignRight | Qt::AlignVCenter, tr("Move"));
}

/// Rank, title and score of one row; what both columns share.
static void paintPlace(QPainter& painter, const QRectF& row, std::int64_t rank, double score, const ScoreChange& change,
                       bool strong, const theme::Theme& theme)
{
    painter.setFont(theme::fontOf(Type::Dense));
    painter.setPen(theme[Role::Text2]);
    theme::drawCells(painter, QRectF{row.left(), row.top(), kRank, row.height()}, Qt::AlignRight, rankText(rank));
    theme::drawCells(painter, QRectF{row.right() - kScore, row.top(), kScore - 8, row.height()}, Qt::AlignRight,
                     theme::numberText(score));
    painter.setFont(theme::fontOf(strong ? Type::DenseStrong : Type::Dense));
    painter.setPen(theme[Role::Text]);
    const QRectF title{row.left() + kTitleX, row.top(), row.width() - kTitleX - kScore, row.height()};
    theme::drawRuns(painter, title, theme::runsOf(shownOf(change.title)), theme);
}

void SlopePane::paintBefore(QPainter& painter, const Geometry& at) const
{
    const theme::Theme& theme = theme::themeOf(palette());
    for (const SlopePlace& place : m_layout.before) {
        const ScoreChange& change = m_leaders[place.change];
        const bool struck = movementOf(change) == Movement::Struck;
        const QRectF row{at.before.left(), static_cast<double>(yOf(place)), at.before.width(), kRow};
        if (struck)
            painter.fillRect(row, theme[Role::WarningSoft]);
        paintPlace(painter, row, change.rankBefore, change.scoreBefore, change, struck, theme);
        painter.fillRect(QRectF{row.left(), row.bottom() - 1, row.width(), 1}, theme[Role::Line]);
    }
}

void SlopePane::paintAfter(QPainter& painter, const Geometry& at) const
{
    const theme::Theme& theme = theme::themeOf(palette());
    for (const SlopePlace& place : m_layout.after) {
        const ScoreChange& change = m_leaders[place.change];
        const Movement movement = movementOf(change);
        const bool enters = movement == Movement::Rises && !place.afterGap && change.rankBefore > m_layout.rows - 1;
        const QRectF row{at.after.left(), static_cast<double>(yOf(place)), at.after.width(), kRow};
        if (enters)
            painter.fillRect(row, theme[Role::InfoSoft]);
        paintPlace(painter, row.adjusted(0, 0, -kMove, 0), change.rankAfter, change.scoreAfter, change,
                   enters || movement == Movement::Struck, theme);
        painter.fillRect(QRectF{row.left(), row.bottom() - 1, row.width(), 1}, theme[Role::Line]);
        const std::int64_t move = change.rankBefore - change.rankAfter;
        painter.setFont(theme::fontOf(Type::Dense));
        painter.setPen(theme[move == 0 ? Role::Text3 : move > 0 ? Role::Link : Role::WarningText]);
        const QString text = move == 0
                                 ? QStringLiteral("–")
                                 : QStringLiteral("%1 %2").arg(move > 0 ? QChar{0x25B2} : QChar{0x25BC}).arg(std::abs(move));
        theme::drawCells(painter, QRectF{row.right() - kMove, row.top(), kMove - 8, row.height()}, Qt::AlignRight, text);
    }
}

void SlopePane::paintLines(QPainter& painter, const Geometry& at) const
{
    const theme::Theme& theme = theme::themeOf(palette());
    painter.setRenderHint(QPainter::Antialiasing);
    const double left = at.join.left() + 8;
    const double right = at.join.right() - 8;
    for (const bool lit : {false, true}) {
        for (const SlopePlace& before : m_layout.before) {
            const auto after = std::find_if(m_layout.after.begin(), m_layout.after.end(),
                                            [&](const SlopePlace& one) { return one.change == before.change; });
            const Movement movement = movementOf(m_leaders[before.change]);
            const bool enters = before.afterGap && movement == Movement::Rises;
            const bool isLit = movement == Movement::Struck || enters;
            if (after == m_layout.after.end() || isLit != lit)
                continue;
            const QPointF from{left, yOf(before) + kRow / 2.0};
            const QPointF to{right, yOf(*after) + kRow / 2.0};
            painter.setPen(QPen{theme[isLit ? roleOf(movement) : Role::Dimmed], isLit ? 2.0 : 1.0});
            painter.drawLine(from, to);
            if (movement == Movement::Struck) {
                const double angle = std::atan2(to.y() - from.y(), to.x() - from.x());
                for (const double side : {-0.5, 0.5})
                    painter.drawLine(to, to - 8.0 * QPointF{std::cos(angle + side), std::sin(angle + side)});
            }
        }
    }
}

bool SlopePane::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const Geometry at = geometryOf();
    const auto& column = help->pos().x() < at.join.center().x() ? m_layout.before : m_layout.after;
    for (const SlopePlace& place : column) {
        if (help->pos().y() >= yOf(place) && help->pos().y() < yOf(place) + kRow)
            QToolTip::showText(help->globalPos(), theme::plainTip(shownOf(m_leaders[place.change].title)), this);
    }
    return true;
}

} // namespace scr::widgets
