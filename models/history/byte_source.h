#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "domain/result.h"

namespace scr::history {

/// Where the bytes of a history come from.
class ByteSource {
public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    virtual ~ByteSource() = default;

    [[nodiscard]] virtual domain::Result<std::size_t> read(std::span<char> into) = 0; ///< 0: the end
    [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;                    ///< 0: not known (a pipe)
};

/// "-" is standard input. A folder, a missing or unreadable file is an error that says so.
[[nodiscard]] domain::Result<std::unique_ptr<ByteSource>> openBytes(const std::string& path);
[[nodiscard]] std::unique_ptr<ByteSource> bytesOf(std::string text);

} // namespace scr::history
