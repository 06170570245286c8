#include "domain/spreadsheet.h"

#include <charconv>
#include <cmath>

namespace scr::domain {

namespace {

/// What a spreadsheet takes for the beginning of a formula, also behind white space and in its full-width forms.
bool couldRun(std::string_view cell) noexcept
{
    if (cell.empty())
        return false;
    if (cell.front() == '\t' || cell.front() == '\r' || cell.front() == '\n')
        return true;
    const std::size_t first = cell.find_first_not_of(" \"'\t\r\n");
    if (first == std::string_view::npos)
        return false;
    const std::string_view rest = cell.substr(first);
    for (const std::string_view sign : {"=", "+", "-", "@", "＝", "＋", "－", "＠"}) {
        if (rest.starts_with(sign))
            return true;
    }
    return false;
}

bool isPlainNumber(std::string_view cell) noexcept
{
    if (cell.starts_with('+'))
        cell.remove_prefix(1);
    double number = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    return error == std::errc{} && end == cell.data() + cell.size() && std::isfinite(number);
}

} // namespace

std::string inertCell(std::string_view cell)
{
    std::string inert = couldRun(cell) && !isPlainNumber(cell) ? "'" : "";
    inert += cell;
    return inert;
}

} // namespace scr::domain
