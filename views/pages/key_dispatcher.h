#pragma once

#include <functional>
#include <map>

#include <QObject>

class QKeyEvent;
class QWidget;

namespace scr::pages {

/// Single keys of a page, which act only when no text field has focus and no modifier is held. QShortcut would follow the
/// keyboard layout and would see them before a field does.
class KeyDispatcher : public QObject {
    Q_OBJECT
public:
    enum class Repeat { No, Yes };
    explicit KeyDispatcher(QWidget& page);
    void on(Qt::Key key, std::function<void()> act, Repeat repeat = Repeat::No);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Binding {
        std::function<void()> act;
        Repeat repeat = Repeat::No;
    };
    [[nodiscard]] bool isMeantForUs(QObject* watched) const;
    [[nodiscard]] const Binding* bindingOf(const QKeyEvent& event) const;

    QWidget& m_page;
    std::map<int, Binding> m_bindings;
};

} // namespace scr::pages
