#include "widgets/elided_label.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "theme/tooltip.h"

namespace scr::widgets {

namespace {

constexpr int kLeastWidth = 24;

} // namespace

ElidedLabel::ElidedLabel(QWidget* parent, theme::Type type, theme::Role role) : QWidget{parent}, m_role{role}
{
    setFont(theme::fontOf(type));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString& text)
{
    if (m_text == text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void ElidedLabel::setRole(theme::Role role)
{
    m_role = role;
    update();
}

void ElidedLabel::setAlignment(Qt::Alignment alignment)
{
    m_alignment = alignment;
    update();
}

QSize ElidedLabel::sizeHint() const
{
    const QFontMetrics metrics{font()};
    return {metrics.horizontalAdvance(m_text) + 1, metrics.height()};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {std::min(kLeastWidth, sizeHint().width()), sizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    const theme::Theme& theme = theme::themeOf(palette());
    painter.setPen(theme[isEnabled() ? m_role : theme::Role::Disabled]);
    painter.drawText(rect(), static_cast<int>(m_alignment) | Qt::TextSingleLine,
                     QFontMetrics{font()}.elidedText(m_text, Qt::ElideRight, width()));
}

bool ElidedLabel::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !toolTip().isEmpty())
        return QWidget::event(event);
    if (QFontMetrics{font()}.horizontalAdvance(m_text) > width())
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), theme::plainTip(m_text), this);
    return true;
}

} // namespace scr::widgets
