#pragma once

#include <QRectF>
#include <QString>

#include "tables/roles.h"
#include "theme/icons.h"
#include "theme/theme.h"

class QModelIndex;
class QPainter;

namespace scr::delegates {

[[nodiscard]] theme::Role roleOf(tables::Meaning meaning);
[[nodiscard]] theme::Icon severityIcon(int severity); ///< of domain::Severity

/// "#3 → #61", "#9 stays" or "none"; what the delegate draws, as text.
[[nodiscard]] QString impactText(const tables::Impact& impact);
/// A NumberRole value as it is drawn: thousands comma, U+2212, the sign when asked.
[[nodiscard]] QString numberCellText(const QVariant& number, bool isSigned);

void drawImpact(QPainter& painter, const QRectF& rect, const tables::Impact& impact, const theme::Theme& theme);
/// A dense cell by its roles, inside `rect` (padding is taken from it).
void drawCell(QPainter& painter, const QRectF& rect, const QModelIndex& index, const theme::Theme& theme, bool enabled);

} // namespace scr::delegates
