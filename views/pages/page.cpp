#include "pages/page.h"

namespace scr::pages {

std::vector<widgets::FilterChip> Page::parseFilter(const QString& /*text*/) const
{
    return {};
}

void Page::setFilterText(const QString& text)
{
    m_filterText = text;
}

} // namespace scr::pages
