#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/result.h"
#include "domain/vote_columns.h"

namespace scr::evidence {

/// Whether a pack of that name is one file.
[[nodiscard]] bool isArchive(std::string_view path) noexcept;

/// Whether a file of a pack can be in one: ustar has its limits.
[[nodiscard]] bool fitsArchive(std::string_view path, std::uint64_t size) noexcept;

/// All files of the folder as one tar file in the one form that FORMAT.md gives, complete or not at all. No library writes its
/// headers so that another one can make the same bytes, which is what a verifier demands.
[[nodiscard]] domain::Status writeArchive(const std::string& folder, const std::string& path);

/// The files of such an archive into a folder that is there and empty; whether they are to be believed is not looked at.
/// Fault::Corrupt for anything that writeArchive does not write; then some files may be there.
[[nodiscard]] domain::Status unpackArchive(const std::string& path, const std::string& folder,
                                           const domain::KeepGoing& keepGoing);

} // namespace scr::evidence
