#include "widgets/text_label.h"

#include <QEvent>
#include <QPainter>

namespace scr::widgets {

TextLabel::TextLabel(const QString& text, theme::Type type, theme::Role role, QWidget* parent) : QLabel{parent}, m_role{role}
{
    setTextFormat(Qt::PlainText);
    setText(text);
    setType(type);
    retint();
}

void TextLabel::setRole(theme::Role role)
{
    m_role = role;
    retint();
}

void TextLabel::setType(theme::Type type)
{
    setFont(theme::fontOf(type));
}

void TextLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_retinting)
        retint();
}

void TextLabel::retint()
{
    m_retinting = true;
    QPalette own; // only this role is ours, so that the others follow a change of theme
    own.setColor(QPalette::WindowText, theme::themeOf(palette())[m_role]);
    setPalette(own);
    m_retinting = false;
}

Rule::Rule(Qt::Orientation orientation, theme::Role role, QWidget* parent) : QWidget{parent}, m_role{role}
{
    if (orientation == Qt::Horizontal)
        setFixedHeight(1);
    else
        setFixedWidth(1);
}

void Rule::paintEvent(QPaintEvent*)
{
    QPainter{this}.fillRect(rect(), theme::themeOf(palette())[m_role]);
}

Band::Band(theme::Role fill, Edge edge, QWidget* parent) : QWidget{parent}, m_fill{fill}, m_edge{edge} {}

void Band::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.fillRect(rect(), theme[m_fill]);
    if (m_edge != Edge::None)
        painter.fillRect(QRect{0, m_edge == Edge::Top ? 0 : height() - 1, width(), 1}, theme[theme::Role::LineStrong]);
}

} // namespace scr::widgets
