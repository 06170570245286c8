#pragma once

#include <cstdint>

#include "domain/connection.h"
#include "ports/scan_source.h"

namespace scr::store {

struct CopyScanOptions {
    unsigned connections = 0; ///< 0: as many as pay off
    bool attempts = true;     ///< read the attempt log where there is one
    bool counters = true;     ///< read the posts' counters where there are any and the range is all time
    bool storedVotes = true;  ///< false: the voided votes are always left out by the server
    /// With more attempts than this their SQLSTATE and origin are left out: evidence grows poorer, memory stays bounded.
    std::uint64_t attemptTextLimit = 2'000'000;
};

/// The vote stream: binary COPY over several connections that share one snapshot, straight into columns.
class CopyScanSource final : public ports::ScanSource {
public:
    explicit CopyScanSource(domain::ConnectionTarget target, CopyScanOptions options = {});

    [[nodiscard]] domain::Result<domain::ScanInput> read(const domain::TimeRange& range,
                                                         const domain::KeepGoing& keepGoing) override;

private:
    domain::ConnectionTarget m_target;
    CopyScanOptions m_options;
};

} // namespace scr::store
