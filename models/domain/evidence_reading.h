#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/audit_reading.h"
#include "domain/control.h"
#include "domain/keys.h"
#include "domain/time.h"
#include "domain/vote.h"

namespace scr::domain {

/// Whom a pseudonym in the log's entries stands for.
struct PackToken {
    TokenKey token;
    std::string pseudonym; ///< 32 hexadecimal digits
    std::string label;
    std::optional<UtcTime> createdAt;
    std::string state;
};
struct PackOrigin {
    std::string origin;
    std::string pseudonym;
};

/// A vote with its value as PostgreSQL writes it: digests are over that text.
struct PackVote {
    VoteKey key;
    TokenKey token;
    PostKey post;
    AuthorKey author;
    std::string value;
    UtcTime castAt{};
    std::string origin;
    std::string state;
};

/// What the newest recorded check of a control found.
struct RecordedControl {
    std::string name;
    std::string state;
    std::string evidence;
    UtcTime checkedAt{};
    UtcTime since{};
};

/// What an evidence pack is made from beside the rows that are handed over one by one.
struct EvidenceReading {
    AuditReading report;                ///< its requests: without votes, and only what a sealed entry stands for
    std::vector<std::uint64_t> bundles; ///< which 256 leaves of the log hold what the pack is about, ascending
    std::vector<std::uint64_t> chosen;  ///< leaves of the attempts that the filter chose, ascending; empty without a filter
};

} // namespace scr::domain
