#pragma once

#include <chrono>

#include "domain/result.h"
#include "domain/time.h"
#include "domain/vote_columns.h"

namespace scr::ports {

/// What a source gained since the last look. Blocking: called from a job's thread, never from the window's. After an error of the
/// connection the next call connects anew and goes on where it was.
class ChangeFeed {
public:
    ChangeFeed() = default;
    ChangeFeed(const ChangeFeed&) = delete;
    ChangeFeed& operator=(const ChangeFeed&) = delete;
    virtual ~ChangeFeed() = default;

    enum class Look {
        Recent,  ///< rows of the last minutes: cheap, misses what a transaction of an hour brings at its end
        Thorough ///< all rows from the window's begin on: what any transaction committed since the last thorough look
    };

    /// From here on everything that is committed is new; `from` is the begin of the window that is looked at.
    [[nodiscard]] virtual domain::Status begin(domain::UtcTime from) = 0;
    /// The window begins later from now on; what counts as new stays as it is.
    virtual void moveWindow(domain::UtcTime from) = 0;
    /// Counted votes and attempts that were committed since the look before, by the difference of snapshots, with the authors of
    /// their posts. A row may come once from each kind of look.
    [[nodiscard]] virtual domain::Result<domain::ScanInput> read(Look look) = 0;
    /// Until the source says that something came, at most so long. The hint only hastens the next look.
    virtual void wait(std::chrono::milliseconds longest) = 0;
    /// From any thread: ends what is being read, and what would be read before the next begin().
    virtual void stop() = 0;
};

} // namespace scr::ports
