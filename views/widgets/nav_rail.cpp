#include "widgets/nav_rail.h"

#include <algorithm>

#include <QEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/text_paint.h"
#include "widgets/nav_item.h"

namespace scr::widgets {

namespace {

using theme::Role;

constexpr int kLogo = 20;
constexpr int kFirstRow = theme::kTopBar;

} // namespace

NavRail::NavRail(const QString& product, QWidget* parent) : QWidget{parent}, m_product{product}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, kFirstRow, 0, 10);
    layout->setSpacing(0);
    m_pageLayout = new QVBoxLayout;
    m_pageLayout->setSpacing(2);
    m_commandLayout = new QVBoxLayout;
    m_commandLayout->setSpacing(2);
    layout->addLayout(m_pageLayout);
    layout->addStretch(1);
    layout->addLayout(m_commandLayout);
    setFixedWidth(theme::kRail);
    setAccessibleName(tr("Pages"));
    retint();
}

void NavRail::addPage(const QString& id, theme::Icon icon, const QString& name)
{
    NavItem* item = makeItem(id, icon, name);
    item->setCheckable(true);
    m_pageLayout->addWidget(item);
    m_pages.push_back(item);
    connect(item, &NavItem::clicked, this, [this, id] {
        find(id)->setChecked(true); // a click on the open page leaves it open
        setCurrent(id);
    });
}

void NavRail::addCommand(const QString& id, theme::Icon icon, const QString& name, const QString& keyHint)
{
    NavItem* item = makeItem(id, icon, name);
    item->setKeyHint(keyHint);
    m_commandLayout->insertWidget(static_cast<int>(m_commands.size()), item); // above the user
    m_commands.push_back(item);
    connect(item, &NavItem::clicked, this, [this, id] { emit commandTriggered(id); });
}

NavItem* NavRail::makeItem(const QString& id, theme::Icon icon, const QString& name)
{
    auto* item = new NavItem{id, icon, name, this};
    item->setCompact(m_compact);
    return item;
}

NavItem* NavRail::find(const QString& id) const
{
    for (const auto& items : {m_pages, m_commands}) {
        const auto found = std::find_if(items.begin(), items.end(), [&id](const NavItem* item) { return item->id() == id; });
        if (found != items.end())
            return *found;
    }
    return nullptr;
}

void NavRail::setCount(const QString& id, int count, bool failing)
{
    if (NavItem* item = find(id))
        item->setCount(count, failing);
}

void NavRail::setCurrent(const QString& id)
{
    if (m_current == id || find(id) == nullptr)
        return;
    m_current = id;
    for (NavItem* item : m_pages)
        item->setChecked(item->id() == id);
    emit currentChanged(id);
}

void NavRail::setUser(const QString& login)
{
    m_user = login;
    if (m_userItem == nullptr) {
        m_userItem = makeItem(QStringLiteral("user"), theme::Icon::Count, login);
        m_userItem->setAttribute(Qt::WA_TransparentForMouseEvents);
        m_userItem->setFocusPolicy(Qt::NoFocus);
        m_commandLayout->addWidget(m_userItem);
    }
    m_userItem->setText(login);
    m_userItem->setInitials(theme::initialsOf(login));
    m_userItem->setVisible(!login.isEmpty());
}

void NavRail::setCompact(bool compact)
{
    m_compact = compact;
    setFixedWidth(compact ? theme::kRailCompact : theme::kRail);
    for (NavItem* item : findChildren<NavItem*>())
        item->setCompact(compact);
    update();
}

void NavRail::moveBy(int steps)
{
    if (m_pages.empty())
        return;
    const auto now = std::find(m_pages.begin(), m_pages.end(), find(m_current));
    const auto index =
        now == m_pages.end() ? 0 : std::clamp<std::ptrdiff_t>(now - m_pages.begin() + steps, 0, std::ssize(m_pages) - 1);
    NavItem* target = m_pages[static_cast<std::size_t>(index)];
    target->setFocus(Qt::TabFocusReason);
    setCurrent(target->id());
}

void NavRail::keyPressEvent(QKeyEvent* event)
{
    const int all = static_cast<int>(m_pages.size());
    switch (event->key()) {
    case Qt::Key_Down: moveBy(1); break;
    case Qt::Key_Up: moveBy(-1); break;
    case Qt::Key_Home: moveBy(-all); break;
    case Qt::Key_End: moveBy(all); break;
    default: QWidget::keyPressEvent(event);
    }
}

void NavRail::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_retinting)
        retint();
}

void NavRail::retint()
{
    m_retinting = true;
    QPalette own; // only this role is ours, so that the others follow a change of theme
    own.setColor(QPalette::Window, theme::themeOf(palette())[Role::Rail]);
    setPalette(own);
    m_retinting = false;
}

void NavRail::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.fillRect(rect(), theme[Role::Rail]);
    painter.fillRect(QRect{width() - 1, 0, 1, height()}, theme[Role::LineStrong]);
    const int x = m_compact ? (width() - kLogo) / 2 : 16;
    theme::drawIcon(painter, QRectF(x, (theme::kTopBar - kLogo) / 2, kLogo, kLogo), theme::Icon::Logo, theme[Role::AccentFill]);
    if (m_compact)
        return;
    painter.setFont(theme::fontOf(theme::Type::Section));
    painter.setPen(theme[Role::Text]);
    painter.drawText(QRect{44, 0, width() - 48, theme::kTopBar}, Qt::AlignLeft | Qt::AlignVCenter, m_product);
}

} // namespace scr::widgets
