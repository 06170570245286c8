#pragma once

#include <QAbstractButton>

#include "theme/icons.h"

namespace scr::widgets {

/// A row of the rail.
class NavItem : public QAbstractButton {
    Q_OBJECT
public:
    NavItem(QString id, theme::Icon icon, const QString& name, QWidget* parent);

    [[nodiscard]] const QString& id() const noexcept { return m_id; }
    void setCount(int count, bool failing);
    void setKeyHint(const QString& hint);
    void setInitials(const QString& initials); ///< a person instead of an icon
    void setCompact(bool compact);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintEnd(QPainter& painter, const theme::Theme& theme) const;
    void tell();

    QString m_id;
    theme::Icon m_icon;
    QString m_hint;
    QString m_initials;
    int m_count = -1;
    bool m_failing{};
    bool m_compact{};
};

} // namespace scr::widgets
