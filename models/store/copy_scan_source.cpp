#include "store/copy_scan_source.h"

#include <atomic>
#include <functional>
#include <string>
#include <utility>

#include "store/binary_copy.h"
#include "store/row_decoders.h"
#include "store/scan_parts.h"
#include "store/supervised_run.h"

namespace scr::store {

namespace {

using domain::Result;
using domain::ScanInput;
using domain::Status;

constexpr std::uint64_t kCountEvery = 4096;

/// One scan: connections that share a snapshot have the tasks dealt out; each keeps what it read to itself until the end.
class Scan {
public:
    Scan(const domain::ConnectionTarget& target, const CopyScanOptions& options, const domain::TimeRange& range,
         const domain::KeepGoing& keepGoing) : m_target{target}, m_options{options}, m_range{range}, m_run{keepGoing}
    {
    }

    [[nodiscard]] Result<ScanInput> read()
    {
        if (const Status prepared = m_run.run({[this] { return prepare(); }}); !prepared)
            return domain::failureOf(prepared);
        m_run.expect(m_plan.expectedVotes + m_plan.expectedAttempts);
        m_parts.resize(m_connections.size());
        std::vector<std::function<Status()>> work;
        for (std::size_t one = 0; one < m_connections.size(); ++one)
            work.emplace_back([this, one] { return takeTasks(one); });
        if (const Status done = m_run.run(work); !done)
            return domain::failureOf(done);
        if (m_options.inSnapshot) {
            if (const Status done = m_options.inSnapshot(m_snapshot); !done)
                return domain::failureOf(done);
        }
        return joined(std::move(m_parts), m_plan, m_range);
    }

private:
    [[nodiscard]] Status prepare()
    {
        if (const Status first = connect({}); !first)
            return first;
        Result<ScanPlan> plan = planScan(m_connections.front(), m_range, m_options);
        if (!plan)
            return domain::failureOf(plan);
        m_plan = std::move(*plan);
        const Result<ReadRows> exported = m_connections.front().query("SELECT pg_export_snapshot()");
        if (!exported)
            return domain::failureOf(exported);
        m_snapshot = exported->text(0, 0);
        while (m_connections.size() < m_plan.connections && !m_run.stopped()) {
            if (const Status next = connect(m_snapshot); !next)
                return next;
        }
        return domain::Nothing{};
    }

    [[nodiscard]] Status connect(const std::string& snapshot)
    {
        Result<ReadConnection> connection = ReadConnection::open(m_target, kStreamSettings);
        if (!connection)
            return domain::failureOf(connection);
        m_run.watch(*connection);
        // A scan that begins in the middle of the table, where another one happens to be, gives the rows in an order of its own.
        if (const Result<ReadRows> set = connection->query("SET synchronize_seqscans = off"); !set)
            return domain::failureOf(set);
        const Status begun = connection->beginSnapshot(snapshot);
        m_connections.push_back(std::move(*connection));
        return begun;
    }

    [[nodiscard]] Status takeTasks(std::size_t one)
    {
        // dealt out beforehand: whoever is free first would give the rows in an order of its own each time
        for (std::size_t task = one; task < m_plan.tasks.size() && !m_run.stopped(); task += m_connections.size()) {
            if (const Status done = perform(m_plan.tasks[task], one); !done)
                return done;
        }
        return domain::Nothing{};
    }

    [[nodiscard]] Status perform(const ScanTask& task, std::size_t one)
    {
        ScanPart& part = m_parts[one];
        switch (task.what) {
        case ScanTask::What::Votes:
            reserve(part.votes, one);
            return copy(task.query, one, VoteDecoder{m_plan.layout, part.votes, &m_plan.voided});
        case ScanTask::What::Attempts:
            return copy(task.query, one, AttemptDecoder{m_plan.layout, m_plan.withAttemptText, part.votes, part.attempts});
        case ScanTask::What::Posts: return copy(task.query, one, PostDecoder{m_plan.layout, part.votes, part.counters});
        case ScanTask::What::EarlierScores: return copy(task.query, one, EarlierScoreDecoder{m_plan.layout, part.votes});
        }
        return domain::Nothing{};
    }

    /// Room for all in the first part, which takes the others over; pages that are never touched cost nothing.
    void reserve(domain::VoteColumns& votes, std::size_t one) const
    {
        const std::uint64_t sharers = one == 0 ? 1 : m_connections.size();
        if (votes.empty())
            reserveVotes(votes, (m_plan.expectedVotes + m_plan.expectedVotes / 32) / sharers + kCountEvery,
                         m_plan.layout.hasOrigins);
    }

    template <class Decoder>
    [[nodiscard]] Status copy(const std::string& query, std::size_t one, Decoder&& decoder)
    {
        std::uint64_t rows = 0;
        BinaryCopy stream{m_connections[one], m_run.stopped()};
        Status done = stream.run(query, [&](std::string_view row) {
            if (++rows % kCountEvery == 0)
                m_run.count(kCountEvery);
            return decoder.take(row);
        });
        decoder.finish();
        m_run.count(rows % kCountEvery);
        return done;
    }

    const domain::ConnectionTarget& m_target;
    const CopyScanOptions& m_options;
    const domain::TimeRange& m_range;
    SupervisedRun m_run;
    ScanPlan m_plan;
    std::string m_snapshot;
    std::vector<ReadConnection> m_connections;
    std::vector<ScanPart> m_parts;
};

} // namespace

CopyScanSource::CopyScanSource(domain::ConnectionTarget target, CopyScanOptions options) :
    m_target{std::move(target)}, m_options{std::move(options)}
{
}

Result<ScanInput> CopyScanSource::read(const domain::TimeRange& range, const domain::KeepGoing& keepGoing)
{
    return Scan{m_target, m_options, range, keepGoing}.read();
}

} // namespace scr::store
