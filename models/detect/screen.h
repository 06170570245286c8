#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "domain/network.h"
#include "domain/vote_columns.h"

namespace scr::detect {

/// One counted vote on its way through the suite, in the order of time.
struct VoteEvent {
    std::int64_t at{}; ///< when it was cast, microseconds
    domain::Index token{};
    domain::Index post{};
    domain::Index author = domain::kNoIndex;
    domain::Index network = domain::kNoIndex;
    domain::NetworkCode networkCode{}; ///< 0 where not known
    float value{};
    std::uint8_t host{}; ///< as in VoteColumns; 0 where not known
};

/// Looks at every vote once, in bounded memory and bounded time, and names what deserves a second look with all its rows at
/// hand. It may name the innocent; what it does not name is not looked at again.
class Screen {
public:
    Screen() = default;
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;
    virtual ~Screen() = default;

    /// Votes in ascending time; how they are cut into calls makes no difference.
    virtual void see(std::span<const VoteEvent> votes) = 0;
    [[nodiscard]] virtual std::size_t bytes() const noexcept = 0; ///< all it will ever hold
    /// Suspects beyond what its lists hold, counted when these were taken.
    [[nodiscard]] virtual std::uint64_t dropped() const noexcept = 0;
};

/// Collects distinct suspects up to a limit; later ones are dropped and counted.
template <class Suspect>
class Suspects {
public:
    explicit Suspects(std::size_t limit) : m_limit{limit} {}

    void add(const Suspect& suspect)
    {
        if (m_found.size() < 2 * m_limit)
            m_found.push_back(suspect);
        if (m_found.size() == 2 * m_limit)
            tidy();
    }
    /// Ascending, each once.
    [[nodiscard]] std::vector<Suspect> take()
    {
        tidy();
        return std::move(m_found);
    }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return m_dropped; }
    [[nodiscard]] std::size_t bytes() const noexcept { return 2 * m_limit * sizeof(Suspect); }

private:
    void tidy()
    {
        std::sort(m_found.begin(), m_found.end());
        m_found.erase(std::unique(m_found.begin(), m_found.end()), m_found.end());
        if (m_found.size() > m_limit) {
            m_dropped += m_found.size() - m_limit;
            m_found.resize(m_limit);
        }
    }

    std::size_t m_limit;
    std::vector<Suspect> m_found;
    std::uint64_t m_dropped = 0;
};

} // namespace scr::detect
