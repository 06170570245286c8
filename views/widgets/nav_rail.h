#pragma once

#include <vector>

#include <QString>
#include <QWidget>

#include "theme/icons.h"

class QVBoxLayout;

namespace scr::widgets {

class NavItem;

/// The pages at the left edge: icon, name, count. Arrow keys move, Ctrl+1 … Ctrl+9 are the shell's matter.
class NavRail : public QWidget {
    Q_OBJECT
public:
    explicit NavRail(const QString& product, QWidget* parent = nullptr);

    void addPage(const QString& id, theme::Icon icon, const QString& name);
    /// A row at the lower end that does something instead of opening a page.
    void addCommand(const QString& id, theme::Icon icon, const QString& name, const QString& keyHint);
    /// -1: no count. `failing` shows it in danger with its octagon.
    void setCount(const QString& id, int count, bool failing = false);
    void setCurrent(const QString& id); ///< emits currentChanged when it changes
    [[nodiscard]] QString current() const { return m_current; }
    void setUser(const QString& login); ///< empty: none shown
    void setCompact(bool compact);      ///< 48 px, icons only

signals:
    void currentChanged(const QString& id);
    void commandTriggered(const QString& id);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    [[nodiscard]] NavItem* find(const QString& id) const;
    NavItem* makeItem(const QString& id, theme::Icon icon, const QString& name);
    void moveBy(int steps);
    void retint();

    QString m_product;
    QString m_current;
    QString m_user;
    QVBoxLayout* m_pageLayout{};
    QVBoxLayout* m_commandLayout{};
    std::vector<NavItem*> m_pages;
    std::vector<NavItem*> m_commands;
    NavItem* m_userItem{};
    bool m_compact{};
    bool m_retinting{};
};

} // namespace scr::widgets
