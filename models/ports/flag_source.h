#pragma once

#include <string>
#include <vector>

#include <QFuture>

#include "domain/result.h"
#include "domain/review.h"
#include "query/query.h"

namespace scr::ports {

struct FlagList {
    std::vector<domain::RecordedFlag> flags;
    std::vector<std::string> unreadable; ///< a sentence about each flag that another version of the program recorded
    friend bool operator==(const FlagList&, const FlagList&) = default;
};

/// Recorded flags and their reviews.
class FlagSource {
public:
    FlagSource() = default;
    FlagSource(const FlagSource&) = delete;
    FlagSource& operator=(const FlagSource&) = delete;
    virtual ~FlagSource() = default;

    /// All flags whose window touches the query's time range, worst first (severity, then score). `flag.votes` and
    /// `flag.evidence` are filled. At most `limit`; those that are decided are left out first.
    [[nodiscard]] virtual QFuture<domain::Result<FlagList>> flags(const domain::TimeRange& range, int limit) = 0;
    /// One flag as it stands now; Fault::NotFound when it is gone.
    [[nodiscard]] virtual QFuture<domain::Result<domain::RecordedFlag>> flag(const domain::FlagKey& key) = 0;
    /// Reviews of one flag, newest first.
    [[nodiscard]] virtual QFuture<domain::Result<std::vector<domain::ReviewEntry>>> reviews(const domain::FlagKey& key) = 0;
};

} // namespace scr::ports
