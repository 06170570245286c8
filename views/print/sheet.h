#pragma once

#include <memory>
#include <string_view>

#include <QFont>
#include <QString>
#include <QTextLayout>

#include "report/picture.h"
#include "theme/theme.h"

class QPainter;
class QPdfWriter;

namespace scr::print {

/// How a text is set; sizes in points.
struct Style {
    double size = 9;
    double lineHeight = 13;
    QFont::Weight weight = QFont::Normal;
    theme::Role ink = theme::Role::Text;
    bool mono = false;
    bool right = false;
};

namespace styles {
inline constexpr Style kTitle{20, 26, QFont::DemiBold};
inline constexpr Style kSection{14, 20, QFont::DemiBold};
inline constexpr Style kHeadline{10.5, 15, QFont::DemiBold};
inline constexpr Style kMinor{9, 13, QFont::DemiBold};
inline constexpr Style kBody{};
inline constexpr Style kQuiet{8, 11.5, QFont::Normal, theme::Role::Text3};
inline constexpr Style kCell{8, 11.5};
inline constexpr Style kKey{7.5, 11.5, QFont::Normal, theme::Role::Text2, true};
} // namespace styles

/// A text wrapped to a width.
struct Block {
    std::unique_ptr<QTextLayout> layout;
    int lines = 0;
    Style style;

    [[nodiscard]] double height() const noexcept { return lines * style.lineHeight; }
};

/// A4 pages filled from top to bottom; a page begins by itself when the last is full. All lengths are points. Without a painter
/// it only counts pages.
class Sheet {
public:
    struct Frame {
        QString header;
        QString footer;
        int pages = 0; ///< in all; 0: not known
    };
    Sheet(QPdfWriter& writer, QPainter* painter, Frame frame);
    Sheet(const Sheet&) = delete;
    Sheet& operator=(const Sheet&) = delete;

    [[nodiscard]] int pages() const noexcept { return m_page; }
    [[nodiscard]] double width() const noexcept;
    [[nodiscard]] double y() const noexcept { return m_y; }
    [[nodiscard]] double room() const noexcept; ///< left on this page

    void gap(double height); ///< none at the top of a page
    void ensure(double height);
    void advance(double height) noexcept { m_y += height; }
    void text(const QString& text, const Style& style, double indent = 0);
    void picture(const report::Picture& picture);

    /// Pieces for those who lay out by themselves; x from the left margin, y from the top of the page.
    [[nodiscard]] Block block(const QString& text, const Style& style, double width) const;
    void drawBlock(const Block& block, double x, double y, int firstLine, int lines);
    void drawLine(double x1, double y1, double x2, double y2, theme::Role ink, bool dashed = false);
    void drawBox(double x, double y, double width, double height, theme::Role fill);
    void drawFrame(double x, double y, double width, double height, theme::Role ink);
    /// A label in a rounded box; returns its width.
    double drawTag(const QString& text, double x, double y, theme::Role ink, theme::Role fill, theme::Role edge);

private:
    void startPage();
    void drawText(double x, double y, const QString& text, const Style& style);
    void drawPictureLines(const report::Picture& picture, double scale, double left, double top);
    void drawPictureText(const report::Picture& picture, double scale, double left, double top);
    [[nodiscard]] QFont fontOf(const Style& style) const;
    [[nodiscard]] double advanceOf(const QString& text, const Style& style) const;

    QPdfWriter& m_writer;
    QPainter* m_painter;
    Frame m_frame;
    int m_page = 0;
    double m_y = 0;
};

/// Text of the site, past the gate that makes hidden characters visible.
[[nodiscard]] QString shown(std::string_view text);

} // namespace scr::print
