#include "theme/shaped_text.h"

#include <cmath>
#include <optional>

#include <QCache>
#include <QFont>
#include <QFontMetricsF>
#include <QGlyphRun>
#include <QPainter>
#include <QRawFont>
#include <QStaticText>

namespace scr::theme {

namespace {

/// Some screens of a wide table; about 1 MB.
constexpr int kKept = 4096;
constexpr int kWhole = -1;

struct Key {
    QString text;
    QFont font;
    int width = kWhole; ///< that the text was elided to
    friend bool operator==(const Key&, const Key&) = default;
};

std::size_t qHash(const Key& key, std::size_t seed = 0)
{
    return qHashMulti(seed, key.text, key.font, key.width);
}

struct Line {
    QStaticText text;
    double width{};
};

struct Cells {
    QGlyphRun glyphs;
    double width{};
};

/// Titles keep their own direction; isolated, so that one does not turn what stands around it.
QString isolated(const QString& text)
{
    return QChar{0x2068} + text + QChar{0x2069};
}

const Line& lineOf(const QString& text, const QFont& font, int width)
{
    // One a thread: pictures for a report may be drawn beside the window.
    thread_local QCache<Key, Line> lines{kKept};
    Key key{text, font, width};
    if (const Line* known = lines.object(key))
        return *known;
    const QFontMetricsF metrics{font};
    const QString shown = width == kWhole ? text : metrics.elidedText(text, Qt::ElideRight, width);
    auto* line = new Line{QStaticText{isolated(shown)}, metrics.horizontalAdvance(shown)};
    line->text.setTextFormat(Qt::PlainText);
    line->text.setPerformanceHint(QStaticText::AggressiveCaching);
    line->text.prepare({}, font);
    lines.insert(key, line);
    return *line;
}

std::optional<Cells> shapeCells(const QString& text, const QFont& font)
{
    const QRawFont raw = QRawFont::fromFont(font);
    const QList<quint32> indexes = raw.glyphIndexesForString(text);
    // One glyph a character, all of them in this font, or the text is not what cells are made for.
    if (indexes.size() != text.size() || indexes.contains(0))
        return std::nullopt;
    const QList<QPointF> advances = raw.advancesForGlyphIndexes(indexes);
    const double digit = QFontMetricsF{font}.horizontalAdvance(QLatin1Char{'0'});
    QList<QPointF> places;
    double x = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const double own = advances[i].x();
        const double cell = text[i].isDigit() ? digit : own;
        places.append({x + (cell - own) / 2, 0});
        x += cell;
    }
    Cells cells;
    cells.glyphs.setRawFont(raw);
    cells.glyphs.setGlyphIndexes(indexes);
    cells.glyphs.setPositions(places);
    cells.width = x;
    return cells;
}

const std::optional<Cells>& cellsOf(const QString& text, const QFont& font)
{
    thread_local QCache<Key, std::optional<Cells>> known{kKept};
    const Key key{text, font, kWhole};
    if (const auto* cells = known.object(key))
        return *cells;
    auto* cells = new std::optional<Cells>{shapeCells(text, font)};
    known.insert(key, cells);
    return *cells;
}

} // namespace

double lineWidth(const QString& text, const QFont& font)
{
    return lineOf(text, font, kWhole).width;
}

double drawLine(QPainter& painter, const QRectF& rect, const QString& text)
{
    if (text.isEmpty() || rect.width() <= 0)
        return 0;
    const bool fits = lineWidth(text, painter.font()) <= rect.width();
    const Line& line = lineOf(text, painter.font(), fits ? kWhole : static_cast<int>(rect.width()));
    const double top = rect.top() + (rect.height() - line.text.size().height()) / 2;
    painter.drawStaticText(QPointF{rect.left(), std::round(top)}, line.text);
    return fits ? line.width : rect.width();
}

double cellsWidth(const QString& text, const QFont& font)
{
    const std::optional<Cells>& cells = cellsOf(text, font);
    return cells ? cells->width : lineWidth(text, font);
}

void drawCells(QPainter& painter, const QRectF& rect, Qt::Alignment alignment, const QString& text)
{
    const double width = cellsWidth(text, painter.font());
    double x = rect.left();
    if (alignment & Qt::AlignRight)
        x = rect.right() - width;
    else if (alignment & Qt::AlignHCenter)
        x = rect.center().x() - width / 2;
    const std::optional<Cells>& cells = cellsOf(text, painter.font());
    if (!cells) {
        drawLine(painter, {x, rect.top(), width + 1, rect.height()}, text);
        return;
    }
    const QFontMetricsF metrics{painter.font()};
    const double baseline = rect.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    painter.drawGlyphRun({x, baseline}, cells->glyphs);
}

} // namespace scr::theme
