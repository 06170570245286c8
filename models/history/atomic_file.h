#pragma once

#include <string>
#include <string_view>

#include "domain/result.h"

namespace scr::history {

/// A file that is there complete or not at all: written beside its place, synced, then renamed over it. Destroyed before commit()
/// it leaves nothing, and what stood at its place before stays. A symbolic link stays one: the file that it names is replaced.
/// A pipe or a device, and standard output under the name "-", cannot be replaced and is written straight.
class AtomicFile {
public:
    [[nodiscard]] static domain::Result<AtomicFile> create(const std::string& path);
    AtomicFile(AtomicFile&& other) noexcept;
    AtomicFile& operator=(AtomicFile&& other) noexcept;
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;
    ~AtomicFile();

    [[nodiscard]] domain::Status write(std::string_view bytes);
    /// What was written so far is on the disk, not yet in its place; after it little is left for commit() to fail at.
    [[nodiscard]] domain::Status sync();
    [[nodiscard]] domain::Status commit();
    [[nodiscard]] const std::string& path() const noexcept { return m_path; }

private:
    AtomicFile(std::string path, std::string temporary, int fd);
    [[nodiscard]] bool isStraight() const noexcept { return m_temporary.empty(); }
    void discard() noexcept;

    std::string m_path;
    std::string m_temporary;
    int m_fd = -1;
};

/// The whole text in one go.
[[nodiscard]] domain::Status writeFile(const std::string& path, std::string_view text);

} // namespace scr::history
