#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "domain/result.h"

namespace scr::seal {

/// What was signed last for each origin, and which origin that is, kept outside the database: a folder with a lock, so that
/// sealers of one machine sign one after the other.
class SignedState {
public:
    explicit SignedState(std::filesystem::path directory) : m_directory{std::move(directory)} {}

    /// Holds the lock of the folder until it goes.
    class Lock {
    public:
        Lock(Lock&& other) noexcept : m_fd{std::exchange(other.m_fd, -1)} {}
        Lock& operator=(Lock&&) = delete;
        ~Lock();

    private:
        friend class SignedState;
        explicit Lock(int fd) : m_fd{fd} {}
        int m_fd;
    };
    [[nodiscard]] domain::Result<Lock> lock() const; ///< waits; makes the folder (0700) when it is missing

    /// The note that was kept; nothing where none was. A file that cannot be read is an error, as another would take its place.
    [[nodiscard]] domain::Result<std::optional<std::string>> note(const std::string& origin) const;
    /// Whole or not at all, and on disk when this returns.
    [[nodiscard]] domain::Status keep(const std::string& origin, const std::string& note) const;
    /// The origin that is sealed with the key of that name; nothing before the first. It moves when a person begins a new epoch
    /// and at no other time: what the database says of it is not believed.
    [[nodiscard]] domain::Result<std::optional<std::string>> origin(const std::string& keyName) const;
    [[nodiscard]] domain::Status keepOrigin(const std::string& keyName, const std::string& origin) const;

private:
    [[nodiscard]] domain::Result<std::optional<std::string>> textIn(const std::filesystem::path& path) const;
    [[nodiscard]] std::filesystem::path fileOf(const std::string& name, const char* suffix) const;

    std::filesystem::path m_directory;
};

} // namespace scr::seal
