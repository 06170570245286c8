#include "delegates/row_delegate.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include "theme/metrics.h"
#include "theme/tooltip.h"

namespace scr::delegates {

using theme::Role;

RowDelegate::RowDelegate(QAbstractItemView& view) : QStyledItemDelegate{&view}, m_view{view}, m_viewport{view.viewport()}
{
    view.setMouseTracking(true);
    m_viewport->setMouseTracking(true);
    m_viewport->installEventFilter(this);
}

bool RowDelegate::eventFilter(QObject* watched, QEvent* event)
{
    // Only the view's viewport is hovered; an editor's events belong to the base class.
    if (watched != m_viewport) // not asked of the view, which may be half destroyed by now
        return QStyledItemDelegate::eventFilter(watched, event);
    if (event->type() == QEvent::MouseMove)
        setHoverRow(m_view.indexAt(static_cast<QMouseEvent*>(event)->position().toPoint()).row());
    else if (event->type() == QEvent::Leave || event->type() == QEvent::Wheel)
        setHoverRow(-1);
    else if (event->type() == QEvent::Paint)
        followCurrent();
    return false;
}

void RowDelegate::followCurrent()
{
    const int row = m_view.currentIndex().row();
    if (row == m_currentRow)
        return;
    m_currentRow = row;
    m_viewport->update();
}

void RowDelegate::setHoverRow(int row)
{
    if (row == m_hoverRow)
        return;
    m_hoverRow = row;
    m_viewport->update();
}

bool RowDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                            const QModelIndex& index)
{
    if (event->type() != QEvent::ToolTip)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    QToolTip::showText(event->globalPos(), theme::plainTip(index.data(Qt::ToolTipRole).toString()), view, option.rect);
    return true;
}

const theme::Theme& RowDelegate::themeFor(const QStyleOptionViewItem& option)
{
    return theme::themeOf(option.palette);
}

void RowDelegate::drawRow(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index,
                          const theme::Theme& theme) const
{
    const bool focused = m_view.hasFocus();
    const bool selected = option.state & QStyle::State_Selected;
    const bool current = m_view.currentIndex().row() == index.row();
    QColor fill = theme[Role::Base];
    if (selected)
        fill = theme[focused ? Role::Selection : Role::SelectionInactive];
    else if (index.row() == m_hoverRow)
        fill = theme[Role::Hover];
    painter.fillRect(option.rect, fill);
    painter.fillRect(QRect{option.rect.left(), option.rect.bottom(), option.rect.width(), 1}, theme[Role::Line]);
    if (current && focused && !selected) {
        painter.fillRect(QRect{option.rect.left(), option.rect.top(), option.rect.width(), 1}, theme[Role::Focus]);
        painter.fillRect(QRect{option.rect.left(), option.rect.bottom(), option.rect.width(), 1}, theme[Role::Focus]);
    }
    if (selected && m_bar && option.rect.left() <= 0)
        painter.fillRect(QRect{option.rect.left(), option.rect.top(), theme::kSelectionBar, option.rect.height() - 1},
                         theme[Role::Mark]);
}

} // namespace scr::delegates
