#pragma once

#include <cstdint>
#include <exception>
#include <functional>
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

/// Asked from any thread, now and then, as bytes of files are hashed; false ends the verification.
using KeepGoing = std::function<bool(std::uint64_t doneBytes, std::uint64_t allBytes)>;
struct Stopped : std::exception {};

/// Everything FORMAT.md says, of a folder or an archive. Throws std::system_error when it cannot be read,
/// std::invalid_argument when a key is none, and Stopped.
[[nodiscard]] Verdict verifyPack(const std::string& path, const Keys& keys, const KeepGoing& keepGoing = {});

} // namespace scr::verify
