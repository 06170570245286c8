#include "store/score_history_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "store/sql_text.h"

namespace scr::store {

namespace {

using domain::ScoreHistory;
using domain::Status;

constexpr std::int64_t kMostCells = 1'000'000;
constexpr int kLeaders = 200;
constexpr int kMoments = 7;

// What a void of all flags that are not dismissed would take out.
constexpr std::string_view kFlaggedKeys =
    "SELECT f.vote_key FROM scrutineer.flag_vote f JOIN scrutineer.flag_queue q USING (flag_key) "
    "WHERE f.extra AND q.state IN ('open', 'confirmed')";

std::string rankSql(std::string_view score)
{
    return fmt::format("row_number() OVER (ORDER BY {} DESC NULLS LAST, {})", score, keyOrderSql("post_key"));
}

} // namespace

ScoreHistoryReader::ScoreHistoryReader(SqlSession& session, const domain::TimeRange& range, int bins) :
    m_session{session}, m_range{range}, m_bins{static_cast<std::uint32_t>(std::clamp(bins, 1, 100'000))}
{
}

domain::Result<ScoreHistory> ScoreHistoryReader::read()
{
    if (const Status bounds = readBounds(); !bounds)
        return domain::failureOf(bounds);
    if (!m_hasVotes)
        return std::move(m_history);
    using Step = Status (ScoreHistoryReader::*)();
    for (const Step step : {&ScoreHistoryReader::choosePosts, &ScoreHistoryReader::readCells, &ScoreHistoryReader::readFlagged,
                            &ScoreHistoryReader::readTitles, &ScoreHistoryReader::readVoids}) {
        if (const Status done = (this->*step)(); !done)
            return domain::failureOf(done);
    }
    std::sort(m_history.cells.begin(), m_history.cells.end(),
              [](const auto& a, const auto& b) { return std::pair{a.post, a.bin} < std::pair{b.post, b.bin}; });
    return std::move(m_history);
}

Status ScoreHistoryReader::readBounds()
{
    std::optional<domain::UtcTime> first;
    std::optional<domain::UtcTime> last;
    const Status done = m_session.each(fmt::format("SELECT (SELECT {0} FROM scrutineer.vote ORDER BY cast_at LIMIT 1), "
                                                   "(SELECT {0} FROM scrutineer.vote ORDER BY cast_at DESC LIMIT 1)",
                                                   microsSql("cast_at")),
                                       {}, [&](const SqlRow& row) {
                                           first = row.optionalTime(0);
                                           last = row.optionalTime(1);
                                       });
    if (!done || !first || !last)
        return done;
    const domain::UtcTime from = m_range.from.value_or(*first);
    m_to = m_range.to.value_or(*last + domain::Micros{1});
    if (m_to <= from) {
        if (m_range.from && m_range.to)
            return domain::failure(domain::Fault::Invalid, "The time range ends before it begins", "Choose another range");
        return done; // an open end lies before the range's other end: no vote is in it
    }
    const std::int64_t span = (m_to - from).count();
    const std::int64_t width = (span + m_bins - 1) / m_bins;
    m_history.from = from;
    m_history.binWidth = domain::Micros{width};
    m_history.bins = static_cast<std::uint32_t>((span + width - 1) / width);
    m_hasVotes = true;
    return done;
}

/// $1 from, $2 to, $3 width of a bin, $4 the chosen posts.
std::vector<std::string> ScoreHistoryReader::parameters() const
{
    return {momentText(m_history.from), momentText(m_to), fmt::format("{} microseconds", m_history.binWidth.count()),
            arrayText(m_chosen)};
}

std::string ScoreHistoryReader::binSql() const
{
    return "CASE WHEN cast_at >= $1::timestamptz THEN date_bin($3::interval, cast_at, $1::timestamptz) END";
}

std::string ScoreHistoryReader::onlyChosen() const
{
    return m_isChosen ? " AND post_key = ANY ($4::text[]::scrutineer.post_key[])" : "";
}

Status ScoreHistoryReader::choosePosts()
{
    std::int64_t posts = 0;
    const Status counted =
        m_session.each("SELECT count(*) FROM scrutineer.post", {}, [&](const SqlRow& row) { posts = row.integer(0); });
    if (!counted || posts * m_history.bins <= kMostCells)
        return counted;
    m_isChosen = true;
    std::string sums;
    std::string best;
    for (int moment = 1; moment <= kMoments; ++moment) {
        sums +=
            fmt::format(", sum(value::float8) FILTER (WHERE state = 'counted' AND cast_at < $1::timestamptz + {}::float8 / {} * "
                        "($2::timestamptz - $1::timestamptz)) AS at{}",
                        moment, kMoments + 1, moment);
        best += ", " + rankSql(fmt::format("at{}", moment));
    }
    const std::string sql = fmt::format(
        "WITH sums AS (SELECT post_key, sum(value::float8) AS unvoided, "
        "coalesce(sum(value::float8) FILTER (WHERE state = 'counted'), 0) AS total{} FROM scrutineer.vote "
        "WHERE cast_at < $2::timestamptz AND state <> 'withdrawn' GROUP BY post_key), "
        "flagged AS (SELECT post_key, sum(value::float8) AS part FROM scrutineer.vote "
        "WHERE vote_key IN ({}) AND state = 'counted' AND cast_at < $2::timestamptz GROUP BY post_key), "
        "ranks AS (SELECT post_key, least({}, {}, {}{}) AS best FROM sums LEFT JOIN flagged USING (post_key)) "
        "SELECT post_key::text FROM ranks WHERE best <= {}",
        sums, kFlaggedKeys, rankSql("unvoided"), rankSql("total"), rankSql("total - coalesce(part, 0)"), best, kLeaders);
    return m_session.each(sql, parameters(), [this](const SqlRow& row) { m_chosen.push_back(row.text(0)); });
}

std::uint32_t ScoreHistoryReader::postIndex(const std::string& key)
{
    const auto [at, isNew] = m_posts.try_emplace(key, static_cast<std::uint32_t>(m_history.posts.size()));
    if (isNew)
        m_history.posts.push_back({domain::PostKey{key}, {}, 0, 0});
    return at->second;
}

ScoreHistory::Cell& ScoreHistoryReader::cellAt(std::uint32_t post, std::uint32_t bin)
{
    const auto [at, isNew] = m_cells.try_emplace(std::uint64_t{post} << 32U | bin, m_history.cells.size());
    if (isNew)
        m_history.cells.push_back({post, bin, 0, 0, 0, 0, 0});
    return m_history.cells[at->second];
}

Status ScoreHistoryReader::readCells()
{
    const std::string sql = fmt::format("SELECT post_key::text, {}, counted, voided, votes FROM (SELECT post_key, {} AS bin, "
                                        "coalesce(sum(value::float8) FILTER (WHERE state = 'counted'), 0) AS counted, "
                                        "coalesce(sum(value::float8) FILTER (WHERE state = 'voided'), 0) AS voided, "
                                        "count(*) FILTER (WHERE state = 'counted') AS votes FROM scrutineer.vote "
                                        "WHERE cast_at < $2::timestamptz AND state <> 'withdrawn'{} GROUP BY 1, 2) AS cell",
                                        microsSql("bin"), binSql(), onlyChosen());
    return m_session.each(sql, parameters(), [this](const SqlRow& row) {
        const std::uint32_t post = postIndex(row.text(0));
        const auto bin = row.optionalTime(1);
        if (!bin) {
            m_history.posts[post].scoreBefore += row.number(2);
            return;
        }
        ScoreHistory::Cell& cell = cellAt(post, static_cast<std::uint32_t>((*bin - m_history.from) / m_history.binWidth));
        cell.counted = row.number(2);
        cell.voided = row.number(3);
        cell.votes = row.integer(4);
    });
}

Status ScoreHistoryReader::readFlagged()
{
    const std::string sql = fmt::format("SELECT post_key::text, {}, flagged, votes FROM (SELECT post_key, {} AS bin, "
                                        "sum(value::float8) AS flagged, count(*) AS votes FROM scrutineer.vote "
                                        "WHERE vote_key IN ({}) AND cast_at < $2::timestamptz AND state = 'counted'{} "
                                        "GROUP BY 1, 2) AS cell",
                                        microsSql("bin"), binSql(), kFlaggedKeys, onlyChosen());
    return m_session.each(sql, parameters(), [this](const SqlRow& row) {
        const std::uint32_t post = postIndex(row.text(0));
        const auto bin = row.optionalTime(1);
        if (!bin) {
            m_history.posts[post].flaggedBefore += row.number(2);
            return;
        }
        ScoreHistory::Cell& cell = cellAt(post, static_cast<std::uint32_t>((*bin - m_history.from) / m_history.binWidth));
        cell.flagged = row.number(2);
        cell.flaggedVotes = row.integer(3);
    });
}

Status ScoreHistoryReader::readTitles()
{
    const std::string where = m_isChosen ? " WHERE post_key = ANY ($1::text[]::scrutineer.post_key[])" : "";
    return m_session.each("SELECT post_key::text, title::text FROM scrutineer.post" + where, {arrayText(m_chosen)},
                          [this](const SqlRow& row) {
                              if (const auto at = m_posts.find(row.text(0)); at != m_posts.end())
                                  m_history.posts[at->second].title = row.text(1);
                          });
}

/// Voids come after the votes they take out, so an open end of the range leaves them in.
Status ScoreHistoryReader::readVoids()
{
    std::vector<std::string> parameters{momentText(m_history.from)};
    if (m_range.to)
        parameters.push_back(momentText(*m_range.to));
    const std::string sql = fmt::format("SELECT {}, number::int8, votes::int8, kind = 'restore' FROM scrutineer.void_history "
                                        "WHERE committed_at >= $1::timestamptz{} ORDER BY committed_at, number",
                                        microsSql("committed_at"), m_range.to ? " AND committed_at < $2::timestamptz" : "");
    return m_session.each(sql, parameters, [this](const SqlRow& row) {
        m_history.voids.push_back({row.time(0), row.integer(1), row.integer(2), row.truth(3)});
    });
}

} // namespace scr::store
