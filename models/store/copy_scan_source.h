#pragma once

#include <cstdint>
#include <functional>
#include <string>

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
    /// Called when the votes are read and their snapshot is still there to be shared; blocking. A failure ends the reading.
    std::function<domain::Status(const std::string& snapshot)> inSnapshot{};
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
