#pragma once

#include <functional>
#include <string>
#include <vector>

#include "domain/control.h"
#include "domain/result.h"

namespace scr::ports {

/// Looks at the safeguards of the voting system. Blocking: called from a job's thread, never from the window's.
class ControlSource {
public:
    ControlSource() = default;
    ControlSource(const ControlSource&) = delete;
    ControlSource& operator=(const ControlSource&) = delete;
    virtual ~ControlSource() = default;

    /// What there is to check, in the order in which it is listed; asks nobody and does not block.
    [[nodiscard]] virtual std::vector<domain::Control> list() const = 0;
    /// Checks those named, all where none is. `keepGoing(done, total)` is called between two of them; false ends with
    /// Fault::Cancelled.
    [[nodiscard]] virtual domain::Result<std::vector<domain::Control>>
    check(const std::vector<std::string>& names, const std::function<bool(std::size_t done, std::size_t total)>& keepGoing) = 0;
};

} // namespace scr::ports
