#pragma once

#include <cstdint>
#include <string>

#include "domain/result.h"
#include "domain/source.h"
#include "domain/time.h"

namespace scr::packed {

/// What a pack says of itself in data/pack.json; the exporter's word, until it has been verified.
struct PackDescription {
    std::string origin; ///< of the checkpoint
    std::uint64_t size{};
    std::string logKey;
    std::string exporter; ///< public key
    std::string site;
    std::string adapter;
    std::string madeBy; ///< login
    std::string program;
    std::string filter; ///< as text
    domain::Environment environment = domain::Environment::Production;
    domain::TimeRange period;
    domain::UtcTime signedAt{}; ///< of the checkpoint, by the database's clock
    bool isChosen{};            ///< by the filter: not all attempts of the period have a row
    bool hasPseudonyms{};       ///< people have names that were made up
};

/// A pack as a folder. That its files are what was given out says scrutineer-verify, not this.
class PackFolder {
public:
    /// Fault::NotFound: no such folder. Fault::Corrupt: it is no evidence pack, or one of another version.
    [[nodiscard]] static domain::Result<PackFolder> open(const std::string& folder);

    [[nodiscard]] const PackDescription& description() const noexcept { return m_description; }
    [[nodiscard]] const std::string& path() const noexcept { return m_folder; }
    [[nodiscard]] std::string placeOf(const std::string& path) const { return m_folder + '/' + path; }
    /// All bytes of a plain file. Fault::NotFound when it is not there, Fault::Corrupt when it is longer than `most`.
    [[nodiscard]] domain::Result<std::string> read(const std::string& path, std::uint64_t most) const;
    [[nodiscard]] bool has(const std::string& path) const; ///< a plain file, no link to one

private:
    explicit PackFolder(std::string folder) : m_folder{std::move(folder)} {}

    std::string m_folder;
    PackDescription m_description;
};

/// How the console shows a pack as its source.
[[nodiscard]] domain::Source sourceOf(const PackDescription& description, const std::string& path);

} // namespace scr::packed
