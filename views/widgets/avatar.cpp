#include "widgets/avatar.h"

#include <QPainter>

#include "theme/text_paint.h"
#include "theme/tooltip.h"

namespace scr::widgets {

Avatar::Avatar(QWidget* parent, int diameter) : QWidget{parent}
{
    setFixedSize(diameter, diameter);
}

void Avatar::setLogin(const QString& login, bool isYou)
{
    m_initials = theme::initialsOf(login);
    m_isYou = isYou;
    setToolTip(theme::plainTip(login));
    setAccessibleName(login);
    update();
}

void Avatar::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    theme::drawAvatar(painter, rect(), m_initials, m_isYou, theme::themeOf(palette()));
}

} // namespace scr::widgets
