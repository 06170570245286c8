#pragma once

#include <map>

#include <QMenu>

#include "theme/theme.h"

namespace scr::shell {

/// Light, dark, high contrast, or as the desktop has it.
class AppearanceMenu : public QMenu {
    Q_OBJECT
public:
    explicit AppearanceMenu(QWidget* parent);

    void setScheme(theme::Scheme scheme); ///< the one that is ticked; does not emit

signals:
    void schemeWanted(scr::theme::Scheme scheme);

private:
    void offer(const QString& name, theme::Scheme scheme);

    std::map<theme::Scheme, QAction*> m_schemes;
    QActionGroup* m_group{};
};

} // namespace scr::shell
