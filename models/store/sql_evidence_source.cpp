#include "store/sql_evidence_source.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "audit/frontier.h"
#include "store/request_reader.h"
#include "store/sql_report_source.h"
#include "store/sql_text.h"

namespace scr::store {

namespace {

using domain::EvidenceReading;
using domain::failureOf;
using domain::Nothing;
using domain::Result;
using domain::Status;

/// The pseudonym as entries have it; `k` is the row of scrutineer.pseudonym_key.
std::string pseudonymSql(std::string_view text)
{
    return fmt::format("encode(substr(sha256(k.outer_pad || sha256(k.inner_pad || convert_to({}, 'UTF8'))), 1, 16), 'hex')",
                       text);
}

domain::PackVote voteAt(const SqlRow& row, int first)
{
    return {domain::VoteKey{row.text(first)},
            domain::TokenKey{row.text(first + 1)},
            domain::PostKey{row.text(first + 2)},
            domain::AuthorKey{row.text(first + 3)},
            row.text(first + 4),
            row.time(first + 5),
            row.text(first + 6),
            row.text(first + 7)};
}

const std::string& voteColumns()
{
    static const std::string kColumns =
        fmt::format("vote_key::text, token_key::text, post_key::text, author_key::text, value::text, {}, abbrev(origin)",
                    microsSql("cast_at"));
    return kColumns;
}

class EvidenceReader {
public:
    EvidenceReader(SqlSession& session, const ports::EvidenceOrder& order, const ports::EvidenceSink& sink,
                   std::atomic<int>* percent) : m_session{session}, m_order{order}, m_sink{sink}, m_percent{percent}
    {
        query::Query attempts = order.query;
        // An attempt has no state: of what became of its vote the filter says nothing here.
        std::erase_if(attempts.filter.terms, [](const query::Term& term) { return term.field == query::Field::State; });
        m_votes = query::sqlOf(order.query);
        m_attempts = query::sqlOf(attempts);
    }

    Result<EvidenceReading> read()
    {
        Status status = command("SET LOCAL extra_float_digits = 1");
        if (status)
            status = readReport();
        for (Status (EvidenceReader::*part)() :
             {&EvidenceReader::readSealed, &EvidenceReader::readTokens, &EvidenceReader::readOrigins, &EvidenceReader::readPosts,
              &EvidenceReader::readVotes, &EvidenceReader::readReviewed, &EvidenceReader::readControls,
              &EvidenceReader::readPlaces}) {
            if (status)
                status = (this->*part)();
        }
        return status ? Result<EvidenceReading>{std::move(m_reading)} : failureOf(status);
    }

private:
    Status command(const std::string& sql)
    {
        return m_session.each(sql, {}, [](const SqlRow&) {});
    }

    /// Rows to the sink: an error of it ends the query.
    template <class Take>
    Status each(const std::string& sql, const std::vector<std::string>& parameters, Take take)
    {
        Status taken = Nothing{};
        const Status read = m_session.each(sql, parameters, [&](const SqlRow& row) {
            if (taken)
                taken = take(row);
        });
        return taken ? read : taken;
    }

    static std::string where(const query::SqlCondition& condition)
    {
        return condition.text.empty() ? "" : " WHERE " + condition.text;
    }

    /// The attempts of the query, with the names of columns that votes have.
    [[nodiscard]] std::string attemptsSql(std::string_view columns) const
    {
        return fmt::format(
            "SELECT {} FROM (SELECT a.attempt_key, a.attempted_at AS cast_at, a.token_key, a.post_key, p.author_key, a.value, "
            "a.vote_key, a.origin FROM scrutineer.attempt a LEFT JOIN scrutineer.post p ON p.post_key = a.post_key) q{}",
            columns, where(m_attempts));
    }

    [[nodiscard]] std::string reviewedSql(std::string_view column, int parameter) const
    {
        return fmt::format("SELECT {} FROM scrutineer.void_history_vote WHERE request_id = ANY (${}::uuid[])", column, parameter);
    }

    Status readReport()
    {
        auto report = readAudit(m_session, m_order.query.range, m_percent);
        if (!report)
            return failureOf(report);
        m_reading.report = *std::move(report);
        return Nothing{};
    }

