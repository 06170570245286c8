#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/note.h"
#include "domain/connection.h"
#include "domain/result.h"
#include "domain/source.h"
#include "domain/vote_columns.h"
#include "jobs/make_evidence.h"
#include "query/query.h"

namespace scr::packing {

/// A pack that somebody asked for.
struct PackRequest {
    domain::ConnectionTarget reader;
    domain::Source source; ///< as probed at connect
    query::Query query;
    std::string path;       ///< a new folder, or FILE.tar
    std::string keyFile;    ///< the exporter's private key; empty: the one that the profile names
    bool isRedacted{};      ///< people under names that are made up
    std::string saltFile{}; ///< what these are made with; empty: the one that the profile names, else one in the state folder
    audit::VerifierKey logKey{};
    std::optional<std::uint64_t> size{}; ///< of the checkpoint that is to vouch for it; nothing: the newest
    std::string program;
    std::vector<audit::VerifierKey> witnesses{}; ///< besides, those that the profile names
};

struct MadePack {
    jobs::MadePack pack;
    std::string newSalt; ///< file that was made for this; empty: none was
};

/// Makes the pack, verifies it with the stand-alone verifier, and has `log` write to the audit log that it was made before it is
/// put into its place; without that it is not made. Blocking. Fault::Invalid: no key is named, or the filter names somebody whose
/// name the pack should not have.
[[nodiscard]] domain::Result<MadePack> makePack(PackRequest request,
                                                const std::function<domain::Status(const std::string& what)>& log,
                                                const domain::KeepGoing& keepGoing);

} // namespace scr::packing
