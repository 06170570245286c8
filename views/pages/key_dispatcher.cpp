#include "pages/key_dispatcher.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTextEdit>
#include <QWidget>

namespace scr::pages {

namespace {

bool takesText(const QWidget* widget)
{
    if (const auto* area = qobject_cast<const QPlainTextEdit*>(widget))
        return !area->isReadOnly();
    if (const auto* area = qobject_cast<const QTextEdit*>(widget))
        return !area->isReadOnly();
    return qobject_cast<const QLineEdit*>(widget) != nullptr || qobject_cast<const QAbstractSpinBox*>(widget) != nullptr ||
           qobject_cast<const QComboBox*>(widget) != nullptr;
}

} // namespace

KeyDispatcher::KeyDispatcher(QWidget& page) : QObject{&page}, m_page{page}
{
    qApp->installEventFilter(this);
}

void KeyDispatcher::on(Qt::Key key, std::function<void()> act, Repeat repeat)
{
    m_bindings[key] = Binding{std::move(act), repeat};
}

bool KeyDispatcher::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress || !isMeantForUs(watched))
        return false;
    const auto& press = static_cast<const QKeyEvent&>(*event);
    const Binding* binding = bindingOf(press);
    if (binding == nullptr || (press.isAutoRepeat() && binding->repeat == Repeat::No))
        return false;
    binding->act();
    return true;
}

bool KeyDispatcher::isMeantForUs(QObject* watched) const
{
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (widget == nullptr || !m_page.isVisible() || !m_page.window()->isActiveWindow() ||
        QApplication::activePopupWidget() != nullptr)
        return false;
    // Keys pressed in the rail or the top bar act on the page as well; those in another window do not.
    return widget->window() == m_page.window() && !takesText(QApplication::focusWidget());
}

const KeyDispatcher::Binding* KeyDispatcher::bindingOf(const QKeyEvent& event) const
{
    if ((event.modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier)) != 0)
        return nullptr;
    auto found = m_bindings.find(event.key());
    // On a layout without Latin letters the key's place still counts: fall back to the native code of an ANSI keyboard.
    if (found == m_bindings.end() && event.key() > 0x7f && event.nativeVirtualKey() >= 'a' && event.nativeVirtualKey() <= 'z')
        found = m_bindings.find(static_cast<int>(event.nativeVirtualKey() - 'a' + Qt::Key_A));
    return found == m_bindings.end() ? nullptr : &found->second;
}

} // namespace scr::pages
