#include "store/copy_scan_source.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>

#include "store/binary_copy.h"
#include "store/row_decoders.h"
#include "store/scan_parts.h"

namespace scr::store {

namespace {

using domain::Fault;
using domain::Result;
using domain::ScanInput;
using domain::Status;

constexpr std::chrono::milliseconds kReportEvery{50};
constexpr std::uint64_t kCountEvery = 4096;

/// The threads of one scan: each has a connection, takes tasks until none is left, and keeps what it read to itself.
class ScanTeam {
public:
    ScanTeam(ScanPlan plan, std::vector<ReadConnection> connections) :
        m_plan{std::move(plan)}, m_connections{std::move(connections)}, m_parts(m_connections.size())
    {
        for (const ReadConnection& connection : m_connections)
            m_cancels.push_back(connection.cancelHandle());
    }

    [[nodiscard]] Result<ScanInput> run(const domain::TimeRange& range, const domain::KeepGoing& keepGoing)
    {
        {
            std::vector<std::jthread> threads;
            m_running = m_connections.size();
            for (std::size_t one = 0; one < m_connections.size(); ++one)
                threads.emplace_back([this, one] { work(one); });
            supervise(keepGoing);
        }
        if (m_error)
            return tl::unexpected<domain::Error>{*m_error};
        return joined(std::move(m_parts), m_plan, range);
    }

private:
    void supervise(const domain::KeepGoing& keepGoing)
    {
        std::unique_lock lock{m_mutex};
        while (!m_finished.wait_for(lock, kReportEvery, [this] { return m_running == 0; })) {
            const bool stopping = m_stop.load();
            lock.unlock();
            const bool wanted = stopping || !keepGoing || keepGoing(m_rows.load(), m_plan.expectedVotes + m_plan.expectedAttempts);
            if (!wanted)
                fail({Fault::Cancelled, "The scan was stopped", {}, {}});
            if (!wanted || stopping) {
                for (const CancelHandle& cancel : m_cancels)
                    sendCancel(cancel.get());
            }
            lock.lock();
        }
    }

    void fail(domain::Error error)
    {
        const std::lock_guard lock{m_mutex};
        if (!m_error)
            m_error = std::move(error);
        m_stop = true;
        m_finished.notify_all();
    }

    void work(std::size_t one)
    {
        for (std::size_t task = m_next++; task < m_plan.tasks.size() && !m_stop; task = m_next++) {
            if (const Status done = perform(m_plan.tasks[task], one); !done)
                fail(done.error());
        }
        const std::lock_guard lock{m_mutex};
        --m_running;
        m_finished.notify_all();
    }

    [[nodiscard]] Status perform(const ScanTask& task, std::size_t one)
    try {
        ScanPart& part = m_parts[one];
        BinaryCopy copy{m_connections[one], m_stop};
        switch (task.what) {
        case ScanTask::What::Votes: return readVotes(copy, task.query, one);
        case ScanTask::What::Attempts:
            return counted(copy, task.query, AttemptDecoder{m_plan.layout, m_plan.withAttemptText, part.votes, part.attempts});
        case ScanTask::What::Counters:
            return counted(copy, task.query, PostDecoder{m_plan.layout, part.votes, part.counters});
        }
        return domain::Nothing{};
    } catch (const std::bad_alloc&) {
        return domain::failure(Fault::Unavailable, "There is not enough memory to hold the votes", "Scan a shorter time range");
    } catch (const std::length_error& error) {
        return domain::failure(Fault::Unavailable, std::string{"The votes do not fit: "} + error.what(), "Scan a shorter time range");
    }

    [[nodiscard]] Status readVotes(BinaryCopy& copy, const std::string& query, std::size_t one)
    {
        ScanPart& part = m_parts[one];
        // Room for all in the first part, which takes the others over; pages that are never touched cost nothing.
        const std::uint64_t sharers = one == 0 ? 1 : m_connections.size();
        if (part.votes.empty())
            reserveVotes(part.votes, (m_plan.expectedVotes + m_plan.expectedVotes / 32) / sharers + kCountEvery);
        return counted(copy, query, VoteDecoder{m_plan.layout, part.votes});
    }

    template <class Decoder>
    [[nodiscard]] Status counted(BinaryCopy& copy, const std::string& query, Decoder&& decoder)
    {
        std::uint64_t rows = 0;
        Status done = copy.run(query, [&](std::string_view row) {
            if (++rows % kCountEvery == 0)
                m_rows.fetch_add(kCountEvery, std::memory_order_relaxed);
            return decoder.take(row);
        });
        m_rows.fetch_add(rows % kCountEvery, std::memory_order_relaxed);
        return done;
    }

    ScanPlan m_plan;
    std::vector<ReadConnection> m_connections;
    std::vector<CancelHandle> m_cancels;
    std::vector<ScanPart> m_parts;
    std::atomic<std::size_t> m_next{0};
    std::atomic<std::uint64_t> m_rows{0};
    std::atomic<bool> m_stop{false};
    std::mutex m_mutex;
    std::condition_variable m_finished;
    std::size_t m_running = 0;
    std::optional<domain::Error> m_error;
};

/// A scan that begins in the middle of the table, where another one happens to be, gives the rows in an order of its own.
Status settle(ReadConnection& connection)
{
    const Result<ReadRows> set = connection.query("SET synchronize_seqscans = off");
    return set ? Status{} : domain::failureOf(set);
}

Result<ReadConnection> joinSnapshot(const domain::ConnectionTarget& target, const std::string& snapshot)
{
    Result<ReadConnection> connection = ReadConnection::open(target, kStreamSettings);
    if (!connection)
        return connection;
    if (const Status settled = settle(*connection); !settled)
        return domain::failureOf(settled);
    if (const Status begun = connection->beginSnapshot(snapshot); !begun)
        return domain::failureOf(begun);
    return connection;
}

} // namespace

CopyScanSource::CopyScanSource(domain::ConnectionTarget target, CopyScanOptions options) : m_target{std::move(target)}, m_options{options} {}

Result<ScanInput> CopyScanSource::read(const domain::TimeRange& range, const domain::KeepGoing& keepGoing)
{
    Result<ReadConnection> first = joinSnapshot(m_target, {});
    if (!first)
        return domain::failureOf(first);
    const Result<ScanPlan> plan = planScan(*first, range, m_options);
    if (!plan)
        return domain::failureOf(plan);
    const Result<ReadRows> snapshot = first->query("SELECT pg_export_snapshot()");
    if (!snapshot)
        return domain::failureOf(snapshot);
    std::vector<ReadConnection> connections;
    connections.push_back(std::move(*first));
    while (connections.size() < plan->connections) {
        if (keepGoing && !keepGoing(0, plan->expectedVotes))
            return domain::failure(Fault::Cancelled, "The scan was stopped");
        Result<ReadConnection> next = joinSnapshot(m_target, std::string{snapshot->text(0, 0)});
        if (!next)
            return domain::failureOf(next);
        connections.push_back(std::move(*next));
    }
    return ScanTeam{*plan, std::move(connections)}.run(range, keepGoing);
}

} // namespace scr::store
