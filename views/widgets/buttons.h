#pragma once

#include <QPushButton>
#include <QToolButton>

#include "theme/icons.h"
#include "theme/style.h"

namespace scr::widgets {

/// Buttons as the design has them, with a parent; the caller connects and places them.
[[nodiscard]] QPushButton* makeButton(const QString& text, QWidget* parent, theme::ButtonKind kind = theme::ButtonKind::Normal,
                                      const QString& keyHint = {});
[[nodiscard]] QPushButton* makeButton(const QString& text, theme::Icon icon, QWidget* parent,
                                      theme::ButtonKind kind = theme::ButtonKind::Normal);
[[nodiscard]] QToolButton* makeToolButton(theme::Icon icon, const QString& tooltip, QWidget* parent);

} // namespace scr::widgets
