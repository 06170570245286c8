#pragma once

#include <string>

namespace scr::verify {

struct Keys {
    std::string exporter; ///< minisign's text form; empty: that of the pack
    std::string log;      ///< "name+id+base64"; empty: that of the pack
};

struct Verdict {
    bool isGood = false;
    std::string text; ///< what is printed
};

/// Everything FORMAT.md says, of a folder or an archive. Throws std::system_error when it cannot be read, and
/// std::invalid_argument when a key is none.
[[nodiscard]] Verdict verifyPack(const std::string& path, const Keys& keys);

} // namespace scr::verify
