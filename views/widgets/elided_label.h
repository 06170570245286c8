#pragma once

#include <optional>

#include <QString>
#include <QWidget>

#include "theme/fonts.h"
#include "theme/theme.h"

namespace scr::widgets {

/// One line of plain text that ends with an ellipsis where there is no room; then the tooltip has it all.
class ElidedLabel : public QWidget {
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget* parent = nullptr, theme::Type type = theme::Type::Body, theme::Role role = theme::Role::Text);
    void setText(const QString& text);
    [[nodiscard]] QString text() const { return m_text; }
    void setRole(theme::Role role);
    void setAlignment(Qt::Alignment alignment);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QString m_text;
    theme::Role m_role;
    Qt::Alignment m_alignment = Qt::AlignLeft | Qt::AlignVCenter;
};

} // namespace scr::widgets