    /// Which sealed decisions say what became of the requests, and those requests that only a decision of the period names: its
    /// time is another than theirs. A request of which nothing sealed says so is left out.
    Status readSealed()
    {
        std::set<std::string> known;
        for (const auto& one : m_reading.report.requests)
            known.insert(nameOf(one.request));
        std::set<std::string> sealed;
        std::vector<std::string> others;
        const Status read = m_session.each(
            fmt::format(
                "SELECT d.kind::text, d.subject::text, l.leaf, {} FROM scrutineer.log_entry d JOIN scrutineer.leaf l ON l.log = "
                "'d' "
                "AND l.entry_key = d.entry_key AND l.at = d.at AND l.epoch = $1::integer AND l.leaf >= 0 AND l.leaf < $2::int8 "
                "WHERE d.kind IN ('void', 'restore', 'propose') AND d.outcome = 'done'",
                microsSql("d.at")),
            {std::to_string(m_order.epoch), std::to_string(m_order.size)}, [&](const SqlRow& row) {
                const bool isNew =
                    row.text(0) != "propose" && m_order.query.range.contains(row.time(3)) && known.insert(row.text(1)).second;
                if (isNew && row.text(1).starts_with("V-"))
                    others.push_back(row.text(1).substr(2));
                if (known.contains(row.text(1)) && sealed.insert(row.text(0) + ' ' + row.text(1)).second)
                    m_bundles.insert(static_cast<std::uint64_t>(row.integer(2)) / audit::kTileWidth);
            });
        if (!read)
            return read;
        auto more = readRequests(m_session, "WHERE number = ANY ($1::bigint[])", {arrayText(others)});
        if (!more)
            return failureOf(more);
        for (domain::VoidRequestRow& row : *more)
            m_reading.report.requests.push_back({std::move(row), {}, {}});
        std::ranges::sort(m_reading.report.requests, {}, [](const domain::RequestReading& one) { return one.request.number; });
        keepSealed(sealed);
        return Nothing{};
    }

    static std::string nameOf(const domain::VoidRequestRow& request) { return fmt::format("V-{}", request.number); }

    void keepSealed(const std::set<std::string>& sealed)
    {
        std::erase_if(m_reading.report.requests, [&](domain::RequestReading& one) {
            one.votes.clear();
            const std::string kind{one.request.committedAt ? domain::nameOf(one.request.kind) : "propose"};
            const bool isSealed = sealed.contains(kind + ' ' + nameOf(one.request));
            if (isSealed)
                m_requests.push_back(one.request.request.text);
            else
                m_reading.report.remarks.push_back(nameOf(one.request) +
                                                   " is newer than the checkpoint of this pack, and is not in it.");
            return !isSealed;
        });
    }

    Status readTokens()
    {
        const auto offset = static_cast<int>(m_attempts.parameters.size());
        const query::SqlCondition votes = query::sqlOf(m_order.query, offset + 1);
        std::vector<std::string> parameters = m_attempts.parameters;
        parameters.insert(parameters.end(), votes.parameters.begin(), votes.parameters.end());
        parameters.push_back(arrayText(m_requests));
        const std::string sql =
            fmt::format("SELECT u.token_key::text, {}, t.label::text, {}, t.state::text FROM ({} UNION SELECT token_key FROM "
                        "scrutineer.vote{} UNION {}) u "
                        "CROSS JOIN scrutineer.pseudonym_key k LEFT JOIN scrutineer.token t ON t.token_key = u.token_key WHERE "
                        "u.token_key IS NOT NULL "
                        "ORDER BY u.token_key",
                        pseudonymSql("'token ' || u.token_key"), microsSql("t.created_at"), attemptsSql("token_key"),
                        where(votes), reviewedSql("token_key", static_cast<int>(parameters.size())));
        return each(sql, parameters, [this](const SqlRow& row) {
            return m_sink.token({domain::TokenKey{row.text(0)}, row.text(1), row.text(2), row.optionalTime(3), row.text(4)});
        });
    }

    Status readOrigins()
    {
        return each(
            fmt::format(
                "SELECT abbrev(u.origin), {} FROM ({}) u CROSS JOIN scrutineer.pseudonym_key k WHERE u.origin IS NOT NULL "
                "ORDER BY u.origin",
                pseudonymSql("'origin ' || u.origin"), attemptsSql("DISTINCT origin")),
            m_attempts.parameters, [this](const SqlRow& row) { return m_sink.origin({row.text(0), row.text(1)}); });
    }

    Status readPosts()
    {
        const auto offset = static_cast<int>(m_attempts.parameters.size());
        const query::SqlCondition votes = query::sqlOf(m_order.query, offset + 1);
        std::vector<std::string> parameters = m_attempts.parameters;
        parameters.insert(parameters.end(), votes.parameters.begin(), votes.parameters.end());
        parameters.push_back(arrayText(m_requests));
        const std::string sql = fmt::format("SELECT p.post_key::text, p.title::text, p.author_key::text, {}, p.counter::float8 "
                                            "FROM scrutineer.post p WHERE p.post_key IN "
                                            "({} UNION SELECT post_key FROM scrutineer.vote{} UNION {}) ORDER BY p.post_key",
                                            microsSql("p.created_at"), attemptsSql("post_key"), where(votes),
                                            reviewedSql("post_key", static_cast<int>(parameters.size())));
        return each(sql, parameters, [this](const SqlRow& row) {
            domain::Post post{domain::PostKey{row.text(0)}, row.text(1), domain::AuthorKey{row.text(2)}, row.optionalTime(3),
                              std::nullopt};
            if (!row.isNull(4))
                post.counter = row.number(4);
            return m_sink.post(post);
        });
    }

