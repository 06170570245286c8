#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"
#include "domain/review.h"

namespace scr::tables {

/// Which flags the queue shows, all conditions together.
struct FlagFilter {
    std::vector<domain::FlagState> states; ///< empty: any
    domain::Severity atLeast = domain::Severity::Low;
    std::vector<domain::DetectorId> detectors; ///< empty: any
    std::string token;                         ///< equals one of the flag's tokens; empty: any
    std::string post;
    std::optional<std::int64_t> moreVotesThan;
    std::string inCaseOf; ///< a flag's key: those that belong together with it; empty: any
    std::string text;     ///< contained in subject, label, headline or key, whatever the case

    friend bool operator==(const FlagFilter&, const FlagFilter&) = default;
};

/// Reads "state=open severity>=medium detector=token_burst token=tok_7 votes>20 lumen"; a name given twice means either where it
/// can ("state=open state=snoozed"). An error names the term and what is accepted.
[[nodiscard]] domain::Result<FlagFilter> parseFlagFilter(std::string_view text);

} // namespace scr::tables
