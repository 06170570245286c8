#pragma once

#include <string>
#include <string_view>

#include "report/picture.h"

namespace scr::report {

/// For text of our own: & < > and quotes as character references.
[[nodiscard]] std::string escaped(std::string_view text);

/// For text of the site: past the gate that makes hidden characters visible, escaped, its direction kept to itself.
[[nodiscard]] std::string untrusted(std::string_view text);

[[nodiscard]] std::string svgOf(const Picture& picture);

/// Writes an HTML table row by row.
class HtmlTable {
public:
    HtmlTable(std::string& page, std::string_view className) : m_page{page}
    {
        m_page += "<table class=\"";
        m_page += className;
        m_page += "\">\n";
    }
    HtmlTable(const HtmlTable&) = delete;
    HtmlTable& operator=(const HtmlTable&) = delete;
    ~HtmlTable() { m_page += m_inBody ? "</tbody></table>\n" : "</table>\n"; }

    /// Titles that begin with '#' head a column of numbers.
    void head(std::initializer_list<std::string_view> titles);
    HtmlTable& cell(std::string_view html);
    HtmlTable& number(std::string_view html);
    void endRow();

private:
    void beginCell(std::string_view className);

    std::string& m_page;
    bool m_inBody = false;
    bool m_inRow = false;
};

} // namespace scr::report
