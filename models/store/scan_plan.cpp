#include "store/scan_plan.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "store/sql_text.h"

namespace scr::store {

namespace {

using domain::Result;
using domain::Status;
using domain::TimeRange;

constexpr unsigned kMostConnections = 2; // measured: a third one only takes turns with the first two
constexpr std::uint64_t kRowsWorthAnotherConnection = 200'000;
constexpr int kMostVoidedHere = 1'000'000;
constexpr double kIndexShare = 0.2; // below it an index on the time beats reading every page

std::string rangeSql(std::string_view column, const TimeRange& range)
{
    std::string text;
    if (range.from)
        text += fmt::format(" AND {} >= '{}'::timestamptz", column, momentText(*range.from));
    if (range.to)
        text += fmt::format(" AND {} < '{}'::timestamptz", column, momentText(*range.to));
    return text;
}

/// Estimated rows of a query, out of its plan.
Result<std::uint64_t> estimate(ReadConnection& connection, const std::string& query)
{
    const Result<ReadRows> plan = connection.query("EXPLAIN (FORMAT JSON) " + query);
    if (!plan)
        return domain::failureOf(plan);
    constexpr std::string_view kRows = "\"Plan Rows\": ";
    const std::string_view text = plan->size() > 0 ? plan->text(0, 0) : std::string_view{};
    std::uint64_t rows = 0;
    if (const auto at = text.find(kRows); at != std::string_view::npos)
        std::from_chars(text.data() + at + kRows.size(), text.data() + text.size(), rows);
    return rows;
}

/// Splits the pages below the row locations; the last part is open, so that rows beyond what was counted are read too.
std::vector<std::string> pageParts(std::int64_t pages, std::size_t parts)
{
    std::vector<std::string> conditions;
    for (std::size_t part = 0; part < parts; ++part) {
        const auto from = pages * static_cast<std::int64_t>(part) / static_cast<std::int64_t>(parts);
        const auto to = pages * static_cast<std::int64_t>(part + 1) / static_cast<std::int64_t>(parts);
        std::string condition = fmt::format(" AND row_location >= '({},0)'::tid", from);
        if (part + 1 < parts)
            condition += fmt::format(" AND row_location < '({},0)'::tid", to);
        conditions.push_back(std::move(condition));
    }
    return conditions;
}

/// Splits a time into parts of equal length; the first and the last are as open as the range is.
Result<std::vector<std::string>> timeParts(ReadConnection& connection, const std::string& view, const std::string& column,
                                           const TimeRange& range, std::size_t parts)
{
    if (parts < 2)
        return std::vector<std::string>{rangeSql(column, range)};
    const std::string bound =
        fmt::format("(SELECT {} FROM {} WHERE true{} ORDER BY {}", microsSql(column), view, rangeSql(column, range), column);
    const auto ends = connection.query(fmt::format("SELECT {} LIMIT 1), {} DESC LIMIT 1)", bound, bound));
    if (!ends)
        return domain::failureOf(ends);
    const std::int64_t first = ends->integer(0, 0);
    const std::int64_t span = ends->integer(0, 1) - first;
    std::vector<std::string> conditions;
    for (std::size_t part = 0; part < parts; ++part) {
        const auto cut = [&](std::size_t at) {
            return domain::timeOf(first + span / static_cast<std::int64_t>(parts) * static_cast<std::int64_t>(at));
        };
        const TimeRange piece{part == 0 ? range.from : cut(part), part + 1 == parts ? range.to : cut(part + 1)};
        conditions.push_back(rangeSql(column, piece));
    }
    return conditions;
}

class Planner {
public:
    Planner(ReadConnection& connection, const TimeRange& range, const CopyScanOptions& options) :
        m_connection{connection}, m_range{range}, m_options{options}
    {
    }

    Result<ScanPlan> plan()
    {
        Result<ScanLayout> layout = readLayout(m_connection);
        if (!layout)
            return domain::failureOf(layout);
        m_plan.layout = *layout;
        m_plan.layout.hasAttempts = layout->hasAttempts && m_options.attempts;
        m_plan.layout.hasCounters = layout->hasCounters && m_options.counters && m_range.isAll();
        if (const Status votes = addVotes(); !votes)
            return domain::failureOf(votes);
        if (const Status attempts = m_plan.layout.hasAttempts ? addAttempts() : Status{}; !attempts)
            return domain::failureOf(attempts);
        addPosts();
        addEarlierScores();
        return std::move(m_plan);
    }

private:
    void add(ScanTask::What what, std::string query) { m_plan.tasks.push_back({what, std::move(query)}); }

    [[nodiscard]] std::size_t connectionsFor(std::uint64_t rows) const
    {
        if (m_options.connections != 0)
            return m_options.connections;
        const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
        const auto worth =
            static_cast<unsigned>(std::min<std::uint64_t>(rows / kRowsWorthAnotherConnection + 1, kMostConnections));
        return std::min(cores, worth);
    }

