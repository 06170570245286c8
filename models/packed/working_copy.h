#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "domain/audit_reading.h"
#include "domain/result.h"
#include "domain/vote_columns.h"
#include "packed/pack_folder.h"

namespace scr::packed {

/// A pack that is open: its files, and the rows that a verifier looks at once more as a database with the indexes that pages
/// need, in a folder of its own that goes with it.
struct OpenPack {
    PackFolder folder;
    std::string database;                      ///< path of the working copy, see PackSession
    std::vector<domain::FlagReading> flags;    ///< with their decisions, oldest first; worst flag first
    std::vector<std::string> remarks;          ///< what could not be read, in sentences
    std::map<std::string, std::string> read{}; ///< SHA-256, hex, of the files that this was made from, by path
    std::shared_ptr<const void> scratch{};     ///< removes the files when the last one lets go
};

/// Whether the manifest lists the files that this was made from as they were then. Whoever shows it beside a verdict of the same
/// folder must ask: somebody may have put another pack into its place.
[[nodiscard]] bool isAsListed(const OpenPack& pack);

/// Reads a folder or a .tar file, of which the folder of what was in it is then the pack. Tables come from the CSV files, which
/// are what is verified, not from the pack's own database. A row that is malformed is left out and told; a table that is missing
/// is empty. Nothing is believed: that is the verifier's business. Needs about as much room as the pack in the folder for
/// temporary files. Blocking.
[[nodiscard]] domain::Result<std::shared_ptr<const OpenPack>> openPack(const std::string& path,
                                                                       const domain::KeepGoing& keepGoing);

} // namespace scr::packed
