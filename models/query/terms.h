#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"
#include "query/query.h"

namespace scr::query {

/// One word of a filter text before anybody knows what its name means: `votes>20` or, without an operator, free text.
struct RawTerm {
    std::string name; ///< empty: free text
    Op op = Op::Equal;
    std::string value;
    std::string source; ///< as it was typed

    friend bool operator==(const RawTerm&, const RawTerm&) = default;
};

/// Splits at spaces outside double quotes (inside them a backslash keeps the next character as it is); a colon stands for "=".
/// Shared by the filter languages of all pages. Errors: an open quote, an operator without a name or a value.
[[nodiscard]] domain::Result<std::vector<RawTerm>> splitTerms(std::string_view text);

/// The value as a term's text needs it: in quotes when it holds a space, a quote or an operator.
[[nodiscard]] std::string quotedValue(std::string_view value);

} // namespace scr::query
