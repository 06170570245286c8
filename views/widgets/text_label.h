#pragma once

#include <QLabel>

#include "theme/fonts.h"
#include "theme/theme.h"

namespace scr::widgets {

/// A QLabel of plain text that takes its colour from the theme and keeps it through a change of theme.
class TextLabel : public QLabel {
    Q_OBJECT
public:
    explicit TextLabel(const QString& text = {}, theme::Type type = theme::Type::Body, theme::Role role = theme::Role::Text,
                       QWidget* parent = nullptr);
    void setRole(theme::Role role);
    void setType(theme::Type type);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retint();

    theme::Role m_role;
    bool m_retinting{};
};

/// A horizontal or vertical line of 1 px between parts of a pane.
class Rule : public QWidget {
    Q_OBJECT
public:
    explicit Rule(Qt::Orientation orientation = Qt::Horizontal, theme::Role role = theme::Role::Line, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    theme::Role m_role;
};

/// A bar in the window colour with a strong line above or below: page headers, decision bars.
class Band : public QWidget {
    Q_OBJECT
public:
    enum class Edge { None, Top, Bottom };
    explicit Band(theme::Role fill, Edge edge, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    theme::Role m_fill;
    Edge m_edge;
};

} // namespace scr::widgets
