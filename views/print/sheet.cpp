#include "print/sheet.h"

#include <algorithm>
#include <utility>

#include <QPainter>
#include <QPdfWriter>

#include "domain/visible_text.h"
#include "print/units.h"

namespace scr::print {

namespace {

using theme::Role;

constexpr double kMargin = 46;
constexpr double kTop = 56;
constexpr double kBottom = 52;
constexpr Style kFrameText{7.5, 10, QFont::Normal, Role::Text3};

const QColor& colour(Role role)
{
    return theme::themeOf(theme::Scheme::Light)[role];
}

Role roleOf(report::Ink ink) noexcept
{
    switch (ink) {
    case report::Ink::Text: return Role::Text;
    case report::Ink::Axis: return Role::ControlEdge;
    case report::Ink::Grid: return Role::Grid;
    case report::Ink::Band: return Role::Band;
    case report::Ink::Normal: return Role::SeriesNormal;
    case report::Ink::Flagged: return Role::SeriesFlagged;
    case report::Ink::Muted: return Role::Text3;
    case report::Ink::Threshold: return Role::Text3;
    }
    return Role::Text;
}

bool isPlain(QChar character) noexcept
{
    const char16_t code = character.unicode();
    return code < 0x0300 || (code >= 0x2000 && code < 0x2c00);
}

/// Latin text is set character by character: shaped, Inter swaps the - : + between digits for glyphs that no character maps to,
/// and they would be lost to whoever copies or searches the text. Other scripts need shaping to be readable.
void setPlainRuns(QTextLayout& layout)
{
    const QString text = layout.text();
    QFont plain = layout.font();
    plain.setStyleStrategy(QFont::PreferNoShaping);
    if (std::all_of(text.begin(), text.end(), isPlain)) {
        layout.setFont(plain);
        return;
    }
    QTextCharFormat format;
    format.setFont(plain);
    QList<QTextLayout::FormatRange> runs;
    for (int begin = 0, end = 0; begin < text.size(); begin = end) {
        const bool isRun = isPlain(text[begin]);
        for (end = begin; end < text.size() && isPlain(text[end]) == isRun;)
            ++end;
        if (isRun)
            runs.append({begin, end - begin, format});
    }
    layout.setFormats(runs);
}

} // namespace

QString shown(std::string_view text)
{
    return QString::fromStdString(domain::visibleText(text));
}

Sheet::Sheet(QPdfWriter& writer, QPainter* painter, Frame frame) : m_writer{writer}, m_painter{painter}, m_frame{std::move(frame)}
{
    startPage();
}

double Sheet::width() const noexcept
{
    return kPageWidth - 2 * kMargin;
}
double Sheet::room() const noexcept
{
    return kPageHeight - kBottom - m_y;
}

QFont Sheet::fontOf(const Style& style) const
{
    QFont font;
    font.setFamilies(style.mono
                         ? QStringList{QStringLiteral("DejaVu Sans Mono"), QStringLiteral("monospace")}
                         : QStringList{QStringLiteral("Inter"), QStringLiteral("DejaVu Sans"), QStringLiteral("sans-serif")});
    font.setPixelSize(static_cast<int>(style.size * kUnits));
    font.setWeight(style.weight);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

double Sheet::advanceOf(const QString& text, const Style& style) const
{
    constexpr double kNoLimit = 100'000;
    return block(text, style, kNoLimit).layout->lineAt(0).naturalTextWidth() / kUnits;
}

void Sheet::startPage()
{
    if (m_page > 0 && m_painter)
        m_writer.newPage();
    ++m_page;
    m_y = kTop;
    if (m_page > 1) {
        drawText(0, 28, m_frame.header, kFrameText);
        drawLine(0, 42, width(), 42, Role::LineStrong);
    }
    const double foot = kPageHeight - 34;
    drawLine(0, foot - 6, width(), foot - 6, Role::Line);
    drawText(0, foot, m_frame.footer, kFrameText);
    const QString number =
        m_frame.pages > 0 ? QStringLiteral("Page %1 of %2").arg(m_page).arg(m_frame.pages) : QString::number(m_page);
    drawText(width() - advanceOf(number, kFrameText), foot, number, kFrameText);
}

void Sheet::gap(double height)
{
    if (m_y > kTop)
        m_y += height;
}

void Sheet::ensure(double height)
{
    if (room() < height && m_y > kTop)
        startPage();
}

Block Sheet::block(const QString& text, const Style& style, double width) const
{
    Block block{std::make_unique<QTextLayout>(text, fontOf(style), &m_writer), 0, style};
    QTextOption option{(style.right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute};
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    block.layout->setTextOption(option);
    setPlainRuns(*block.layout);
    block.layout->beginLayout();
    for (QTextLine line = block.layout->createLine(); line.isValid(); line = block.layout->createLine()) {
        line.setLineWidth(width * kUnits);
        line.setPosition({0, block.lines * style.lineHeight * kUnits});
        ++block.lines;
    }
    block.layout->endLayout();
    return block;
}

void Sheet::drawBlock(const Block& block, double x, double y, int firstLine, int lines)
{
    if (!m_painter)
        return;
    m_painter->setPen(colour(block.style.ink));
    for (int i = firstLine; i < std::min(firstLine + lines, block.lines); ++i) {
        const QTextLine line = block.layout->lineAt(i);
        const double shift = (block.style.lineHeight * kUnits - line.height()) / 2 - line.y();
        line.draw(m_painter, {(kMargin + x) * kUnits, (y + (i - firstLine) * block.style.lineHeight) * kUnits + shift});
    }
}

void Sheet::text(const QString& text, const Style& style, double indent)
{
    const Block all = block(text, style, width() - indent);
    for (int line = 0; line < all.lines;) {
        ensure(style.lineHeight);
        const int fit = std::clamp(static_cast<int>(room() / style.lineHeight), 1, all.lines - line);
        drawBlock(all, indent, m_y, line, fit);
        m_y += fit * style.lineHeight;
        line += fit;
    }
}

void Sheet::drawText(double x, double y, const QString& text, const Style& style)
{
    if (!m_painter)
        return;
    drawBlock(block(text, style, width()), x, y, 0, 1);
}

void Sheet::drawLine(double x1, double y1, double x2, double y2, Role ink, bool dashed)
{
    if (!m_painter)
        return;
    QPen pen{colour(ink), 0.6 * kUnits};
    if (dashed)
        pen.setDashPattern({5, 4});
    m_painter->setPen(pen);
    m_painter->drawLine(QPointF{(kMargin + x1) * kUnits, y1 * kUnits}, QPointF{(kMargin + x2) * kUnits, y2 * kUnits});
}

void Sheet::drawBox(double x, double y, double width, double height, Role fill)
{
    if (m_painter)
        m_painter->fillRect(QRectF{(kMargin + x) * kUnits, y * kUnits, width * kUnits, height * kUnits}, colour(fill));
}

void Sheet::drawFrame(double x, double y, double width, double height, Role ink)
{
    drawLine(x, y, x + width, y, ink);
    drawLine(x, y + height, x + width, y + height, ink);
    drawLine(x, y, x, y + height, ink);
    drawLine(x + width, y, x + width, y + height, ink);
}

double Sheet::drawTag(const QString& text, double x, double y, Role ink, Role fill, Role edge)
{
    const Style style{7.5, 11, QFont::Medium, ink};
    const double width = advanceOf(text, style) + 9;
    if (m_painter) {
        m_painter->setPen(QPen{colour(edge), 0.6 * kUnits});
        m_painter->setBrush(colour(fill));
        m_painter->drawRoundedRect(QRectF{(kMargin + x) * kUnits, y * kUnits, width * kUnits, 12 * kUnits}, 2 * kUnits,
                                   2 * kUnits);
        m_painter->setBrush(Qt::NoBrush);
        drawText(x + 4.5, y + 0.5, text, style);
    }
    return width;
}

void Sheet::picture(const report::Picture& picture)
{
    if (picture.empty())
        return;
    const double scale = std::min(1.0, width() / picture.width);
    const Block caption = block(shown(picture.caption), styles::kQuiet, width());
    ensure(picture.height * scale + caption.height() + 4);
    if (m_painter) {
        drawPictureLines(picture, scale, 0, m_y);
        drawPictureText(picture, scale, 0, m_y);
    }
    m_y += picture.height * scale + 2;
    drawBlock(caption, 0, m_y, 0, caption.lines);
    m_y += caption.height() + 2;
}

void Sheet::drawPictureLines(const report::Picture& picture, double scale, double left, double top)
{
    for (const auto& box : picture.boxes)
        drawBox(left + box.x * scale, top + box.y * scale, box.width * scale, box.height * scale, roleOf(box.ink));
    for (const auto& line : picture.lines)
        drawLine(left + line.x1 * scale, top + line.y1 * scale, left + line.x2 * scale, top + line.y2 * scale, roleOf(line.ink),
                 line.dashed);
    for (const auto& path : picture.paths) {
        QPolygonF points;
        for (const auto& [x, y] : path.points)
            points << QPointF{(kMargin + left + x * scale) * kUnits, (top + y * scale) * kUnits};
        m_painter->setPen(QPen{colour(roleOf(path.ink)), 0.9 * kUnits});
        m_painter->drawPolyline(points);
    }
    for (const auto& dot : picture.dots) {
        m_painter->setPen(QPen{colour(roleOf(dot.ink)), 0.8 * kUnits});
        m_painter->setBrush(colour(dot.filled ? roleOf(dot.ink) : Role::Base));
        m_painter->drawEllipse(QPointF{(kMargin + left + dot.x * scale) * kUnits, (top + dot.y * scale) * kUnits}, 2.2 * kUnits,
                               2.2 * kUnits);
    }
    m_painter->setBrush(Qt::NoBrush);
}

void Sheet::drawPictureText(const report::Picture& picture, double scale, double left, double top)
{
    constexpr double kLine = 9;
    for (const auto& label : picture.labels) {
        const Style style{7, kLine, QFont::Normal, roleOf(label.ink)};
        const QString text = shown(label.text);
        const double advance = advanceOf(text, style);
        const double share = label.anchor == report::Anchor::Start ? 0 : label.anchor == report::Anchor::Middle ? 0.5 : 1;
        drawText(left + label.x * scale - advance * share, top + label.y * scale - kLine * 0.78, text, style);
    }
}

} // namespace scr::print
