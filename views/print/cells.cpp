#include "print/cells.h"

#include <fmt/format.h>

#include "report/wording.h"

namespace scr::print {

using theme::Role;

QString own(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QString arrow(const std::string& before, const std::string& after)
{
    return own(fmt::format("{} → {}", before, after));
}

QString rankMove(std::int64_t before, std::int64_t after)
{
    return arrow("#" + report::countText(before), "#" + report::countText(after));
}

Role moveInk(std::int64_t before, std::int64_t after) noexcept
{
    return after > before ? Role::WarningText : after < before ? Role::OkText : Role::Text3;
}

} // namespace scr::print
