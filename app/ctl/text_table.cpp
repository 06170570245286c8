#include "ctl/text_table.h"

#include <algorithm>
#include <cstddef>

#include "domain/visible_text.h"

namespace scr::ctl {

namespace {

constexpr std::size_t kWidestCell = 44;

std::size_t widthOf(const std::string& utf8)
{
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

} // namespace

std::string cellText(const std::string& untrusted)
{
    std::string text = domain::visibleText(untrusted);
    if (widthOf(text) <= kWidestCell)
        return text;
    std::size_t end = 0; // cut between characters, never within one
    for (std::size_t seen = 0; seen < kWidestCell; ++end) {
        if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U)
            ++seen;
    }
    text.resize(end - 1);
    return text + "…";
}

std::string alignedText(const std::vector<std::vector<std::string>>& rows)
{
    std::vector<std::size_t> widths;
    for (const std::vector<std::string>& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], widthOf(row[i]));
    }
    std::string text;
    for (const std::vector<std::string>& row : rows) {
        for (std::size_t i = 0; i + 1 < row.size(); ++i)
            text += row[i] + std::string(widths[i] - widthOf(row[i]) + 2, ' ');
        text += row.back() + '\n';
    }
    return text;
}

} // namespace scr::ctl
