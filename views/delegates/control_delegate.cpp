#include "delegates/control_delegate.h"

#include <QPainter>

#include "domain/control.h"
#include "tables/control_list_model.h"
#include "tables/roles.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/text_paint.h"

namespace scr::delegates {

namespace {

using tables::ControlListModel;
using theme::Role;
using theme::Type;

constexpr int kGlyphColumn = 44;
constexpr int kFirstLine = 3;
constexpr int kSecondLine = 21;
constexpr int kLineHeight = 18;

void drawHead(QPainter& painter, const QRect& rect, const QModelIndex& index, const theme::Theme& theme)
{
    painter.fillRect(rect, theme[Role::Window]);
    painter.fillRect(QRect{rect.left(), rect.bottom(), rect.width(), 1}, theme[Role::LineStrong]);
    painter.setFont(theme::fontOf(Type::DenseStrong));
    painter.setPen(theme[Role::Text]);
    painter.drawText(rect.adjusted(index.column() == 0 ? theme::kPanePadding : theme::kCellPadding, 0, 0, 0),
                     Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
}

void drawControl(QPainter& painter, const QRectF& cell, const QModelIndex& index, const theme::Theme& theme)
{
    const theme::Icon glyph =
        resultIcon(index.data(ControlListModel::StateRole).toInt(), index.data(ControlListModel::IsCheckedRole).toBool());
    const QRectF place{cell.left() + theme::kPanePadding, cell.center().y() - theme::kIcon / 2.0, theme::kIcon, theme::kIcon};
    theme::drawIcon(painter, place, glyph, theme[theme::roleOf(glyph)]);
    const QRectF text = cell.adjusted(kGlyphColumn, 0, -theme::kCellPadding, 0);
    painter.setFont(theme::fontOf(Type::Body));
    painter.setPen(theme[Role::Text]);
    theme::drawRuns(painter, {text.left(), text.top() + kFirstLine, text.width(), kLineHeight},
                    theme::runsOf(index.data().toString()), theme);
    painter.setFont(theme::fontOf(Type::Dense));
    painter.setPen(theme[Role::Text2]);
    theme::drawRuns(painter, {text.left(), text.top() + kSecondLine - 1, text.width(), kLineHeight},
                    theme::runsOf(index.data(tables::SecondLineRole).toString()), theme);
}

Role textRoleOf(theme::Icon glyph)
{
    switch (glyph) {
    case theme::Icon::Holds: return Role::OkText;
    case theme::Icon::Fails: return Role::DangerText;
    default: return Role::Text2;
    }
}

} // namespace

theme::Icon resultIcon(int state, bool isChecked)
{
    if (!isChecked)
        return theme::Icon::Off;
    switch (static_cast<domain::ControlState>(state)) {
    case domain::ControlState::Holds: return theme::Icon::Holds;
    case domain::ControlState::Fails: return theme::Icon::Fails;
    case domain::ControlState::Unknown: return theme::Icon::Unknown;
    }
    return theme::Icon::Unknown;
}

ControlDelegate::ControlDelegate(QAbstractItemView& view) : RowDelegate{view}
{
    setSelectionBar(true);
}

void ControlDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const theme::Theme& theme = themeFor(option);
    painter->save();
    painter->setClipRect(option.rect);
    if (index.data(ControlListModel::IsHeadRole).toBool()) {
        drawHead(*painter, option.rect, index, theme);
        painter->restore();
        return;
    }
    drawRow(*painter, option, index, theme);
    const QRectF cell = QRectF{option.rect}.adjusted(0, 0, 0, -1);
    const auto column = static_cast<ControlListModel::Column>(index.column());
    if (column == ControlListModel::Column::Control) {
        drawControl(*painter, cell, index, theme);
    } else {
        const bool isResult = column == ControlListModel::Column::Result;
        painter->setFont(theme::fontOf(Type::Dense));
        painter->setPen(theme[isResult && !index.data(ControlListModel::IsAcceptedRole).toBool()
                                  ? textRoleOf(resultIcon(index.data(ControlListModel::StateRole).toInt(),
                                                          index.data(ControlListModel::IsCheckedRole).toBool()))
                                  : Role::Text2]);
        painter->drawText(cell.adjusted(theme::kCellPadding, 0, isResult ? 0 : -theme::kPanePadding, 0),
                          (isResult ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, index.data().toString());
    }
    painter->restore();
}

QSize ControlDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return {RowDelegate::sizeHint(option, index).width(), index.data(ControlListModel::IsHeadRole).toBool() ? kHead : kRow};
}

} // namespace scr::delegates
