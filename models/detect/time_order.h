#pragma once

#include <cstdint>
#include <vector>

namespace scr::detect {

/// Rows in the order of time, then of row.
class TimeOrder {
public:
    TimeOrder() = default;
    explicit TimeOrder(const std::vector<std::int64_t>& times); ///< must outlive this

    [[nodiscard]] std::size_t size() const noexcept { return m_times == nullptr ? 0 : m_times->size(); }
    [[nodiscard]] std::uint32_t row(std::size_t place) const noexcept
    {
        return m_order.empty() ? static_cast<std::uint32_t>(place) : m_order[place];
    }
    /// How many times lie in [from, to].
    [[nodiscard]] std::size_t countBetween(std::int64_t from, std::int64_t to) const noexcept;

private:
    [[nodiscard]] std::size_t firstNotBefore(std::int64_t time) const noexcept;

    const std::vector<std::int64_t>* m_times = nullptr;
    std::vector<std::uint32_t> m_order; ///< empty when the rows are in order as they are
};

} // namespace scr::detect
