#include "widgets/chip.h"

#include <cmath>

#include <QFontMetricsF>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/tooltip.h"

namespace scr::widgets {

namespace {

using theme::Role;

constexpr int kHeight = 20;
constexpr int kPadding = 6;
constexpr int kCross = 14;

QFont valueFont()
{
    return theme::fontOf(theme::Type::Header);
}

QFont fieldFont()
{
    return theme::fontOf(theme::Type::Dense);
}

} // namespace

Chip::Chip(const QString& field, const QString& value, QWidget* parent) : QWidget{parent}, m_field{field}, m_value{value}
{
    setFocusPolicy(Qt::ClickFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(QStringLiteral("%1 %2").arg(field, value));
}

void Chip::setError(const QString& reason)
{
    m_error = reason;
    setToolTip(theme::plainTip(reason));
    setAccessibleDescription(reason);
    update();
}

QSize Chip::sizeHint() const
{
    double width = QFontMetricsF{valueFont()}.horizontalAdvance(m_value) + 2 * kPadding;
    if (!m_field.isEmpty())
        width += QFontMetricsF{fieldFont()}.horizontalAdvance(m_field + QLatin1Char{' '});
    return {static_cast<int>(std::ceil(width)) + kCross, kHeight};
}

QRectF Chip::crossRect() const
{
    return {width() - kCross - 4.0, (height() - kCross) / 2.0, kCross, kCross};
}

void Chip::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    const bool bad = !m_error.isEmpty();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(hasFocus() ? QPen{theme[Role::Focus], 1.6} : QPen{theme[bad ? Role::DangerLine : Role::InfoLine], 1});
    painter.setBrush(theme[bad ? Role::DangerSoft : Role::InfoSoft]);
    painter.drawRoundedRect(QRectF{rect()}.adjusted(0.5, 0.5, -0.5, -0.5), theme::kTagRadius, theme::kTagRadius);
    double x = kPadding;
    if (!m_field.isEmpty()) {
        painter.setFont(fieldFont());
        painter.setPen(theme[bad ? Role::DangerText : Role::Text2]);
        painter.drawText(QRectF(x, 0, width(), height()), Qt::AlignLeft | Qt::AlignVCenter, m_field);
        x += QFontMetricsF{fieldFont()}.horizontalAdvance(m_field + QLatin1Char{' '});
    }
    painter.setFont(valueFont());
    painter.setPen(theme[bad ? Role::DangerText : Role::Text]);
    painter.drawText(QRectF(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, m_value);
    const QRectF cross = crossRect();
    if (bad)
        theme::drawIcon(painter, cross, theme::Icon::Fails, theme[Role::DangerFill]);
    else
        theme::drawIcon(painter, cross.adjusted(2, 2, -2, -2), theme::Icon::Close, theme[Role::Text2]);
}

void Chip::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (crossRect().adjusted(-2, -3, 4, 3).contains(event->position()))
        emit removeRequested();
    else
        emit editRequested();
}

void Chip::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)
        emit removeRequested();
    else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_F2)
        emit editRequested();
    else
        QWidget::keyPressEvent(event);
}

} // namespace scr::widgets
