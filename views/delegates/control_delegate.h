#pragma once

#include "delegates/row_delegate.h"
#include "theme/icons.h"

namespace scr::delegates {

/// The icon of a control's result; of one that was not checked a dash.
[[nodiscard]] theme::Icon resultIcon(int state, bool isChecked);

/// Rows of the list of controls: the heads of groups, and two lines for each control.
class ControlDelegate : public RowDelegate {
    Q_OBJECT
public:
    explicit ControlDelegate(QAbstractItemView& view);
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

    static constexpr int kHead = 28;
    static constexpr int kRow = 42;
};

} // namespace scr::delegates
