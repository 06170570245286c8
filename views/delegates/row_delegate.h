#pragma once

#include <QPersistentModelIndex>
#include <QStyledItemDelegate>

#include "theme/theme.h"

class QAbstractItemView;

namespace scr::delegates {

/// What all our rows share: fills for hover and selection, the line below, the lines of a current row, whole-row hover.
class RowDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit RowDelegate(QAbstractItemView& view);

    void setSelectionBar(bool shown) { m_bar = shown; } ///< in lists that drive a detail pane
    [[nodiscard]] int hoverRow() const noexcept { return m_hoverRow; }

    /// Shows what the model says as it stands: cells hold titles, labels and reasons that strangers wrote.
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    /// Draws what lies behind the cell's content.
    void drawRow(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                 const theme::Theme& theme) const;
    [[nodiscard]] static const theme::Theme& themeFor(const QStyleOptionViewItem& option);

private:
    void setHoverRow(int row);
    void followCurrent(); ///< a view draws but one cell anew of the row that was current, and our lines go along all of it

    QAbstractItemView& m_view;
    QWidget* m_viewport;
    int m_hoverRow = -1;
    int m_currentRow = -1;
    bool m_bar{};
};

} // namespace scr::delegates
