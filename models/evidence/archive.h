#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/result.h"

namespace scr::evidence {

/// Whether a pack of that name is one file.
[[nodiscard]] bool isArchive(std::string_view path) noexcept;

/// Whether a file of a pack can be in one: ustar has its limits.
[[nodiscard]] bool fitsArchive(std::string_view path, std::uint64_t size) noexcept;

/// All files of the folder as one tar file in the one form that FORMAT.md gives, complete or not at all. No library writes its
/// headers so that another one can make the same bytes, which is what a verifier demands.
[[nodiscard]] domain::Status writeArchive(const std::string& folder, const std::string& path);

} // namespace scr::evidence
