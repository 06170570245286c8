#include "pages/key_dispatcher.h"

#include <array>
#include <string_view>
#include <utility>

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

/// The letter that stands there on a US keyboard; scan codes as X11 and Wayland give them. 0: none.
int letterAt(quint32 scanCode)
{
    constexpr std::array<std::pair<quint32, std::string_view>, 3> kRows{std::pair{24U, std::string_view{"QWERTYUIOP"}},
                                                                        std::pair{38U, std::string_view{"ASDFGHJKL"}},
                                                                        std::pair{52U, std::string_view{"ZXCVBNM"}}};
    for (const auto& [first, letters] : kRows) {
        if (scanCode >= first && scanCode - first < letters.size())
            return letters[scanCode - first];
    }
    return 0;
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
    // On a layout without Latin letters the key's place still counts.
    if (found == m_bindings.end() && event.key() > 0x7f)
        found = m_bindings.find(letterAt(event.nativeScanCode()));
    return found == m_bindings.end() ? nullptr : &found->second;
}

} // namespace scr::pages
