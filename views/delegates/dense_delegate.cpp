#include "delegates/dense_delegate.h"

#include <QPainter>

#include "delegates/cell_paint.h"
#include "theme/metrics.h"

namespace scr::delegates {

DenseDelegate::DenseDelegate(QAbstractItemView& view) : RowDelegate{view} {}

void DenseDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const theme::Theme& theme = themeFor(option);
    painter->save();
    painter->setClipRect(option.rect);
    drawRow(*painter, option, index, theme);
    drawCell(*painter, QRectF{option.rect}.adjusted(0, 0, 0, -1), index, theme, option.state & QStyle::State_Enabled);
    painter->restore();
}

QSize DenseDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    return {RowDelegate::sizeHint(option, index).width() + 2 * theme::kCellPadding, theme::kDenseRow};
}

} // namespace scr::delegates
