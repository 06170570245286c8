#include "report/html_text.h"

#include <fmt/format.h>

#include "domain/visible_text.h"

namespace scr::report {

namespace {

std::string_view classOf(Ink ink) noexcept
{
    switch (ink) {
    case Ink::Text: return "text";
    case Ink::Axis: return "axis";
    case Ink::Grid: return "grid";
    case Ink::Band: return "band";
    case Ink::Normal: return "normal";
    case Ink::Flagged: return "flagged";
    case Ink::Muted: return "muted";
    case Ink::Threshold: return "threshold";
    }
    return {};
}

std::string_view nameOf(Anchor anchor) noexcept
{
    switch (anchor) {
    case Anchor::Start: return "start";
    case Anchor::Middle: return "middle";
    case Anchor::End: return "end";
    }
    return {};
}

void addLines(std::string& svg, const Picture& picture)
{
    for (const auto& box : picture.boxes)
        svg += fmt::format("<rect class=\"f {}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n",
                           classOf(box.ink), box.x, box.y, box.width, box.height);
    for (const auto& line : picture.lines)
        svg += fmt::format("<line class=\"s {}{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n",
                           classOf(line.ink), line.dashed ? " dashed" : "", line.x1, line.y1, line.x2, line.y2);
    for (const auto& path : picture.paths) {
        svg += fmt::format("<polyline class=\"s {}\" points=\"", classOf(path.ink));
        for (const auto& [x, y] : path.points)
            svg += fmt::format("{:.1f},{:.1f} ", x, y);
        svg += "\"/>\n";
    }
}

} // namespace

std::string escaped(std::string_view text)
{
    std::string html;
    html.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&': html += "&amp;"; break;
        case '<': html += "&lt;"; break;
        case '>': html += "&gt;"; break;
        case '"': html += "&quot;"; break;
        case '\'': html += "&#39;"; break;
        default: html += c;
        }
    }
    return html;
}

std::string untrusted(std::string_view text)
{
    std::string html = "<bdi>";
    for (const domain::TextPiece& piece : domain::visiblePieces(text))
        html += piece.isCode ? "<span class=\"code\">" + escaped(piece.text) + "</span>" : escaped(piece.text);
    return html + "</bdi>";
}

std::string svgOf(const Picture& picture)
{
    if (picture.empty())
        return {};
    std::string svg = fmt::format("<figure><svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">\n", picture.width,
                                  picture.height, escaped(domain::visibleText(picture.caption)));
    addLines(svg, picture);
    for (const auto& dot : picture.dots)
        svg += fmt::format("<circle class=\"{} {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.6\"/>\n", dot.filled ? "f" : "s hollow",
                           classOf(dot.ink), dot.x, dot.y);
    for (const auto& label : picture.labels)
        svg += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", classOf(label.ink),
                           label.x, label.y, nameOf(label.anchor), escaped(domain::visibleText(label.text)));
    return svg + "</svg><figcaption>" + escaped(domain::visibleText(picture.caption)) + "</figcaption></figure>\n";
}

void HtmlTable::head(std::initializer_list<std::string_view> titles)
{
    m_page += "<thead><tr>";
    for (const std::string_view title : titles) {
        const bool isNumber = title.starts_with('#');
        m_page += fmt::format("<th scope=\"col\"{}>{}</th>", isNumber ? " class=\"number\"" : "",
                              escaped(isNumber ? title.substr(1) : title));
    }
    m_page += "</tr></thead>\n<tbody>\n";
    m_inBody = true;
}

void HtmlTable::beginCell(std::string_view className)
{
    if (!m_inRow)
        m_page += "<tr>";
    m_inRow = true;
    m_page += className.empty() ? std::string{"<td>"} : fmt::format("<td class=\"{}\">", className);
}

HtmlTable& HtmlTable::cell(std::string_view html)
{
    beginCell({});
    m_page += html;
    m_page += "</td>";
    return *this;
}

HtmlTable& HtmlTable::number(std::string_view html)
{
    beginCell("number");
    m_page += html;
    m_page += "</td>";
    return *this;
}

void HtmlTable::endRow()
{
    m_page += "</tr>\n";
    m_inRow = false;
}

} // namespace scr::report
