#include "store/sql_report_source.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "store/audit_rows.h"
#include "store/flag_reader.h"
#include "store/request_reader.h"
#include "store/score_history_reader.h"
#include "store/sql_text.h"
#include "store/vote_rows.h"

namespace scr::store {

namespace {

using domain::AuditReading;
using domain::failureOf;
using domain::Nothing;
using domain::Result;
using domain::Status;

constexpr int kMostFlags = 5000;
constexpr int kMostEntries = 100'000;
constexpr std::size_t kMostVotesOfOne = 100'000; ///< of one flag or request
constexpr std::size_t kMostVotes = 400'000;      ///< of the report

class AuditReader {
public:
    AuditReader(SqlSession& session, const domain::TimeRange& period, std::atomic<int>* percent) :
        m_session{session}, m_period{period}, m_percent{percent}
    {
        if (period.from)
            m_parameters.push_back(momentText(*period.from));
        if (period.to)
            m_parameters.push_back(momentText(*period.to));
    }

    Result<AuditReading> read()
    {
        Status status = readCount();
        for (Status (AuditReader::*part)() : {&AuditReader::readRequests, &AuditReader::readFlags, &AuditReader::readLog}) {
            if (status)
                status = (this->*part)();
        }
        if (!status)
            return failureOf(status);
        Result<domain::ScoreHistory> scores = ScoreHistoryReader{m_session, m_period, 1}.read();
        if (!scores)
            return failureOf(scores);
        m_reading.scores = std::move(*scores);
        return std::move(m_reading);
    }

private:
    /// The condition that a moment lies in the period, whose bounds are the first parameters.
    [[nodiscard]] std::string inPeriod(std::string_view column) const
    {
        std::string text = fmt::format("{} IS NOT NULL", column);
        int next = 1;
        if (m_period.from)
            text += fmt::format(" AND {} >= ${}::timestamptz", column, next++);
        if (m_period.to)
            text += fmt::format(" AND {} < ${}::timestamptz", column, next);
        return "(" + text + ")";
    }

    /// What was asked for, done or taken back in the period.
    [[nodiscard]] std::string requestsInPeriod() const
    {
        return fmt::format("({} OR {} OR {} OR request_id IN (SELECT d.restores FROM scrutineer.void_history d WHERE {}))",
                           inPeriod("requested_at"), inPeriod("committed_at"), inPeriod("withdrawn_at"),
                           inPeriod("d.committed_at"));
    }

    void progress(std::size_t done, std::size_t all, int from, int to) const
    {
        if (m_percent != nullptr && all > 0)
            m_percent->store(from + static_cast<int>((to - from) * done / all));
    }

    [[nodiscard]] bool mayList(std::size_t votes, const std::string& owner)
    {
        if (votes <= kMostVotesOfOne && m_votes + votes <= kMostVotes) {
            m_votes += votes;
            return true;
        }
        m_reading.remarks.push_back(fmt::format("The {} votes of {} are not listed one by one.", votes, owner));
        return false;
    }

    Status readCount()
    {
        return m_session.each(fmt::format("SELECT count(*), {} FROM scrutineer.vote WHERE state = 'counted' AND {}",
                                          microsSql("transaction_timestamp()"), inPeriod("cast_at")),
                              m_parameters, [this](const SqlRow& row) {
                                  m_reading.countedVotes = row.integer(0);
                                  m_reading.readAt = row.time(1);
                              });
    }

    Status readRequests()
    {
        auto rows = store::readRequests(m_session, fmt::format("WHERE {} ORDER BY number", requestsInPeriod()), m_parameters);
        if (!rows)
            return failureOf(rows);
        for (domain::VoidRequestRow& row : *rows) {
            if (const Status read = addRequest(std::move(row)); !read)
                return read;
            progress(m_reading.requests.size(), rows->size(), 20, 50);
        }
        return Nothing{};
    }

    Status addRequest(domain::VoidRequestRow row)
    {
        domain::RequestReading one;
        auto shares = readShares(m_session, row);
        if (!shares)
            return failureOf(shares);
        one.posts = std::move(*shares);
        if (mayList(static_cast<std::size_t>(row.votes), fmt::format("V-{}", row.number))) {
            auto votes = readReviewedVotes(m_session, row);
            if (!votes)
                return failureOf(votes);
            one.votes = std::move(*votes);
        }
        one.request = std::move(row);
        m_reading.requests.push_back(std::move(one));
        return Nothing{};
    }

