#pragma once

#include "delegates/row_delegate.h"

namespace scr::delegates {

/// Rows of 24 px. What a cell is follows from its roles: a number (equal digit cells), an impact, a key (mono) or text with boxed
/// hidden characters, in the colour of its meaning.
class DenseDelegate : public RowDelegate {
    Q_OBJECT
public:
    explicit DenseDelegate(QAbstractItemView& view);
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace scr::delegates
