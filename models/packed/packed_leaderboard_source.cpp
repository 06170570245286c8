#include "packed/packed_leaderboard_source.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

namespace scr::packed {

using domain::failureOf;
using domain::Nothing;
using domain::Result;
using domain::ScoreHistory;
using domain::Status;

namespace {

constexpr std::int64_t kMostCells = 1'000'000;
constexpr int kLeaders = 400;

class ScoreReader {
public:
    ScoreReader(PackSession& session, const PackDescription& description, const domain::TimeRange& range, int bins) :
        m_session{session}, m_description{description}, m_range{range},
        m_bins{static_cast<std::uint32_t>(std::clamp(bins, 1, 100'000))}
    {
    }

    Result<ScoreHistory> read()
    {
        Status done = readBounds();
        if (!done || !m_hasVotes)
            return done ? Result<ScoreHistory>{std::move(m_history)} : failureOf(done);
        for (Status (ScoreReader::*part)() : {&ScoreReader::readPosts, &ScoreReader::readCells, &ScoreReader::readVoids}) {
            if (done)
                done = (this->*part)();
        }
        if (!done)
            return failureOf(done);
        std::ranges::sort(m_history.cells, {}, [](const ScoreHistory::Cell& cell) { return std::pair{cell.post, cell.bin}; });
        return std::move(m_history);
    }

private:
    Status readBounds()
    {
        std::optional<domain::UtcTime> first;
        std::optional<domain::UtcTime> last;
        const Status read = m_session.each("SELECT min(cast_at), max(cast_at) FROM votes", {}, [&](const PackRow& row) {
            first = row.optionalTime(0);
            last = row.optionalTime(1);
        });
        if (!read || !first || !last)
            return read;
        const domain::UtcTime from = m_range.from.value_or(*first);
        m_to = m_range.to.value_or(*last + domain::Micros{1});
        if (m_to <= from) {
            if (m_range.from && m_range.to)
                return domain::failure(domain::Fault::Invalid, "The time range ends before it begins", "Choose another range");
            return read; // an open end lies before the range's other end: no vote is in it
        }
        const std::int64_t span = (m_to - from).count();
        const std::int64_t width = (span + m_bins - 1) / m_bins;
        m_history.from = from;
        m_history.binWidth = domain::Micros{width};
        m_history.bins = static_cast<std::uint32_t>((span + width - 1) / width);
        m_hasVotes = true;
        return read;
    }

    /// Everything that has a score, or where that were too many those with the largest sums.
    Status readPosts()
    {
        std::int64_t posts = 0;
        Status read = m_session.each("SELECT count(*) FROM posts", {}, [&](const PackRow& row) { posts = row.integer(0); });
        const bool areAll = posts * m_history.bins <= kMostCells;
        // Before the period stands what the table of scores says; without one the pack's votes are all there are.
        const bool hasEarlier = m_description.period.from && !m_description.isChosen;
        if (read && !areAll)
            read = m_session.each(
                fmt::format(
                    "SELECT post FROM (SELECT post, iif(state = 'withdrawn', 0, value) AS score FROM votes WHERE cast_at < ?{}) "
                    "GROUP BY post ORDER BY sum(score) DESC, post LIMIT {}",
                    hasEarlier ? " UNION ALL SELECT post, score_before FROM scores" : "", kLeaders),
                {domain::microsOf(m_to)}, [this](const PackRow& row) { add(row.text(0)); });
        m_isChosen = !areAll;
        if (read && hasEarlier)
            read = m_session.each("SELECT post, score_before, flagged_before FROM scores", {}, [this](const PackRow& row) {
                if (auto* line = lineOf(row.text(0))) {
                    line->scoreBefore = row.number(1);
                    line->flaggedBefore = row.number(2);
                }
            });
        return read;
    }

    Status readCells()
    {
        Status read = m_session.each(
            fmt::format("SELECT v.post, iif(v.cast_at >= ?1, (v.cast_at - ?1) / ?2, -1) AS bin, "
                        "sum(iif(v.state = 'counted', v.value, 0)), sum(iif(v.state = 'voided', v.value, 0)), "
                        "sum(v.state = 'counted'), sum(iif(v.state = 'counted' AND {0}, v.value, 0)), "
                        "sum(v.state = 'counted' AND {0}) "
                        "FROM votes v WHERE v.cast_at < ?3 AND v.state <> 'withdrawn' GROUP BY 1, 2",
                        "EXISTS (SELECT 1 FROM flagged f WHERE f.vote_key = v.vote_key)"),
            {domain::microsOf(m_history.from), m_history.binWidth.count(), domain::microsOf(m_to)}, [this](const PackRow& row) {
                ScoreHistory::PostLine* line = lineOf(row.text(0));
                if (line == nullptr)
                    return;
                if (row.integer(1) < 0) {
                    line->scoreBefore += row.number(2);
                    line->flaggedBefore += row.number(5);
                    return;
                }
                m_history.cells.push_back({m_posts.at(row.text(0)), static_cast<std::uint32_t>(row.integer(1)), row.number(2),
                                           row.number(5), row.number(3), row.integer(4), row.integer(6)});
            });
        for (ScoreHistory::PostLine& line : m_history.posts) {
            if (read)
                read = m_session.each("SELECT title FROM posts WHERE post = ?", {line.post.text},
                                      [&line](const PackRow& row) { line.title = row.text(0); });
        }
        return read;
    }

    /// Voids come after the votes they take out, so an open end of the range leaves them in.
    Status readVoids()
    {
        Conditions conditions;
        conditions.addRange("committed_at", {m_history.from, m_range.to});
        return m_session.each(
            fmt::format("SELECT {} FROM voids{} ORDER BY committed_at, {}", kRequestColumns, conditions.where(), kRequestOrder),
            conditions.values(), [this](const PackRow& row) {
                const domain::VoidRequestRow request = requestOf(row);
                m_history.voids.push_back(
                    {*request.committedAt, request.number, request.votes, request.kind == domain::RequestKind::Restore});
            });
    }

    void add(const std::string& post)
    {
        if (m_posts.try_emplace(post, static_cast<std::uint32_t>(m_history.posts.size())).second)
            m_history.posts.push_back({domain::PostKey{post}, {}, 0, 0});
    }

    /// Null where the post was not chosen.
    ScoreHistory::PostLine* lineOf(const std::string& post)
    {
        if (!m_isChosen)
            add(post);
        const auto at = m_posts.find(post);
        return at == m_posts.end() ? nullptr : &m_history.posts[at->second];
    }

    PackSession& m_session;
    const PackDescription& m_description;
    domain::TimeRange m_range;
    std::uint32_t m_bins;
    domain::UtcTime m_to{};
    bool m_hasVotes = false;
    bool m_isChosen = false;
    ScoreHistory m_history;
    std::unordered_map<std::string, std::uint32_t> m_posts;
};

} // namespace

Result<ScoreHistory> readScores(PackSession& session, const PackDescription& description, const domain::TimeRange& range,
                                int bins)
{
    return ScoreReader{session, description, range, bins}.read();
}

PackedLeaderboardSource::PackedLeaderboardSource(std::shared_ptr<const OpenPack> pack) :
    m_pack{std::move(pack)}, m_worker{m_pack->database}
{
}

QFuture<Result<ScoreHistory>> PackedLeaderboardSource::scoreHistory(const domain::TimeRange& range, int bins)
{
    return m_worker.run<ScoreHistory>([pack = m_pack, range, bins](PackSession& session) {
        return readScores(session, pack->folder.description(), range, bins);
    });
}

} // namespace scr::packed
