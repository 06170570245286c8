#pragma once

#include <functional>
#include <vector>

#include <QString>

#include "domain/result.h"
#include "query/terms.h"
#include "widgets/filter_bar.h"

namespace scr::pages {

/// Chips of a filter text, one a term; `check` says of one term alone whether the page's language takes it.
[[nodiscard]] std::vector<widgets::FilterChip> chipsOf(const QString& text,
                                                       const std::function<domain::Status(const std::string& term)>& check);

} // namespace scr::pages
