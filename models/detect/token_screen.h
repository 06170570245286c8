#pragma once

#include "detect/bounded_table.h"
#include "detect/gap_law.h"
#include "detect/rules.h"
#include "detect/screen.h"
#include "detect/start_counts.h"

namespace scr::detect {

/// A voter and the author whose posts it voted on one after the other.
struct VoterAuthor {
    domain::Index voter{};
    domain::Index author{};
    friend auto operator<=>(const VoterAuthor&, const VoterAuthor&) = default;
};

/// Follows each token's last 32 votes: spans too short for the site's rhythm (burst), pauses too even for a person (metronome),
/// one moment of the hour again and again (timetable), and one author's posts in a row (serial voter). 2^17 tokens at a time, 50
/// MB.
class TokenScreen final : public Screen {
public:
    /// `grain`: unit of the votes' times, microseconds.
    TokenScreen(const Rules& rules, std::int64_t grain);

    void see(std::span<const VoteEvent> votes) override;
    [[nodiscard]] std::uint64_t dropped() const noexcept override
    {
        return m_bursts.dropped() + m_metronomes.dropped() + m_timetables.dropped() + m_serial.dropped();
    }
    [[nodiscard]] std::size_t bytes() const noexcept override;

    [[nodiscard]] const GapCounts& gaps() const noexcept { return m_gaps; } ///< the site's pauses, no token more than its share
    [[nodiscard]] const StartCounts& starts() const noexcept { return m_starts; } ///< when the site's tokens begin, likewise
    [[nodiscard]] std::vector<domain::Index> bursts() { return m_bursts.take(); }
    [[nodiscard]] std::vector<domain::Index> metronomes() { return m_metronomes.take(); }
    [[nodiscard]] std::vector<domain::Index> timetables() { return m_timetables.take(); }
    [[nodiscard]] std::vector<VoterAuthor> serialVoters() { return m_serial.take(); }

private:
    static constexpr std::uint32_t kRing = 32;
    /// Five cache lines, its times in two of them.
    struct alignas(64) Ring {
        std::uint32_t times[kRing]; ///< milliseconds; only differences count
        std::int64_t last;          ///< time of the newest vote
        std::int64_t dayEnd;        ///< when the pauses of a day are counted anew
        std::uint32_t count;        ///< votes seen, not more than 2^32
        std::uint32_t today;        ///< pauses that were counted today
        std::uint32_t regular;      ///< pauses like the one before, falling when they are not
        std::uint32_t lastGap;      ///< milliseconds
        std::uint32_t startHour;    ///< of the newest beginning; hours since the epoch, wrapped
        std::uint32_t startIn;      ///< and how far into it, milliseconds
        std::uint32_t onTime;       ///< beginnings at one moment of the hour, falling when they are not
        domain::Index authors[kRing];
    };

    struct Lookup {
        KeyHash token;
        KeyHash author;
    };
    [[nodiscard]] Lookup ask(const VoteEvent& vote) const noexcept;
    void askRing(const Lookup& lookup) const noexcept;
    void seeOne(const VoteEvent& vote, const Lookup& lookup);
    void seeStart(Ring& ring, const VoteEvent& vote);
    void learnGap(Ring& ring, std::int64_t gap, std::int64_t at);
    [[nodiscard]] bool isFast(const Ring& ring) const noexcept;
    [[nodiscard]] bool isEven(const Ring& ring) const noexcept;
    [[nodiscard]] bool isSerial(const Ring& ring, const VoteEvent& vote, std::uint32_t forAuthor) const noexcept;
    void relearn();

    const Rules& m_rules;
    std::int64_t m_grain;
    BoundedTable<Ring> m_rings{1U << 17U};
    struct Count {
        std::uint32_t votes;
    };
    BoundedTable<Count> m_authors{1U << 17U};
    GapCounts m_gaps;
    StartCounts m_starts;
    std::uint64_t m_seen = 0;
    std::uint64_t m_withAuthor = 0;
    std::int64_t m_longest[3]{-1, -1, -1}; ///< milliseconds of a span of 8, 16, 32 votes that is a burst
    Suspects<domain::Index> m_bursts{1U << 17U};
    Suspects<domain::Index> m_metronomes{1U << 17U};
    Suspects<domain::Index> m_timetables{1U << 17U};
    Suspects<VoterAuthor> m_serial{1U << 17U};
};

} // namespace scr::detect