    void addPosts() { add(ScanTask::What::Posts, fmt::format("SELECT {} FROM scrutineer.post", postColumnsSql(m_plan.layout))); }

    void addEarlierScores()
    {
        if (m_range.from)
            add(ScanTask::What::EarlierScores,
                fmt::format("SELECT {}, sum(value::real::float8) FILTER (WHERE value::real < 'Infinity' AND value::real > "
                            "'-Infinity') FROM scrutineer.vote WHERE state = 'counted'{} GROUP BY 1",
                            keySql("post_key", m_plan.layout.post), rangeSql("cast_at", {std::nullopt, m_range.from})));
    }

    Status addVotes()
    {
        const std::string all = "SELECT vote_key FROM scrutineer.vote";
        const Result<std::uint64_t> everything = estimate(m_connection, all);
        const Result<std::uint64_t> asked = estimate(m_connection, all + " WHERE true" + rangeSql("cast_at", m_range));
        if (!everything || !asked)
            return domain::failureOf(everything ? asked : everything);
        m_plan.expectedVotes = *asked;
        m_plan.connections = connectionsFor(*asked);
        const bool byPage =
            m_plan.layout.votePages && static_cast<double>(*asked) >= kIndexShare * static_cast<double>(*everything);
        Result<std::vector<std::string>> parts =
            byPage ? pageParts(*m_plan.layout.votePages, m_plan.connections)
                   : timeParts(m_connection, "scrutineer.vote", "cast_at", m_range, m_plan.connections);
        if (!parts)
            return domain::failureOf(parts);
        const Result<bool> stored =
            byPage && m_plan.layout.hasStoredVotes && m_options.storedVotes ? readVoided() : Result<bool>{false};
        if (!stored)
            return domain::failureOf(stored);
        for (const std::string& part : *parts)
            add(ScanTask::What::Votes,
                fmt::format("SELECT {}, {}, {}, value::real, cast_at{} FROM {}{}{}", keySql("vote_key", m_plan.layout.voteKey),
                            keySql("token_key", m_plan.layout.token), keySql("post_key", m_plan.layout.post),
                            m_plan.layout.hasOrigins ? ", origin" : "",
                            *stored ? "scrutineer.stored_vote WHERE true" : "scrutineer.vote WHERE state = 'counted'", part,
                            byPage ? rangeSql("cast_at", m_range) : std::string{}));
        return domain::Nothing{};
    }

    /// The voided votes, when they are few enough to be left out here: joined on the server they cost a third of the scan.
    Result<bool> readVoided()
    {
        const Result<ReadRows> keys =
            m_connection.query(fmt::format("SELECT vote_key::text FROM scrutineer.voided LIMIT {}", kMostVoidedHere + 1));
        if (!keys)
            return domain::failureOf(keys);
        if (keys->size() > kMostVoidedHere)
            return false;
        for (int row = 0; row < keys->size(); ++row)
            static_cast<void>(m_plan.voided.intern(keys->text(row, 0)));
        return true;
    }

    Status addAttempts()
    {
        const Result<std::uint64_t> expected =
            estimate(m_connection, "SELECT attempt_key FROM scrutineer.attempt WHERE true" + rangeSql("attempted_at", m_range));
        if (!expected)
            return domain::failureOf(expected);
        m_plan.expectedAttempts = *expected;
        m_plan.withAttemptText = *expected <= m_options.attemptTextLimit;
        const std::size_t parts = std::min(m_plan.connections, connectionsFor(*expected));
        const auto conditions = timeParts(m_connection, "scrutineer.attempt", "attempted_at", m_range, parts);
        if (!conditions)
            return domain::failureOf(conditions);
        const ScanLayout& layout = m_plan.layout;
        for (const std::string& condition : *conditions)
            add(ScanTask::What::Attempts,
                fmt::format("SELECT {}, {}, {}, attempted_at, finished_at, outcome::text, {}{} FROM scrutineer.attempt "
                            "WHERE post_key IS NOT NULL{}{}",
                            keySql("attempt_key", layout.attemptKey), keySql("token_key", layout.token),
                            keySql("post_key", layout.post), keySql("vote_key", layout.attemptVote),
                            m_plan.withAttemptText ? ", sqlstate::text, abbrev(origin), hashtextextended(request_key::text, 0)"
                                                   : "",
                            castsOnlySql(layout), condition));
        return domain::Nothing{};
    }

    ReadConnection& m_connection;
    const TimeRange& m_range;
    const CopyScanOptions& m_options;
    ScanPlan m_plan;
};

} // namespace

Result<ScanPlan> planScan(ReadConnection& connection, const TimeRange& range, const CopyScanOptions& options)
{
    return Planner{connection, range, options}.plan();
}

} // namespace scr::store
