#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace scr::evidence {

enum class Cell { Text, Integer, Real, Time };

struct Column {
    std::string_view name;
    Cell cell = Cell::Text;
};

/// A table of a pack, data/rows/NAME.csv. The columns that a verifier looks at are those of FORMAT.md, in its order.
struct TableLayout {
    std::string_view name;
    std::span<const Column> columns;
};
[[nodiscard]] inline std::string pathOf(const TableLayout& layout)
{
    return "data/rows/" + std::string{layout.name} + ".csv";
}

namespace columns {

inline constexpr std::array kTokens{Column{"token"}, Column{"pseudonym"}, Column{"label"}, Column{"created_at", Cell::Time},
                                    Column{"state"}};
inline constexpr std::array kOrigins{Column{"origin"}, Column{"pseudonym"}};
inline constexpr std::array kPosts{Column{"post"}, Column{"title"}, Column{"author"}, Column{"created_at", Cell::Time},
                                   Column{"counter", Cell::Real}};
inline constexpr std::array kScores{Column{"post"}, Column{"title"}, Column{"score_before", Cell::Real},
                                    Column{"flagged_before", Cell::Real}};
inline constexpr std::array kVotes{Column{"vote_key"},
                                   Column{"token"},
                                   Column{"post"},
                                   Column{"author"},
                                   Column{"value", Cell::Real},
                                   Column{"cast_at", Cell::Time},
                                   Column{"origin"},
                                   Column{"state"}};
inline constexpr std::array kReviewed{Column{"request"},
                                      Column{"vote_key"},
                                      Column{"token"},
                                      Column{"post"},
                                      Column{"value", Cell::Real},
                                      Column{"cast_at_micros", Cell::Integer},
                                      Column{"state"},
                                      Column{"author"},
                                      Column{"origin"}};
inline constexpr std::array kRequests{Column{"number"},
                                      Column{"request"},
                                      Column{"kind"},
                                      Column{"state"},
                                      Column{"votes", Cell::Integer},
                                      Column{"posts", Cell::Integer},
                                      Column{"requested_by"},
                                      Column{"approved_by"},
                                      Column{"requested_at", Cell::Time},
                                      Column{"committed_at", Cell::Time},
                                      Column{"reason"},
                                      Column{"flags"},
                                      Column{"restores"},
                                      Column{"restored_by"},
                                      Column{"digest"},
                                      Column{"withdrawn_by"},
                                      Column{"withdrawn_at", Cell::Time},
                                      Column{"withdrawal_reason"},
                                      Column{"standing", Cell::Integer}};
inline constexpr std::array kAttempts{Column{"leaf", Cell::Integer},
                                      Column{"attempt_key"},
                                      Column{"action"},
                                      Column{"token"},
                                      Column{"post"},
                                      Column{"value", Cell::Real},
                                      Column{"attempted_at", Cell::Time},
                                      Column{"finished_at", Cell::Time},
                                      Column{"outcome"},
                                      Column{"sqlstate"},
                                      Column{"vote_key"},
                                      Column{"origin"},
                                      Column{"request_key"}};
inline constexpr std::array kDecisions{Column{"leaf", Cell::Integer},
                                       Column{"entry_key"},
                                       Column{"at", Cell::Time},
                                       Column{"kind"},
                                       Column{"subject"},
                                       Column{"outcome"},
                                       Column{"actor"},
                                       Column{"detail"},
                                       Column{"digest"}};
inline constexpr std::array kControls{Column{"control"}, Column{"state"}, Column{"evidence"}, Column{"checked_at", Cell::Time},
                                      Column{"since", Cell::Time}};

} // namespace columns

inline constexpr TableLayout kTokens{"tokens", columns::kTokens};
inline constexpr TableLayout kOrigins{"origins", columns::kOrigins};
inline constexpr TableLayout kPosts{"posts", columns::kPosts};
inline constexpr TableLayout kScores{"scores", columns::kScores};
inline constexpr TableLayout kVotes{"votes", columns::kVotes};
inline constexpr TableLayout kReviewed{"voided_votes", columns::kReviewed};
inline constexpr TableLayout kRequests{"voids", columns::kRequests};
inline constexpr TableLayout kAttempts{"attempts", columns::kAttempts};
inline constexpr TableLayout kDecisions{"decisions", columns::kDecisions};
inline constexpr TableLayout kControls{"controls", columns::kControls};

} // namespace scr::evidence
