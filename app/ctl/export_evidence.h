#pragma once

#include <functional>
#include <optional>
#include <string>

#include "domain/connection.h"
#include "domain/result.h"
#include "domain/time.h"

namespace scr::ctl {

struct EvidenceOptions {
    std::string path; ///< a new folder, or FILE.tar
    std::string key;  ///< file of the exporter's private key
    std::string salt; ///< file of the salt that names are made with; one that is not there is made; empty: with names
    std::optional<std::uint64_t> size;
};

/// Makes an evidence pack. `log` writes to the audit log that it was made, before it is put into its place.
[[nodiscard]] domain::Status exportEvidence(const std::string& service, const EvidenceOptions& options, const std::string& filter,
                                            const domain::TimeRange& period,
                                            const std::function<domain::Status(const std::string&)>& log);

} // namespace scr::ctl
