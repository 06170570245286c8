#include "widgets/nav_item.h"

#include <QFontMetrics>
#include <QPainter>

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/shaped_text.h"
#include "theme/text_paint.h"
#include "theme/tooltip.h"

namespace scr::widgets {

namespace {

using theme::Role;
using theme::Type;

constexpr int kRow = 32;
constexpr int kInset = 8;
constexpr int kIconX = 16;
constexpr int kTextX = 40;
constexpr int kEnd = 17;

} // namespace

NavItem::NavItem(QString id, theme::Icon icon, const QString& name, QWidget* parent) :
    QAbstractButton{parent}, m_id{std::move(id)}, m_icon{icon}
{
    setText(name);
    setFixedHeight(kRow);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    tell();
}

void NavItem::setCount(int count, bool failing)
{
    m_count = count;
    m_failing = failing;
    tell();
    update();
}

void NavItem::setKeyHint(const QString& hint)
{
    m_hint = hint;
    tell();
}

void NavItem::setInitials(const QString& initials)
{
    m_initials = initials;
    update();
}

void NavItem::setCompact(bool compact)
{
    m_compact = compact;
    tell();
    update();
}

/// Name and count in words; as a tooltip only where the row shows no text.
void NavItem::tell()
{
    QString words = text();
    if (m_count >= 0)
        words += m_failing ? tr(", %1 fail").arg(m_count) : QStringLiteral(", %1").arg(m_count);
    setAccessibleName(words);
    setToolTip(m_compact ? theme::plainTip(words) : QString{});
}

QSize NavItem::sizeHint() const
{
    return {m_compact ? theme::kRailCompact : theme::kRail, kRow};
}

void NavItem::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF fill = QRectF{rect()}.adjusted(kInset, 0.5, -kInset, -0.5);
    painter.setPen(Qt::NoPen);
    if (isChecked() || isDown() || underMouse()) {
        painter.setBrush(theme[isChecked() ? Role::Selection : Role::Press]);
        painter.drawRoundedRect(fill, theme::kRadius, theme::kRadius);
    }
    if (isChecked())
        painter.fillRect(QRectF(0, 4, theme::kSelectionBar, height() - 8), theme[Role::Mark]);
    const QRectF icon(m_compact ? (width() - theme::kIcon) / 2.0 : kIconX, (height() - theme::kIcon) / 2.0, theme::kIcon,
                      theme::kIcon);
    if (m_initials.isEmpty())
        theme::drawIcon(painter, icon, m_icon, theme[isChecked() ? Role::Mark : Role::Text2]);
    else
        theme::drawAvatar(painter, icon.adjusted(-2, -2, 2, 2), m_initials, false, theme);
    if (!m_compact)
        paintEnd(painter, theme);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen{theme[Role::Focus], 2});
        painter.drawRoundedRect(fill.adjusted(1, 1, -1, -1), theme::kRadius, theme::kRadius);
    }
}

void NavItem::paintEnd(QPainter& painter, const theme::Theme& theme) const
{
    int right = width() - kEnd;
    painter.setFont(theme::fontOf(Type::Caption));
    if (!m_hint.isEmpty()) {
        const QSizeF size = theme::keyHintSize(m_hint);
        theme::drawKeyHint(painter, QRectF(right - size.width() + 2, 0, size.width(), height()), m_hint, theme[Role::Text2],
                           theme[Role::LineStrong]);
        right -= static_cast<int>(size.width()) + 4;
    } else if (m_count >= 0) {
        const QString count = theme::numberText(m_count);
        const double width = theme::cellsWidth(count, painter.font());
        painter.setPen(theme[m_failing ? Role::DangerText : Role::Text2]);
        theme::drawCells(painter, QRectF(0, 0, right, height()), Qt::AlignRight, count);
        if (m_failing)
            theme::drawIcon(painter, QRectF(right - width - 14, (height() - 12) / 2.0, 12, 12), theme::Icon::Fails,
                            theme[Role::DangerFill]);
        right -= static_cast<int>(width) + (m_failing ? 16 : 4);
    }
    painter.setFont(theme::fontOf(isChecked() ? Type::Section : Type::Body));
    painter.setPen(theme[isChecked() ? Role::Text : Role::Text2]);
    const QString name = QFontMetrics{painter.font()}.elidedText(text(), Qt::ElideRight, right - kTextX);
    painter.drawText(QRect{kTextX, 0, right - kTextX + 2, height()}, Qt::AlignLeft | Qt::AlignVCenter, name);
}

} // namespace scr::widgets
