#pragma once

#include <span>
#include <string>
#include <string_view>

#include "domain/history_row.h"

namespace scr::history {

/// A column of a history file and how its cell goes into a row. `take` answers with what is wrong with the cell, or nothing.
template <class Row>
struct Column {
    std::string_view name;
    bool required;
    std::string (*take)(Row& row, std::string_view column, std::string_view cell);
    std::string (*takeForScan)(Row& row, std::string_view column, std::string_view cell) = take; ///< where a scan takes more
};

/// In the order in which the writers put them.
template <class Row>
[[nodiscard]] std::span<const Column<Row>> columnsOf() noexcept;

template <>
[[nodiscard]] std::span<const Column<domain::HistoryVote>> columnsOf() noexcept;
template <>
[[nodiscard]] std::span<const Column<domain::HistoryAttempt>> columnsOf() noexcept;
template <>
[[nodiscard]] std::span<const Column<domain::HistoryPost>> columnsOf() noexcept;
template <>
[[nodiscard]] std::span<const Column<domain::HistoryToken>> columnsOf() noexcept;

/// Values of cells that a file need not have: a vote counts one.
inline void setDefaults(domain::HistoryVote& row) noexcept
{
    row.value = 1;
}
inline void setDefaults(domain::HistoryAttempt& row) noexcept
{
    row.value = 1;
}
inline void setDefaults(domain::HistoryPost&) noexcept {}
inline void setDefaults(domain::HistoryToken&) noexcept {}

/// What is wrong with a row whose cells are fine one by one; empty when nothing is.
[[nodiscard]] std::string contradictionIn(const domain::HistoryVote& row);
[[nodiscard]] std::string contradictionIn(const domain::HistoryAttempt& row);
[[nodiscard]] std::string contradictionIn(const domain::HistoryPost& row);
[[nodiscard]] std::string contradictionIn(const domain::HistoryToken& row);

/// A cell as an error shows it: short, and nothing in it that could act on a terminal.
[[nodiscard]] std::string shownCell(std::string_view cell);

} // namespace scr::history
