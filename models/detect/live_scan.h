#pragma once

#include <memory>
#include <vector>

#include "detect/scan.h"
#include "domain/flag.h"
#include "domain/vote_columns.h"

namespace scr::detect {

/// A scan that goes on: holds the votes of a window and looks at what comes in. What one token does alone (duplicates, races,
/// bursts, metronomes, serial votes) is judged at once, against what was usual at the last whole scan; what takes many tokens
/// is found by the whole scans that the owner runs on copies of the window from time to time. All a flag rests on is in the
/// window, so a restart that reads the window anew sees what an uninterrupted run sees.
class LiveScan {
public:
    LiveScan(domain::ScanInput window, const Rules& rules);
    ~LiveScan();

    /// Takes what came and gives the flags about the tokens concerned, those from before included. Votes whose key is known are
    /// passed over, so what is given twice counts once.
    [[nodiscard]] std::vector<domain::Flag> take(domain::ScanInput batch);

    [[nodiscard]] const domain::ScanInput& window() const noexcept;
    /// Counts anew what is usual; to be called after much has come.
    void learn(const domain::KeepGoing& keepGoing);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace scr::detect
