#pragma once

#include <span>
#include <string_view>

namespace scr::embedded {

struct Text {
    std::string_view path; ///< below resources/, "sql/reference/0001_voting_system.sql"
    std::string_view body;
};

/// All embedded files, by path ascending.
[[nodiscard]] std::span<const Text> texts() noexcept;

/// The file of that path; empty when there is none, which for a path written in the program is a defect of the build.
[[nodiscard]] std::string_view text(std::string_view path) noexcept;

} // namespace scr::embedded
