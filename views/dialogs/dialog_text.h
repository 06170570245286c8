#pragma once

#include <QString>

#include "theme/fonts.h"
#include "theme/theme.h"
#include "widgets/text_label.h"

class QGridLayout;

namespace scr::dialogs {

/// Running text of a dialog, so wide as the dialog is to be.
[[nodiscard]] widgets::TextLabel* wrappedText(const QString& text, theme::Type type, theme::Role role, int width);

/// A cell of a table that is read and not worked with; `isText`: from the left, else a number.
void addCell(QGridLayout& grid, int row, int column, const QString& text, theme::Type type, theme::Role role, bool isText);

} // namespace scr::dialogs
