#pragma once

#include <optional>
#include <string>

namespace scr::verify {

struct Keys {
    std::optional<std::string> exporter; ///< minisign's text form; nothing: that of the pack
    std::optional<std::string> log;      ///< "name+id+base64"; nothing: that of the pack
};

struct Verdict {
    bool isGood = false;
    std::string text; ///< what is printed
};

/// Everything FORMAT.md says, of a folder or an archive. Throws std::system_error when it cannot be read, and
/// std::invalid_argument when a key is none.
[[nodiscard]] Verdict verifyPack(const std::string& path, const Keys& keys);

} // namespace scr::verify