    Status readFlags()
    {
        std::string window = "true";
        int next = 1;
        if (m_period.from)
            window += fmt::format(" AND to_at >= ${}::timestamptz", next++); // the window's last moment belongs to it
        if (m_period.to)
            window += fmt::format(" AND from_at < ${}::timestamptz", next);
        auto flags = store::readFlags(
            m_session,
            fmt::format("WHERE ({}) OR flag_key IN (SELECT r.flag_key FROM scrutineer.review_entry r WHERE {}) OR flag_key IN "
                        "(SELECT unnest(flags) FROM scrutineer.void_history WHERE {}) ORDER BY {} LIMIT {}",
                        window, inPeriod("r.decided_at"), requestsInPeriod(), flagOrderSql(), kMostFlags),
            m_parameters);
        if (!flags)
            return failureOf(flags);
        std::move(flags->unreadable.begin(), flags->unreadable.end(), std::back_inserter(m_reading.remarks));
        if (flags->flags.size() == static_cast<std::size_t>(kMostFlags))
            m_reading.remarks.push_back(fmt::format("Only the {} worst flags are listed.", kMostFlags));
        for (domain::RecordedFlag& recorded : flags->flags) {
            if (const Status read = addFlag(std::move(recorded)); !read)
                return read;
            progress(m_reading.flags.size(), flags->flags.size(), 50, 90);
        }
        return Nothing{};
    }

    Status addFlag(domain::RecordedFlag recorded)
    {
        domain::FlagReading one;
        auto decisions = readReviews(m_session, recorded.flag.key);
        if (!decisions)
            return failureOf(decisions);
        one.decisions.assign(std::make_move_iterator(decisions->rbegin()), std::make_move_iterator(decisions->rend()));
        const auto& keys = recorded.flag.votes;
        if (mayList(keys.size(), "flag " + recorded.flag.key.text)) {
            auto votes = m_session.rows<domain::Vote>(
                fmt::format("SELECT {} FROM scrutineer.vote WHERE vote_key = ANY ($1::text[]::scrutineer.vote_key[]) "
                            "ORDER BY cast_at, vote_key",
                            voteColumnsSql()),
                {arrayText(keys)}, voteOf);
            if (!votes)
                return failureOf(votes);
            one.votes = std::move(*votes);
        }
        one.recorded = std::move(recorded);
        m_reading.flags.push_back(std::move(one));
        return Nothing{};
    }

    Status readLog()
    {
        const Status read = m_session.each(
            fmt::format(
                "SELECT kind::text, entry_key::text, {}, actor::text, subject::text, outcome::text, detail::text, NULL FROM "
                "scrutineer.log_entry WHERE {} ORDER BY at, entry_key LIMIT {}",
                microsSql("at"), inPeriod("at"), kMostEntries + 1),
            m_parameters, [this](const SqlRow& row) { m_reading.log.push_back(auditEntryOf(row)); });
        if (read && m_reading.log.size() > static_cast<std::size_t>(kMostEntries)) {
            m_reading.log.pop_back();
            m_reading.remarks.push_back(
                fmt::format("Only the first {} entries of the log are listed: choose a shorter period.", kMostEntries));
        }
        return read;
    }

    SqlSession& m_session;
    domain::TimeRange m_period;
    std::atomic<int>* m_percent;
    std::vector<std::string> m_parameters;
    AuditReading m_reading;
    std::size_t m_votes = 0;
};

} // namespace

Result<AuditReading> readAudit(SqlSession& session, const domain::TimeRange& period, std::atomic<int>* percent)
{
    return AuditReader{session, period, percent}.read();
}

SqlReportSource::SqlReportSource(const domain::ConnectionTarget& target) : m_worker{target, kStreamSettings} {}

QFuture<Result<AuditReading>> SqlReportSource::read(const domain::TimeRange& period,
                                                    const std::shared_ptr<std::atomic<int>>& percent)
{
    return m_worker.run<AuditReading>([period, percent](SqlSession& session) {
        return session.inSnapshot<AuditReading>([&](SqlSession& snapshot) { return readAudit(snapshot, period, percent.get()); });
    });
}

} // namespace scr::store
