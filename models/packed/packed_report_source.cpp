#include "packed/packed_report_source.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "packed/packed_leaderboard_source.h"
#include "packed/packed_void_source.h"
#include "packed/packed_vote_source.h"

namespace scr::packed {

using domain::AuditReading;
using domain::failureOf;
using domain::FlagReading;
using domain::Nothing;
using domain::Result;
using domain::Status;
using domain::TimeRange;
using domain::UtcTime;

namespace {

constexpr std::int64_t kMostVotes = 100'000; ///< of a flag or request that are listed
constexpr int kMostEntries = 100'000;

bool contains(const TimeRange& period, const std::optional<UtcTime>& time)
{
    return time && period.contains(*time);
}

class ReportReader {
public:
    ReportReader(PackSession& session, const OpenPack& pack, const TimeRange& period, std::atomic<int>* percent) :
        m_session{session}, m_pack{pack}, m_period{period}, m_percent{percent}
    {
    }

    Result<AuditReading> read()
    {
        m_reading.readAt = m_pack.folder.description().signedAt;
        m_reading.remarks = m_pack.remarks;
        m_reading.remarks.push_back(fmt::format("Made from an evidence pack of {}: what is not in the pack is not in the report.",
                                                m_pack.folder.description().origin));
        Status done = Nothing{};
        int percent = 0;
        for (Status (ReportReader::*part)() :
             {&ReportReader::readCount, &ReportReader::readRequests, &ReportReader::readFlags, &ReportReader::readLog}) {
            if (done)
                done = (this->*part)();
            if (m_percent != nullptr)
                m_percent->store(percent += 22);
        }
        auto scores = done ? readScores(m_session, m_pack.folder.description(), m_period, 1)
                           : Result<domain::ScoreHistory>{failureOf(done)};
        if (!scores)
            return failureOf(scores);
        m_reading.scores = *std::move(scores);
        return std::move(m_reading);
    }

private:
    Status readCount()
    {
        Conditions conditions;
        conditions.add("state = 'counted'", {});
        conditions.addRange("cast_at", m_period);
        return m_session.each("SELECT count(*) FROM votes" + conditions.where(), conditions.values(),
                              [this](const PackRow& row) { m_reading.countedVotes = row.integer(0); });
    }

    [[nodiscard]] bool mayList(std::int64_t votes, const std::string& owner)
    {
        if (votes > kMostVotes)
            m_reading.remarks.push_back(fmt::format("The {} votes of {} are not listed one by one.", votes, owner));
        return votes <= kMostVotes;
    }

    /// What was asked for, done or taken back in the period.
    Status readRequests()
    {
        auto rows = m_session.rows<domain::VoidRequestRow>(
            fmt::format("SELECT {} FROM voids ORDER BY {}", kRequestColumns, kRequestOrder), {}, requestOf);
        if (!rows)
            return failureOf(rows);
        std::set<std::string> takenBack;
        for (const domain::VoidRequestRow& row : *rows) {
            if (contains(m_period, row.committedAt) && !row.restores.empty())
                takenBack.insert(row.restores.text);
        }
        for (domain::VoidRequestRow& row : *rows) {
            const bool isOfPeriod = m_period.contains(row.requestedAt) || contains(m_period, row.committedAt) ||
                                    contains(m_period, row.withdrawnAt) || takenBack.contains(row.request.text);
            if (const Status added = isOfPeriod ? addRequest(std::move(row)) : Status{Nothing{}}; !added)
                return added;
        }
        return Nothing{};
    }

    Status addRequest(domain::VoidRequestRow row)
    {
        domain::RequestReading one;
        auto shares = readShares(m_session, row);
        if (!shares)
            return failureOf(shares);
        one.posts = *std::move(shares);
        if (mayList(row.votes, fmt::format("V-{}", row.number))) {
            auto votes = m_session.rows<domain::Vote>(
                fmt::format("SELECT {} FROM (SELECT *, cast_at_micros AS cast_at FROM voided_votes WHERE request = ?) v ORDER BY "
                            "v.vote_key",
                            kVoteColumns),
                {row.request.text}, voteOf);
            if (!votes)
                return failureOf(votes);
            one.votes = *std::move(votes);
        }
        one.request = std::move(row);
        m_reading.requests.push_back(std::move(one));
        return Nothing{};
    }

    Status readFlags()
    {
        std::set<domain::FlagKey> ofRequests;
        for (const domain::RequestReading& one : m_reading.requests)
            ofRequests.insert(one.request.flags.begin(), one.request.flags.end());
        for (const FlagReading& one : m_pack.flags) {
            const domain::Flag& flag = one.recorded.flag;
            const bool touches = (!m_period.from || flag.to >= *m_period.from) && (!m_period.to || flag.from < *m_period.to);
            const bool isDecided = std::ranges::any_of(
                one.decisions, [this](const domain::ReviewEntry& entry) { return m_period.contains(entry.decidedAt); });
            if (!touches && !isDecided && !ofRequests.contains(flag.key))
                continue;
            FlagReading copy = one;
            if (mayList(static_cast<std::int64_t>(flag.votes.size()), "flag " + flag.key.text)) {
                auto votes = readVotes(m_session, flag.votes);
                if (!votes)
                    return failureOf(votes);
                copy.votes = *std::move(votes);
            }
            m_reading.flags.push_back(std::move(copy));
        }
        return Nothing{};
    }

    Status readLog()
    {
        Conditions conditions;
        conditions.addRange("at", m_period);
        const Status read =
            m_session.each(fmt::format("SELECT {} FROM decisions{} ORDER BY at, leaf LIMIT {}", kDecisionColumns,
                                       conditions.where(), kMostEntries + 1),
                           conditions.values(), [this](const PackRow& row) { m_reading.log.push_back(entryOf(row)); });
        if (read && m_reading.log.size() > static_cast<std::size_t>(kMostEntries)) {
            m_reading.log.pop_back();
            m_reading.remarks.push_back(
                fmt::format("Only the first {} entries of the log are listed: choose a shorter period.", kMostEntries));
        }
        return read;
    }

    PackSession& m_session;
    const OpenPack& m_pack;
    TimeRange m_period;
    std::atomic<int>* m_percent;
    AuditReading m_reading;
};

} // namespace

PackedReportSource::PackedReportSource(std::shared_ptr<const OpenPack> pack) : m_pack{std::move(pack)}, m_worker{m_pack->database}
{
}

QFuture<Result<AuditReading>> PackedReportSource::read(const TimeRange& period, const std::shared_ptr<std::atomic<int>>& percent)
{
    return m_worker.run<AuditReading>([pack = m_pack, period, percent](PackSession& session) {
        return ReportReader{session, *pack, period, percent.get()}.read();
    });
}

} // namespace scr::packed
