#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

#include "domain/vote_columns.h"

namespace scr::detect {

/// Rows between two looks at whether to go on.
inline constexpr std::size_t kReportEvery = std::size_t{1} << 16U;

/// Sums up what the scan's threads have done and asks, one thread at a time, whether to go on.
class Progress {
public:
    Progress(const domain::KeepGoing& keepGoing, std::uint64_t total) : m_keepGoing{keepGoing}, m_total{total} {}

    /// False from the first refusal on, for every thread.
    [[nodiscard]] bool advance(std::uint64_t rows)
    {
        const std::lock_guard lock{m_mutex};
        m_done += rows;
        if (!m_stopped && m_keepGoing && !m_keepGoing(std::min(m_done, m_total), m_total))
            m_stopped = true;
        return !m_stopped;
    }

    [[nodiscard]] bool stopped() const noexcept { return m_stopped; }

private:
    const domain::KeepGoing& m_keepGoing;
    std::uint64_t m_total;
    std::uint64_t m_done = 0;
    std::mutex m_mutex;
    std::atomic<bool> m_stopped = false;
};

/// Runs `body(row)` over [0, rows) and looks at the progress every kReportEvery rows; false when it was stopped.
template <class Body>
[[nodiscard]] bool forRows(std::size_t rows, Progress& progress, Body body)
{
    for (std::size_t begin = 0; begin < rows; begin += kReportEvery) {
        const std::size_t end = std::min(rows, begin + kReportEvery);
        for (std::size_t row = begin; row < end; ++row)
            body(row);
        if (!progress.advance(end - begin))
            return false;
    }
    return true;
}

} // namespace scr::detect
