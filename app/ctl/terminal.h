#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/result.h"

namespace scr::ctl {

/// From now on Ctrl-C asks the running verb to stop; a second one ends the program at once.
void catchInterrupts();
[[nodiscard]] bool stopRequested() noexcept;

/// Writes the error to standard error as one sentence and what to do; returns kCouldNot.
int report(const domain::Error& error);
void warn(std::string_view sentence);

/// A line of progress on standard error, and only when that is a terminal. Answers whether to go on, so it fits KeepGoing.
class Progress {
public:
    explicit Progress(std::string what);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();

    void setWhat(std::string_view what) { m_what = what; }
    void setRows(std::uint64_t rows) noexcept { m_rows = rows; } ///< shown as rows and rows/s beside the percentage
    bool operator()(std::uint64_t done, std::uint64_t total);

private:
    using Clock = std::chrono::steady_clock;

    std::string m_what;
    std::uint64_t m_rows = 0;
    Clock::time_point m_start = Clock::now();
    Clock::time_point m_shown{};
    bool m_terminal;
    bool m_dirty = false;
};

/// Flushes standard output; a full disk or a closed pipe shows here and not earlier.
[[nodiscard]] domain::Status finishOutput();
/// The same at the end of a verb that has changed a database: the exit code says that it did, also where nobody can read the
/// rest.
[[nodiscard]] int finishDone(std::string_view whatWasDone);

} // namespace scr::ctl
