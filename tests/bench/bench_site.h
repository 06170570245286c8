#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "demo/private_server.h"
#include "truth.h"

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
    [[nodiscard]] Truth truth() const; ///< simulated anew; the database does not hold it
    /// All rows as text; of several statements those of the last.
    [[nodiscard]] std::vector<std::vector<std::string>> rows(const std::string& sql) const;

private:
    void load(std::uint64_t votes);

    std::uint64_t m_votes;
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
