#include "shell/appearance_menu.h"

#include <QActionGroup>

namespace scr::shell {

AppearanceMenu::AppearanceMenu(QWidget* parent) : QMenu{tr("Appearance"), parent}, m_group{new QActionGroup{this}}
{
    offer(tr("As the desktop"), theme::Scheme::System);
    offer(tr("Light"), theme::Scheme::Light);
    offer(tr("Dark"), theme::Scheme::Dark);
    offer(tr("High contrast"), theme::Scheme::HighContrast);
}

void AppearanceMenu::offer(const QString& name, theme::Scheme scheme)
{
    QAction* action = addAction(name, this, [this, scheme] { emit schemeWanted(scheme); });
    action->setCheckable(true);
    m_group->addAction(action);
    m_schemes[scheme] = action;
}

void AppearanceMenu::setScheme(theme::Scheme scheme)
{
    m_schemes.at(scheme)->setChecked(true);
}

} // namespace scr::shell
