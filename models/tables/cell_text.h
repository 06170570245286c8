#pragma once

#include <cstdint>
#include <string>

#include <QString>

#include "domain/flag.h"
#include "domain/keys.h"
#include "domain/time.h"

namespace scr::tables {

/// Untrusted text for a cell: hidden characters as [U+202E], never markup.
[[nodiscard]] QString shown(const std::string& untrusted);
/// The same within a sentence: of a long text its beginning, at most so many characters with the "…".
[[nodiscard]] QString shownShort(const std::string& untrusted, qsizetype characters = 80);

/// "14:02:11.040" of the same day's table, "12 Mar 14:02:11" across days; UTC.
[[nodiscard]] QString clockText(domain::UtcTime time);                    ///< HH:MM:SS.mmm
[[nodiscard]] QString dateTimeText(domain::UtcTime time);                 ///< 12 Mar 2026 14:02:11
[[nodiscard]] QString preciseTimeText(domain::UtcTime time);              ///< 12 Mar 2026 14:02:11.040
[[nodiscard]] QString fullTimeText(domain::UtcTime time);                 ///< 2026-03-12 14:02:11.040000 UTC
[[nodiscard]] QString ageText(domain::UtcTime then, domain::UtcTime now); ///< "4 m", "1 h", "3 d"
[[nodiscard]] QString numberText(double value);                           ///< thousands comma, U+2212 minus, no needless decimals
[[nodiscard]] QString signedText(double value);                           ///< with its sign
[[nodiscard]] QString countText(std::int64_t value, const char* one, const char* many); ///< "1 vote", "1,204 votes"

[[nodiscard]] QString titleOf(domain::DetectorId detector); ///< "Token burst"
[[nodiscard]] QString titleOf(domain::Severity severity);   ///< "Critical"

/// What a post is called on screen: its title, or "post 7" where the site has none.
[[nodiscard]] QString postName(const std::string& title, const domain::PostKey& post);

} // namespace scr::tables
