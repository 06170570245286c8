#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"

namespace scr::audit {

/// The layout of C2SP tlog-tiles: files of 256 hashes or entries, the last of a level with fewer.

/// "tile/0/x001/x234/067", with ".p/112" when the tile holds fewer than 256.
[[nodiscard]] std::string tilePath(int level, std::uint64_t number, std::uint64_t width);
/// "tile/entries/x001/x234/067".
[[nodiscard]] std::string bundlePath(std::uint64_t number, std::uint64_t width);
/// How many hashes the tile has in a log of `size` leaves; 0 when there is none.
[[nodiscard]] std::uint64_t tileWidth(int level, std::uint64_t number, std::uint64_t size);

/// Entries, each after its length in two bytes, the high one first.
void appendToBundle(std::string& bundle, std::string_view entry);
/// Views into `bundle`; Fault::Corrupt unless it is made of whole entries.
[[nodiscard]] domain::Result<std::vector<std::string_view>> entriesOf(std::string_view bundle);

} // namespace scr::audit
