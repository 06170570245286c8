#include "detect/attempt_storms.h"

#include <set>
#include <span>

namespace scr::detect {

namespace {

using domain::AttemptColumns;
using domain::AttemptOutcome;

/// A site that does not know when an attempt ended says that it ended when it began.
bool isKnownToLast(const AttemptColumns& attempts, std::uint32_t row) noexcept
{
    return attempts.finishedAt[row] > attempts.attemptedAt[row];
}

std::uint32_t mostInWindow(const AttemptColumns& attempts, std::span<const std::uint32_t> rows, std::int64_t window) noexcept
{
    std::size_t most = 0;
    std::size_t oldest = 0;
    for (std::size_t newest = 0; newest < rows.size(); ++newest) {
        while (attempts.attemptedAt[rows[newest]] - attempts.attemptedAt[rows[oldest]] > window)
            ++oldest;
        most = std::max(most, newest - oldest + 1);
    }
    return static_cast<std::uint32_t>(most);
}

/// Two attempts of which one ends in the moment the other begins do not overlap.
std::uint32_t deepestOverlap(const AttemptColumns& attempts, std::span<const std::uint32_t> rows)
{
    std::multiset<std::int64_t> ends;
    std::size_t deepest = 0;
    for (const std::uint32_t row : rows) {
        if (!isKnownToLast(attempts, row))
            continue;
        ends.erase(ends.begin(), ends.upper_bound(attempts.attemptedAt[row]));
        ends.insert(attempts.finishedAt[row]);
        deepest = std::max(deepest, ends.size());
    }
    return static_cast<std::uint32_t>(deepest);
}

/// An accepted attempt that answers with the vote of an earlier one is a retry, not a second vote.
std::uint32_t acceptedVotes(const AttemptColumns& attempts, std::span<const std::uint32_t> rows)
{
    std::set<std::string> votes;
    std::uint32_t unnamed = 0;
    for (const std::uint32_t row : rows) {
        if (attempts.outcome[row] != AttemptOutcome::Accepted)
            continue;
        std::string vote = row < attempts.votes.size() ? attempts.votes.at(row) : std::string{};
        if (vote.empty())
            ++unnamed;
        else
            votes.insert(std::move(vote));
    }
    return unnamed + static_cast<std::uint32_t>(votes.size());
}

class StormFinder {
public:
    explicit StormFinder(const Scene& scene) :
        m_attempts{scene.input.attempts}, m_rule{scene.rules.concurrentAttempts}, m_window{m_rule.window.count()},
        m_needed{m_rule.attempts}
    {
        if (scene.attemptGrain <= m_window)
            return;
        m_needed = static_cast<std::uint32_t>((m_rule.attempts * scene.attemptGrain + m_window - 1) / m_window);
        m_window = 0; // times are multiples of the grain: only those at one and the same time are surely close
    }

    void addStorms(std::span<const std::uint32_t> rows, std::size_t offset, std::vector<Storm>& storms) const
    {
        for (std::size_t begin = 0; begin < rows.size();) {
            std::int64_t busyUntil = m_attempts.finishedAt[rows[begin]];
            std::size_t end = begin + 1;
            while (end < rows.size() && belongs(rows[end], rows[end - 1], busyUntil)) {
                busyUntil = std::max(busyUntil, m_attempts.finishedAt[rows[end]]);
                ++end;
            }
            if (end - begin >= 2)
                judge(rows.subspan(begin, end - begin), offset + begin, storms);
            begin = end;
        }
    }

private:
    [[nodiscard]] bool belongs(std::uint32_t row, std::uint32_t before, std::int64_t busyUntil) const noexcept
    {
        const std::int64_t begun = m_attempts.attemptedAt[row];
        return begun - m_attempts.attemptedAt[before] <= m_window || begun < busyUntil;
    }

    void judge(std::span<const std::uint32_t> rows, std::size_t offset, std::vector<Storm>& storms) const
    {
        const Storm storm{m_attempts.token[rows.front()],
                          m_attempts.post[rows.front()],
                          offset,
                          offset + rows.size(),
                          mostInWindow(m_attempts, rows, m_window),
                          deepestOverlap(m_attempts, rows),
                          acceptedVotes(m_attempts, rows)};
        if (storm.inWindow >= m_needed || storm.depth >= m_rule.overlapDepth || storm.accepted >= m_rule.acceptedVotes)
            storms.push_back(storm);
    }

    const AttemptColumns& m_attempts;
    const ConcurrentAttemptsRule& m_rule;
    std::int64_t m_window;
    std::uint32_t m_needed;
};

} // namespace

std::vector<Storm> stormsOf(const Scene& scene, const std::vector<std::uint32_t>& rows)
{
    const AttemptColumns& attempts = scene.input.attempts;
    const StormFinder finder{scene};
    std::vector<Storm> storms;
    for (std::size_t begin = 0; begin < rows.size();) {
        std::size_t end = begin + 1;
        while (end < rows.size() && attempts.token[rows[end]] == attempts.token[rows[begin]] &&
               attempts.post[rows[end]] == attempts.post[rows[begin]])
            ++end;
        finder.addStorms(std::span{rows}.subspan(begin, end - begin), begin, storms);
        begin = end;
    }
    return storms;
}

} // namespace scr::detect