    Status readVotes()
    {
        return each(fmt::format("SELECT {}, state::text FROM scrutineer.vote v{} ORDER BY v.cast_at, v.vote_key", voteColumns(),
                                where(m_votes)),
                    m_votes.parameters, [this](const SqlRow& row) { return m_sink.vote(voteAt(row, 0)); });
    }

    Status readReviewed()
    {
        for (const domain::RequestReading& one : m_reading.report.requests) {
            const Status read =
                each(fmt::format(
                         "SELECT {}, '{}' FROM scrutineer.void_history_vote h WHERE h.request_id = $1::uuid ORDER BY h.vote_key",
                         voteColumns(), one.request.kind == domain::RequestKind::Void ? "counted" : "voided"),
                     {one.request.request.text}, [&](const SqlRow& row) { return m_sink.reviewed(one.request, voteAt(row, 0)); });
            if (!read)
                return read;
        }
        return Nothing{};
    }

    Status readControls()
    {
        return each(fmt::format("SELECT control, state, evidence, {}, {} FROM scrutineer.control_now ORDER BY control",
                                microsSql("checked_at"), microsSql("since")),
                    {}, [this](const SqlRow& row) {
                        return m_sink.control({row.text(0), row.text(1), row.text(2), row.time(3), row.time(4)});
                    });
    }

    Status readPlaces()
    {
        const std::string leaves =
            fmt::format("scrutineer.leaf l WHERE l.epoch = {} AND l.leaf >= 0 AND l.leaf < {}", m_order.epoch, m_order.size);
        const query::Query period{{}, m_order.query.range};
        const query::SqlCondition inPeriod = query::sqlOf(period);
        const bool isFiltered = !m_order.query.filter.terms.empty();
        const std::string decided = isFiltered ? " AND l.log = 'd'" : "";
        std::set<std::uint64_t> found;
        Status read = m_session.each(
            fmt::format("SELECT DISTINCT place FROM (SELECT l.leaf / {} AS place, l.at AS cast_at FROM {}{}) p{}",
                        audit::kTileWidth, leaves, decided, where(inPeriod)),
            inPeriod.parameters, [&found](const SqlRow& row) { found.insert(static_cast<std::uint64_t>(row.integer(0))); });
        if (!isFiltered)
            addWithoutGaps(found);
        m_bundles.merge(found);
        if (read && isFiltered)
            read = m_session.each(
                fmt::format("SELECT l.leaf FROM ({}) c JOIN scrutineer.leaf l ON l.log = 'a' AND l.entry_key = c.attempt_key AND "
                            "l.at = c.cast_at AND l.epoch = {} WHERE l.leaf >= 0 AND l.leaf < {} ORDER BY 1",
                            attemptsSql("attempt_key, cast_at"), m_order.epoch, m_order.size),
                m_attempts.parameters, [this](const SqlRow& row) {
                    m_reading.chosen.push_back(static_cast<std::uint64_t>(row.integer(0)));
                    m_bundles.insert(m_reading.chosen.back() / audit::kTileWidth);
                });
        m_reading.bundles.assign(m_bundles.begin(), m_bundles.end());
        return read;
    }

    /// What the database says of places is not believed: between two bundles none is missing, and none at an open end.
    void addWithoutGaps(const std::set<std::uint64_t>& found)
    {
        const domain::TimeRange& range = m_order.query.range;
        if ((found.empty() && !range.isAll()) || m_order.size == 0)
            return;
        const std::uint64_t first = range.from ? *found.begin() : 0;
        const std::uint64_t last = range.to ? *found.rbegin() : (m_order.size - 1) / audit::kTileWidth;
        for (std::uint64_t bundle = first; bundle <= last; ++bundle)
            m_bundles.insert(bundle);
    }

    SqlSession& m_session;
    const ports::EvidenceOrder& m_order;
    const ports::EvidenceSink& m_sink;
    std::atomic<int>* m_percent;
    query::SqlCondition m_votes;
    query::SqlCondition m_attempts;
    std::vector<std::string> m_requests; ///< ids of those that are in the pack
    std::set<std::uint64_t> m_bundles;
    EvidenceReading m_reading;
};

} // namespace

SqlEvidenceSource::SqlEvidenceSource(const domain::ConnectionTarget& target) : m_worker{target, kStreamSettings} {}

QFuture<Result<EvidenceReading>> SqlEvidenceSource::read(const ports::EvidenceOrder& order,
                                                         const std::shared_ptr<ports::EvidenceSink>& sink,
                                                         const std::shared_ptr<std::atomic<int>>& percent)
{
    return m_worker.run<EvidenceReading>([order, sink, percent](SqlSession& session) {
        return session.inSnapshot<EvidenceReading>(
            [&](SqlSession& snapshot) { return EvidenceReader{snapshot, order, *sink, percent.get()}.read(); });
    });
}

} // namespace scr::store
