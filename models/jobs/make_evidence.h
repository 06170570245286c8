#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "audit/minisign.h"
#include "audit/note.h"
#include "domain/result.h"
#include "domain/source.h"
#include "domain/vote_columns.h"
#include "evidence/redaction.h"
#include "ports/evidence_source.h"
#include "ports/log_source.h"
#include "query/query.h"

namespace scr::jobs {

struct PackOrder {
    query::Query query;
    std::string path;      ///< a new folder, or FILE.tar
    domain::Source source; ///< as probed at connect
    std::string program;   ///< "scrutineer 0.1.0"
    std::string rules;     ///< TOML
    audit::VerifierKey logKey;
    std::optional<std::uint64_t> size{}; ///< of the checkpoint that is to vouch for it; nothing: the newest
    evidence::Redaction redaction{};
    std::vector<audit::VerifierKey> witnesses{}; ///< whose signatures come first: a note holds 100, and anybody's may be stored
};

/// What is done before a pack is put into its place; an error leaves nothing there.
struct PackHooks {
    /// Whether the pack in that folder verifies.
    std::function<domain::Status(const std::string& folder)> verify;
    /// That a pack was made is an entry of the log itself.
    std::function<domain::Status(const std::string& what)> log;
};

struct MadePack {
    std::string manifest; ///< SHA-256 of the signed manifest, hex
    std::uint64_t size{}; ///< of the checkpoint
    std::uint64_t entries{};

    friend bool operator==(const MadePack&, const MadePack&) = default;
};

/// Makes an evidence pack: there whole and verified, or absent. Blocking. Fault::NotFound: nothing is sealed, or not to that
/// size. Fault::Corrupt: the log does not verify; then scrutineerctl verify says where.
[[nodiscard]] domain::Result<MadePack> makeEvidence(ports::LogSource& log, ports::EvidenceSource& source, const PackOrder& order,
                                                    const audit::MinisignKey& key, const PackHooks& hooks,
                                                    const domain::KeepGoing& keepGoing);

} // namespace scr::jobs
