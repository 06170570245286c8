#include "widgets/avatar.h"

#include <QPainter>

#include "theme/fonts.h"
#include "theme/text_paint.h"

namespace scr::widgets {

QString initialsOf(const QString& login)
{
    QString initials;
    bool atStart = true;
    for (const QChar c : login) {
        if (!c.isLetterOrNumber()) {
            atStart = true;
            continue;
        }
        if (atStart || (c.isDigit() && initials.size() == 1))
            initials += c.toUpper();
        atStart = false;
        if (initials.size() == 2)
            break;
    }
    if (initials.size() == 1 && login.size() > 1 && login.at(1).isLetterOrNumber())
        initials += login.at(1).toUpper();
    return initials;
}

Avatar::Avatar(QWidget* parent, int diameter) : QWidget{parent}
{
    setFixedSize(diameter, diameter);
}

void Avatar::setLogin(const QString& login, bool isYou)
{
    m_initials = initialsOf(login);
    m_isYou = isYou;
    setToolTip(login.toHtmlEscaped());
    setAccessibleName(login);
    update();
}

void Avatar::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    theme::drawAvatar(painter, rect(), m_initials, m_isYou, theme::themeOf(palette()));
}

} // namespace scr::widgets
