#pragma once

#include <vector>

#include <QRectF>
#include <QString>

#include "theme/theme.h"

class QFont;
class QPainter;

namespace scr::theme {

/// A piece of text, or the code of a hidden character ("U+202E") that is drawn in a box.
struct TextRun {
    QString text;
    bool isCode{};
    friend bool operator==(const TextRun&, const TextRun&) = default;
};

/// Splits text in which hidden characters stand as [U+202E].
[[nodiscard]] std::vector<TextRun> runsOf(const QString& shown);

/// Draws the runs in one line, elided at the end, codes boxed; returns the width used. The painter's pen is taken for text.
double drawRuns(QPainter& painter, const QRectF& rect, const std::vector<TextRun>& runs, const Theme& theme);
[[nodiscard]] double widthOf(const std::vector<TextRun>& runs, const QFont& font);

/// A small key or code in a frame, centred in `rect`.
void drawKeyHint(QPainter& painter, const QRectF& rect, const QString& key, const QColor& text, const QColor& line);
[[nodiscard]] QSizeF keyHintSize(const QString& key);

/// Two characters that stand for a login: "moderator-2" -> "M2".
[[nodiscard]] QString initialsOf(const QString& login);

/// A disc with a person's two characters, in accent when it is you.
void drawAvatar(QPainter& painter, const QRectF& rect, const QString& initials, bool isYou, const Theme& theme);

/// "1,204", "−3", "0.57": thousands comma, U+2212, at most `decimals` decimals without trailing zeros.
[[nodiscard]] QString numberText(double value, int decimals = 2);

} // namespace scr::theme
