#include <algorithm>
#include <cmath>

#include <QFontMetrics>
#include <QPainter>
#include <QStyleOption>

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/style_paint.h"

namespace scr::theme::paint {

namespace {

constexpr int kTabPadding = 10;
constexpr int kTabCountGap = 4;
constexpr int kMenuRow = 26;
constexpr int kMenuIconColumn = 30;
constexpr int kMenuShortcutGap = 32;
constexpr int kSortArrow = 12;

/// "Votes\t32": a name and its count.
std::pair<QString, QString> tabParts(const QString& text)
{
    QString plain = text;
    plain.remove(QLatin1Char{'&'});
    const qsizetype tab = plain.indexOf(QLatin1Char{'\t'});
    return tab < 0 ? std::pair{plain, QString{}} : std::pair{plain.left(tab), plain.mid(tab + 1)};
}

int tabTextWidth(const QString& text)
{
    const auto [name, count] = tabParts(text);
    QFont strong = fontOf(Type::DenseStrong);
    int width = QFontMetrics{strong}.horizontalAdvance(name);
    if (!count.isEmpty())
        width += kTabCountGap + QFontMetrics{fontOf(Type::Dense)}.horizontalAdvance(count);
    return width;
}

std::pair<QString, QString> menuParts(const QString& text)
{
    const qsizetype tab = text.indexOf(QLatin1Char{'\t'});
    return tab < 0 ? std::pair{text, QString{}} : std::pair{text.left(tab), text.mid(tab + 1)};
}

void menuMark(QPainter& painter, const QStyleOptionMenuItem& option, const Theme& theme, bool enabled)
{
    const QRectF place(option.rect.left() + kGap, option.rect.top() + (option.rect.height() - kIcon) / 2.0, kIcon, kIcon);
    if (option.checkType != QStyleOptionMenuItem::NotCheckable) {
        if (option.checked)
            drawIcon(painter, place, Icon::Check, theme[enabled ? Role::Mark : Role::Disabled]);
        return;
    }
    if (!option.icon.isNull())
        option.icon.paint(&painter, place.toRect(), Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
}

} // namespace

void tab(QPainter& painter, const QStyleOptionTab& option)
{
    const Theme& theme = themeOf(option.palette);
    const bool active = option.state & QStyle::State_Selected;
    const bool enabled = option.state & QStyle::State_Enabled;
    const auto [name, count] = tabParts(option.text);
    const QRect inner = option.rect.adjusted(kTabPadding, 0, -kTabPadding, 0);
    const QFont font = fontOf(active ? Type::DenseStrong : Type::Dense);
    const bool hover = option.state & QStyle::State_MouseOver;
    painter.setFont(font);
    painter.setPen(theme[!enabled ? Role::Disabled : active || hover ? Role::Text : Role::Text2]);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter, name);
    if (!count.isEmpty()) {
        const int x = QFontMetrics{font}.horizontalAdvance(name) + kTabCountGap;
        painter.setFont(fontOf(Type::Dense));
        painter.setPen(theme[enabled ? Role::Text3 : Role::Disabled]);
        painter.drawText(inner.adjusted(x, 0, kTabPadding, 0), Qt::AlignLeft | Qt::AlignVCenter, count);
    }
    if (active)
        painter.fillRect(QRect{inner.left(), option.rect.bottom() - 1, tabTextWidth(option.text), 2}, theme[Role::Mark]);
    if (option.state & QStyle::State_HasFocus)
        ring(painter, QRectF{option.rect}.adjusted(2, 2, -2, -3), kTagRadius, theme[Role::Focus]);
}

QSize tabSize(const QStyleOptionTab& option)
{
    return {tabTextWidth(option.text) + 2 * kTabPadding, kTabs};
}

void headerSection(QPainter& painter, const QStyleOption& option)
{
    const Theme& theme = themeOf(option.palette);
    painter.fillRect(option.rect, theme[Role::Window]);
    painter.fillRect(QRect{option.rect.left(), option.rect.bottom(), option.rect.width(), 1}, theme[Role::LineStrong]);
}

void headerLabel(QPainter& painter, const QStyleOptionHeader& option)
{
    const Theme& theme = themeOf(option.palette);
    const QFont font = fontOf(Type::Header);
    const bool sorted = option.sortIndicator != QStyleOptionHeader::None;
    QRect inner = option.rect.adjusted(kCellPadding, 0, -kCellPadding, 0);
    if (sorted)
        inner.setRight(inner.right() - kSortArrow);
    const QFontMetrics metrics{font};
    const QString text = metrics.elidedText(option.text, Qt::ElideRight, inner.width());
    painter.setFont(font);
    painter.setPen(theme[option.state & QStyle::State_Enabled ? Role::Text2 : Role::Disabled]);
    QRect drawn;
    painter.drawText(inner, static_cast<int>(option.textAlignment) | Qt::AlignVCenter | Qt::TextSingleLine, text, &drawn);
    if (!sorted)
        return;
    const double x = drawn.right() + 3;
    const Icon arrow = option.sortIndicator == QStyleOptionHeader::SortDown ? Icon::ChevronUp : Icon::ChevronDown;
    drawIcon(painter, QRectF{x, option.rect.center().y() - kSortArrow / 2.0 + 0.5, kSortArrow, kSortArrow}, arrow,
             theme[Role::Text2]);
}

void menuPanel(QPainter& painter, const QStyleOption& option)
{
    const Theme& theme = themeOf(option.palette);
    painter.fillRect(option.rect, theme[Role::Raised]);
    painter.setPen(theme[Role::LineStrong]);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
}

void menuItem(QPainter& painter, const QStyleOptionMenuItem& option)
{
    const Theme& theme = themeOf(option.palette);
    if (option.menuItemType == QStyleOptionMenuItem::Separator) {
        painter.fillRect(QRect{option.rect.left(), option.rect.center().y(), option.rect.width(), 1}, theme[Role::Line]);
        return;
    }
    const bool enabled = option.state & QStyle::State_Enabled;
    if (enabled && option.state & QStyle::State_Selected)
        painter.fillRect(option.rect, theme[Role::Hover]);
    menuMark(painter, option, theme, enabled);
    const auto [name, shortcut] = menuParts(option.text);
    const QRect inner = option.rect.adjusted(kMenuIconColumn, 0, -kCellPadding - 4, 0);
    painter.setFont(fontOf(Type::Body));
    painter.setPen(theme[enabled ? Role::Text : Role::Disabled]);
    painter.drawText(inner, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextHideMnemonic, name);
    painter.setFont(fontOf(Type::Caption));
    painter.setPen(theme[enabled ? Role::Text3 : Role::Disabled]);
    painter.drawText(inner, Qt::AlignRight | Qt::AlignVCenter, shortcut);
    if (option.menuItemType == QStyleOptionMenuItem::SubMenu)
        drawIcon(painter, QRectF(option.rect.right() - 18, option.rect.center().y() - 6, 13, 13), Icon::ChevronRight,
                 theme[Role::Text2]);
}

QSize menuItemSize(const QStyleOptionMenuItem& option)
{
    if (option.menuItemType == QStyleOptionMenuItem::Separator)
        return {10, 9};
    const auto [name, shortcut] = menuParts(option.text);
    int width = kMenuIconColumn + QFontMetrics{fontOf(Type::Body)}.horizontalAdvance(name) + kCellPadding + 12;
    if (!shortcut.isEmpty())
        width += kMenuShortcutGap + QFontMetrics{fontOf(Type::Caption)}.horizontalAdvance(shortcut);
    return {width, kMenuRow};
}

void menuBarItem(QPainter& painter, const QStyleOptionMenuItem& option)
{
    const Theme& theme = themeOf(option.palette);
    const bool enabled = option.state & QStyle::State_Enabled;
    painter.fillRect(option.rect, theme[enabled && option.state & QStyle::State_Selected ? Role::Hover : Role::Window]);
    painter.setFont(fontOf(Type::Body));
    painter.setPen(theme[enabled ? Role::Text : Role::Disabled]);
    painter.drawText(option.rect, Qt::AlignCenter | Qt::TextShowMnemonic, option.text);
}

void groupBox(QPainter& painter, const QStyleOptionGroupBox& option)
{
    const Theme& theme = themeOf(option.palette);
    const QFont font = fontOf(Type::Section);
    const int line = lineHeightOf(Type::Section);
    painter.setFont(font);
    painter.setPen(theme[option.state & QStyle::State_Enabled ? Role::Text : Role::Disabled]);
    painter.drawText(QRect{option.rect.left(), option.rect.top(), option.rect.width(), line},
                     Qt::AlignLeft | Qt::AlignVCenter | Qt::TextHideMnemonic, option.text);
    const int x = option.rect.left() + QFontMetrics{font}.horizontalAdvance(QString{option.text}.remove(QLatin1Char{'&'})) + kGap;
    painter.fillRect(QRect{x, option.rect.top() + line / 2, std::max(0, option.rect.right() - x + 1), 1}, theme[Role::Line]);
}

void tip(QPainter& painter, const QStyleOption& option)
{
    painter.fillRect(option.rect, option.palette.color(QPalette::ToolTipBase));
}

} // namespace scr::theme::paint
