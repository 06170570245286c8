#include "delegates/queue_delegate.h"

#include <QCoreApplication>
#include <QPainter>

#include "delegates/cell_paint.h"
#include "domain/review.h"
#include "tables/flag_queue_model.h"
#include "tables/roles.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/shaped_text.h"
#include "theme/text_paint.h"

namespace scr::delegates {

namespace {

using tables::FlagQueueModel;
using theme::Role;
using theme::Type;

constexpr int kFirstLine = 4;
constexpr int kSecondLine = 22;
constexpr int kLineHeight = 18;
constexpr int kTwoLineRow = 42;
constexpr int kGlyph = 13;
constexpr int kAvatar = 16;

Role roleOf(domain::FlagState state)
{
    switch (state) {
    case domain::FlagState::Open: return Role::Text;
    case domain::FlagState::Confirmed: return Role::WarningText;
    case domain::FlagState::Dismissed:
    case domain::FlagState::Snoozed: return Role::Text3;
    case domain::FlagState::Voided: return Role::OkText;
    }
    return Role::Text;
}

void drawTwoLines(QPainter& painter, const QRectF& cell, const QModelIndex& index, const theme::Theme& theme, bool enabled)
{
    const QRectF inner = cell.adjusted(0, 0, -theme::kCellPadding, 0);
    painter.setFont(theme::fontOf(Type::Body));
    painter.setPen(theme[enabled ? Role::Text : Role::Disabled]);
    const QString second = index.data(tables::SecondLineRole).toString();
    const double first = second.isEmpty() ? (cell.height() - kLineHeight) / 2 : kFirstLine;
    theme::drawRuns(painter, {inner.left(), inner.top() + first, inner.width(), kLineHeight},
                    theme::runsOf(index.data().toString()), theme);
    painter.setFont(theme::fontOf(Type::Dense));
    painter.setPen(theme[enabled ? Role::Text2 : Role::Disabled]);
    theme::drawRuns(painter, {inner.left(), inner.top() + kSecondLine - 1, inner.width(), kLineHeight}, theme::runsOf(second),
                    theme);
}

void drawSeverity(QPainter& painter, const QRectF& cell, const QModelIndex& index, const theme::Theme& theme)
{
    const theme::Icon glyph = severityIcon(index.data(tables::SeverityRole).toInt());
    const QRectF place{cell.left() + 15, cell.center().y() - kGlyph / 2.0, kGlyph, kGlyph};
    theme::drawIcon(painter, place, glyph, theme[theme::roleOf(glyph)]);
}

} // namespace

QueueDelegate::QueueDelegate(QAbstractItemView& view) : RowDelegate{view}
{
    setSelectionBar(true);
}

void QueueDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const theme::Theme& theme = themeFor(option);
    const bool enabled = option.state & QStyle::State_Enabled;
    const QRectF cell = QRectF{option.rect}.adjusted(0, 0, 0, -1);
    painter->save();
    painter->setClipRect(option.rect);
    drawRow(*painter, option, index, theme);
    switch (static_cast<FlagQueueModel::Column>(index.column())) {
    case FlagQueueModel::Column::Severity: drawSeverity(*painter, cell, index, theme); break;
    case FlagQueueModel::Column::Subject: drawTwoLines(*painter, cell, index, theme, enabled); break;
    case FlagQueueModel::Column::Votes:
        painter->setFont(theme::fontOf(Type::Body));
        painter->setPen(theme[enabled ? Role::Text : Role::Disabled]);
        theme::drawCells(*painter, cell.adjusted(0, 0, -theme::kCellPadding, 0), Qt::AlignRight,
                         numberCellText(index.data(tables::NumberRole), false));
        break;
    case FlagQueueModel::Column::RankImpact:
        drawImpact(*painter, cell, index.data(tables::ImpactRole).value<tables::Impact>(), theme);
        break;
    case FlagQueueModel::Column::Age:
        painter->setFont(theme::fontOf(Type::Dense));
        painter->setPen(theme[enabled ? Role::Text2 : Role::Disabled]);
        theme::drawCells(*painter, cell.adjusted(0, 0, -theme::kCellPadding, 0), Qt::AlignRight, index.data().toString());
        break;
    case FlagQueueModel::Column::State: paintState(*painter, option, index, theme); break;
    case FlagQueueModel::Column::Count: break;
    }
    painter->restore();
}

void QueueDelegate::paintState(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                               const theme::Theme& theme) const
{
    const auto state = static_cast<domain::FlagState>(index.data(tables::FlagStateRole).toInt());
    const QString actor = index.data(tables::ActorRole).toString();
    const QRectF cell = QRectF{option.rect}.adjusted(theme::kCellPadding, 0, -4, -1);
    const double first = actor.isEmpty() ? (cell.height() - kLineHeight) / 2 : kFirstLine;
    painter.setFont(theme::fontOf(Type::Dense));
    painter.setPen(theme[option.state & QStyle::State_Enabled ? roleOf(state) : Role::Disabled]);
    painter.drawText(QRectF{cell.left(), cell.top() + first, cell.width(), kLineHeight}, Qt::AlignLeft | Qt::AlignVCenter,
                     index.data().toString());
    if (actor.isEmpty())
        return;
    const bool isYou = actor == m_login;
    theme::drawAvatar(painter, {cell.left(), cell.top() + kSecondLine, kAvatar, kAvatar}, theme::initialsOf(actor), isYou, theme);
    painter.setFont(theme::fontOf(Type::Dense));
    painter.setPen(theme[Role::Text2]);
    const QRectF place{cell.left() + kAvatar + 4, cell.top() + kSecondLine - 1, cell.width() - kAvatar - 4, kLineHeight};
    const QString who = isYou ? QCoreApplication::translate("QueueDelegate", "you") : actor;
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(who, Qt::ElideRight, static_cast<int>(place.width())));
}

QSize QueueDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return {RowDelegate::sizeHint(option, index).width(), theme::kQueueRow};
}

TwoLineDelegate::TwoLineDelegate(QAbstractItemView& view, int subjectColumn) : RowDelegate{view}, m_subjectColumn{subjectColumn}
{
    setSelectionBar(true);
}

void TwoLineDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const theme::Theme& theme = themeFor(option);
    const bool enabled = option.state & QStyle::State_Enabled;
    const QRectF cell = QRectF{option.rect}.adjusted(0, 0, 0, -1);
    painter->save();
    painter->setClipRect(option.rect);
    drawRow(*painter, option, index, theme);
    if (index.column() == m_subjectColumn)
        drawTwoLines(*painter, cell.adjusted(index.column() == 0 ? theme::kPanePadding : theme::kCellPadding, 0, 0, 0), index,
                     theme, enabled);
    else
        drawCell(*painter, cell, index, theme, enabled);
    painter->restore();
}

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return {RowDelegate::sizeHint(option, index).width(), kTwoLineRow};
}

} // namespace scr::delegates
