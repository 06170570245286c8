#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "demo/private_server.h"

namespace scr::bench {

/// A private server with a simulated history of so many votes, in which some fraud was planted.
class BenchSite {
public:
    /// With a `directory` the server's files are kept there and found again; else they go when the program ends.
    BenchSite(std::uint64_t votes, const std::filesystem::path& directory);
    BenchSite(const BenchSite&) = delete;
    BenchSite& operator=(const BenchSite&) = delete;
    ~BenchSite();

    [[nodiscard]] domain::ConnectionTarget reader() const { return m_server->target("bench", "reader"); }
    /// All rows as text.
    [[nodiscard]] std::vector<std::vector<std::string>> rows(const std::string& sql) const;

private:
    void load(std::uint64_t votes);

    bool m_kept;
    std::filesystem::path m_directory;
    std::optional<demo::PrivateServer> m_server;
};

/// The value, or the end of the program with the error's words.
template <class T>
T required(domain::Result<T> result)
{
    if (!result)
        throw std::runtime_error{domain::sentenceOf(result.error())};
    return std::move(*result);
}

} // namespace scr::bench
