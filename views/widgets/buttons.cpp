#include "widgets/buttons.h"

namespace scr::widgets {

namespace {

theme::Role iconRole(theme::ButtonKind kind)
{
    return kind == theme::ButtonKind::Accent || kind == theme::ButtonKind::Danger ? theme::Role::OnFill : theme::Role::Text;
}

} // namespace

QPushButton* makeButton(const QString& text, QWidget* parent, theme::ButtonKind kind, const QString& keyHint)
{
    auto* button = new QPushButton{text, parent};
    button->setAutoDefault(false);
    theme::setKind(*button, kind);
    if (!keyHint.isEmpty())
        theme::setKeyHint(*button, keyHint);
    return button;
}

QPushButton* makeButton(const QString& text, theme::Icon icon, QWidget* parent, theme::ButtonKind kind)
{
    QPushButton* button = makeButton(text, parent, kind);
    button->setIcon(theme::icon(icon, iconRole(kind)));
    return button;
}

QToolButton* makeToolButton(theme::Icon icon, const QString& tooltip, QWidget* parent)
{
    auto* button = new QToolButton{parent};
    button->setIcon(theme::icon(icon));
    button->setToolTip(tooltip);
    button->setAccessibleName(tooltip);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace scr::widgets
