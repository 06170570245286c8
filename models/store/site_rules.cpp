#include "store/site_rules.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "domain/visible_text.h"
#include "store/read_error.h"
#include "store/site_rule_rows.h"
#include "store/site_rule_votes.h"
#include "store/sql_text.h"
#include "store/supervised_run.h"

namespace scr::store {

namespace {

using domain::Error;
using domain::failureOf;
using domain::Fault;
using domain::Result;
using domain::SiteFinding;
using domain::SiteRule;
using domain::Status;
using Clock = std::chrono::steady_clock;

constexpr int kRowsAtOnce = 500;
constexpr std::string_view kNotPlural = "cannot insert multiple commands into a prepared statement";

/// ", line 3" where the server says so; a line of another text, such as a function's, is not meant.
std::string lineOf(std::string_view message)
{
    constexpr std::string_view kLine = "\nLINE ";
    const std::size_t at = message.find(kLine);
    if (at == std::string_view::npos || message.find("\nQUERY:") != std::string_view::npos)
        return {};
    const std::string_view rest = message.substr(at + kLine.size());
    return fmt::format(", line {}", rest.substr(0, rest.find(':')));
}

/// The rule's own words for what the server said about it.
std::string refusalOf(const Error& error, std::string_view message, const SiteRule& rule)
{
    const std::string words = domain::visibleText(firstLine(message));
    if (words.find(kNotPlural) != std::string::npos)
        return "It holds more than one statement; one SELECT is what may be there";
    if (error.sqlstate == "57014")
        return fmt::format("It took longer than {}, its time_limit", domain::durationText(rule.timeLimit));
    if (error.sqlstate == "25006" || words.find("data-modifying") != std::string::npos)
        return "It would write, and a rule may only read: " + words;
    if (error.sqlstate == "42501")
        return "The reading login may not do that: " + words;
    return fmt::format("The database does not accept it: {}{}", words, lineOf(message));
}

/// One connection and one transaction for all rules, with a savepoint for each.
class Runner {
public:
    Runner(const domain::ConnectionTarget& target, const SiteRuleOrder& order, SupervisedRun& run) :
        m_target{target}, m_order{order}, m_run{run}
    {
    }

    void runAll(domain::SiteRuleResults& results)
    {
        for (const SiteRule& rule : m_order.rules) {
            if (m_run.stopped())
                return;
            auto findings = run(rule);
            if (findings)
                results.found.push_back({rule, std::move(*findings)});
            else
                results.skipped.push_back({rule.name, domain::sentenceOf(findings.error())});
        }
    }

private:
    [[nodiscard]] Result<std::vector<SiteFinding>> run(const SiteRule& rule)
    {
        if (const Status connected = connect(); !connected)
            return failureOf(connected);
        auto findings = inSavepoint(rule);
        // Back to the savepoint in either case: what a function of the rule's set for the session must not reach the next rule.
        const auto back = m_connection->query("ROLLBACK TO SAVEPOINT rule");
        if (!back)
            m_connection.reset();
        if (!back && findings)
            return failureOf(back);
        return findings;
    }

    [[nodiscard]] Status connect()
    {
        if (m_connection)
            return domain::Nothing{};
        auto opened = ReadConnection::open(m_target, kStreamSettings);
        if (!opened)
            return failureOf(opened);
        m_run.watch(*opened);
        if (const Status begun = opened->beginSnapshot(m_order.snapshot); !begun)
            return begun;
        m_connection = std::move(*opened);
        return domain::Nothing{};
    }

    [[nodiscard]] Result<std::vector<SiteFinding>> inSavepoint(const SiteRule& rule)
    {
        m_deadline = Clock::now() + rule.timeLimit;
        SiteRuleRows rows;
        Status done = prepare();
        if (done)
            done = read(rule, rows);
        if (done)
            done = setTimeout(domain::kLongestSiteRule); // the rule's own limit is for its own SQL
        if (!done)
            return failureOf(done);
        auto findings = findingsOf(rule, rows.rows(), m_order.range, *m_connection);
        if (!findings && findings.error().fault != Fault::Invalid)
            return failureOf(findings);
        if (!findings && !findings.error().sqlstate.empty())
            return domain::failure(Fault::Invalid, fmt::format("It names what cannot be a vote key: {}",
                                                               firstLine(PQerrorMessage(m_connection->handle()))));
        return findings;
    }

    /// The range of the scan, so that a rule need not read more; and plans for all rows, since all will be read.
    [[nodiscard]] Status prepare()
    {
        if (const auto saved = m_connection->query("SAVEPOINT rule"); !saved)
            return failureOf(saved);
        const domain::TimeRange& range = m_order.range;
        const auto set = m_connection->query(
            "SELECT set_config('scrutineer.from', $1, true), set_config('scrutineer.to', $2, true), "
            "set_config('cursor_tuple_fraction', '1', true)",
            {range.from ? momentText(*range.from) : "-infinity", range.to ? momentText(*range.to) : "infinity"});
        return set ? Status{} : failureOf(set);
    }

    [[nodiscard]] Status read(const SiteRule& rule, SiteRuleRows& rows)
    {
        // As a cursor it is one SELECT, without data-modifying parts and without INTO; the server sees to that.
        if (const auto declared = limited(rule, "DECLARE finding NO SCROLL CURSOR FOR " + rule.sql); !declared)
            return failureOf(declared);
        const std::string fetch = fmt::format("FETCH FORWARD {} FROM finding", kRowsAtOnce);
        for (bool isFirst = true;; isFirst = false) {
            const auto fetched = limited(rule, fetch);
            if (!fetched)
                return failureOf(fetched);
            if (isFirst) {
                if (const Status fits = rows.describe(*fetched, *m_connection); !fits)
                    return fits;
            }
            if (const Status taken = rows.take(*fetched); !taken || fetched->size() < kRowsAtOnce)
                return taken;
        }
    }

    /// Runs a statement of the rule within what is left of its time.
    [[nodiscard]] Result<ReadRows> limited(const SiteRule& rule, const std::string& sql)
    {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(m_deadline - Clock::now());
        if (const Status set = setTimeout(std::max(left, std::chrono::milliseconds{1})); !set)
            return failureOf(set);
        auto rows = m_connection->query(sql);
        if (rows || PQstatus(m_connection->handle()) != CONNECTION_OK)
            return rows;
        return domain::failure(Fault::Invalid, refusalOf(rows.error(), PQerrorMessage(m_connection->handle()), rule));
    }

    [[nodiscard]] Status setTimeout(std::chrono::milliseconds length)
    {
        const auto set = m_connection->query(fmt::format("SET LOCAL statement_timeout = {}", length.count()));
        return set ? Status{} : failureOf(set);
    }

    const domain::ConnectionTarget& m_target;
    const SiteRuleOrder& m_order;
    SupervisedRun& m_run;
    std::optional<ReadConnection> m_connection;
    Clock::time_point m_deadline;
};

} // namespace

Result<domain::SiteRuleResults> runSiteRules(const domain::ConnectionTarget& reader, const SiteRuleOrder& order,
                                             const domain::KeepGoing& keepGoing)
{
    domain::SiteRuleResults results;
    SupervisedRun run{keepGoing};
    Runner runner{reader, order, run};
    const Status done = run.run({[&] {
        runner.runAll(results);
        return Status{};
    }});
    if (!done)
        return failureOf(done);
    return results;
}

} // namespace scr::store
