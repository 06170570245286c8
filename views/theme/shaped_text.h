#pragma once

#include <QRectF>
#include <QString>

class QFont;
class QPainter;

namespace scr::theme {

/// Draws one line of plain text, vertically centred from the left edge, elided where it is wider than the rectangle; returns the
/// width used. Text drawn before is not shaped again: tables say the same few thousand words at every scroll.
double drawLine(QPainter& painter, const QRectF& rect, const QString& text);
[[nodiscard]] double lineWidth(const QString& text, const QFont& font);

/// The same with each digit as wide as "0", so that numbers of a column stand in equal cells.
void drawCells(QPainter& painter, const QRectF& rect, Qt::Alignment alignment, const QString& text);
[[nodiscard]] double cellsWidth(const QString& text, const QFont& font);

} // namespace scr::theme
