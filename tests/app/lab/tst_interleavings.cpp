#include <algorithm>
#include <array>
#include <deque>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <QtTest>

#include <libpq-fe.h>

#include "support/test_server.h"
#include "support/voters.h"

using namespace scr;
using namespace scr::test;

namespace {

/// Two transactions of three steps each: BEGIN, one call, COMMIT or ROLLBACK. {t} {u}: tokens with the secrets s{t} s{u}; {p}
/// {q}: posts; {v}: the vote that the setup cast, {d}: its digest.
struct Scenario {
    const char* name;
    const char* setup; ///< further to the tokens and posts; a SELECT of the call whose vote is {v}, or nothing
    const char* a;
    const char* b;
    const char* end = "COMMIT"; ///< of A
};

constexpr const char* kVoided = "SELECT scrutineer.void_votes(gen_random_uuid(), '{{v}}', '{d}', 'test', '{}') ->> 'status'";
constexpr const char* kVoted = "SELECT vote_key FROM reference.cast_vote('s{t}', {p}, 1)";

constexpr std::array kScenarios{
    Scenario{"cast, cast: one token, one post", "", "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1)",
             "SELECT outcome FROM reference.cast_vote('s{t}', {p}, -1)"},
    Scenario{"cast rolled back, cast", "", "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1)",
             "SELECT outcome FROM reference.cast_vote('s{t}', {p}, -1)", "ROLLBACK"},
    Scenario{"cast, cast: two tokens, one post", "", "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1)",
             "SELECT outcome FROM reference.cast_vote('s{u}', {p}, 1)"},
    Scenario{"cast, cast: one request key", "", "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1, NULL, 'k')",
             "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1, NULL, 'k')"},
    Scenario{"cast, report of its failure", "", "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1, NULL, 'k')",
             "SELECT outcome FROM reference.report_failure('s{t}', {p}, 1, NULL, 'k')"},
    Scenario{"cast rolled back, report of its failure", "", "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1, NULL, 'k')",
             "SELECT outcome FROM reference.report_failure('s{t}', {p}, 1, NULL, 'k')", "ROLLBACK"},
    Scenario{
        "cast, cast: one more in the bucket",
        "UPDATE reference.token SET full_at = clock_timestamp() + (SELECT token_slack FROM reference.rule) WHERE token_key = {t}",
        "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1)", "SELECT outcome FROM reference.cast_vote('s{t}', {q}, 1)"},
    Scenario{"cast, change", "", "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1)",
             "SELECT outcome FROM reference.change_vote('s{t}', {p}, -1)"},
    Scenario{"change, change", kVoted, "SELECT outcome FROM reference.change_vote('s{t}', {p}, -1)",
             "SELECT outcome FROM reference.change_vote('s{t}', {p}, 0)"},
    Scenario{"change, withdraw", kVoted, "SELECT outcome FROM reference.change_vote('s{t}', {p}, -1)",
             "SELECT outcome FROM reference.withdraw_vote('s{t}', {p})"},
    Scenario{"withdraw, cast", kVoted, "SELECT outcome FROM reference.withdraw_vote('s{t}', {p})",
             "SELECT outcome FROM reference.cast_vote('s{t}', {p}, -1)"},
    Scenario{"withdraw rolled back, cast", kVoted, "SELECT outcome FROM reference.withdraw_vote('s{t}', {p})",
             "SELECT outcome FROM reference.cast_vote('s{t}', {p}, -1)", "ROLLBACK"},
    Scenario{"close, cast", "", "SELECT reference.close_post({p})", "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1)"},
    Scenario{"close rolled back, cast", "", "SELECT reference.close_post({p})",
             "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1)", "ROLLBACK"},
    Scenario{"close, change", kVoted, "SELECT reference.close_post({p})",
             "SELECT outcome FROM reference.change_vote('s{t}', {p}, -1)"},
    Scenario{"revoke, cast", "", "SELECT reference.revoke_token({t})", "SELECT outcome FROM reference.cast_vote('s{t}', {p}, 1)"},
    Scenario{"void, change", kVoted, kVoided, "SELECT outcome FROM reference.change_vote('s{t}', {p}, -1)"},
    Scenario{"void, withdraw", kVoted, kVoided, "SELECT outcome FROM reference.withdraw_vote('s{t}', {p})"},
    Scenario{"void rolled back, withdraw", kVoted, kVoided, "SELECT outcome FROM reference.withdraw_vote('s{t}', {p})",
             "ROLLBACK"},
    Scenario{"void, void", kVoted, kVoided, kVoided},
    Scenario{"void, cast by another token", kVoted, kVoided, "SELECT outcome FROM reference.cast_vote('s{u}', {p}, 1)"},
    Scenario{"batch, batch: the same tokens and posts the other way round", "",
             "SELECT string_agg(outcome, ',' ORDER BY place) FROM reference.cast_votes('[{\"secret\": \"s{t}\", \"post\": {p}, "
             "\"value\": 1}, {\"secret\": \"s{u}\", \"post\": {q}, \"value\": 1}]')",
             "SELECT string_agg(outcome, ',' ORDER BY place) FROM reference.cast_votes('[{\"secret\": \"s{u}\", \"post\": {q}, "
             "\"value\": -1}, {\"secret\": \"s{t}\", \"post\": {p}, \"value\": -1}]')"},
};

/// What the posts of a scenario hold: every vote with its state, and the tally beside what it should be.
constexpr const char* kState =
    "SELECT concat_ws('; ', coalesce((SELECT string_agg(format('%s %s', state, value), ', ' ORDER BY token_key, post_key) FROM "
    "scrutineer.vote WHERE post_key IN ({p}, {q})), "
    "'no vote'), format('tally %s', coalesce((SELECT sum(score) FROM reference.tally WHERE post_key IN ({p}, {q})), 0)))";
constexpr const char* kTallyIsRight = "SELECT coalesce((SELECT sum(score) FROM reference.tally WHERE post_key IN ({p}, {q})), 0) "
                                      "= coalesce((SELECT sum(value) FROM scrutineer.vote "
                                      "WHERE post_key IN ({p}, {q}) AND state = 'counted'), 0)";

std::vector<std::string> allOrders()
{
    std::string order = "aaabbb";
    std::vector<std::string> orders;
    do
        orders.push_back(order);
    while (std::next_permutation(order.begin(), order.end()));
    return orders;
}

std::string replaced(std::string text, const std::map<std::string, std::string>& values)
{
    for (const auto& [name, value] : values) {
        for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
            text.replace(at, name.size(), value);
    }
    return text;
}

/// A connection that may be left waiting in the middle of a step.
class Session {
public:
    Session(const std::string& conninfo, char name) : m_connection{connectTo(conninfo)}, m_name{name} {}

    void setSteps(std::vector<std::string> steps) { m_steps = std::move(steps); }
    [[nodiscard]] bool isWaiting() const noexcept { return m_waiting; }
    [[nodiscard]] std::string backend() const { return std::to_string(PQbackendPID(m_connection.get())); }

    void begin(std::size_t step)
    {
        m_step = step;
        if (PQsendQuery(m_connection.get(), m_steps[step].c_str()) == 0)
            throw std::runtime_error{PQerrorMessage(m_connection.get())};
        m_waiting = true;
    }
    /// "" while there is none; of a call "a2=accepted", of the other steps "a1".
    [[nodiscard]] std::string answer()
    {
        PQconsumeInput(m_connection.get());
        if (PQisBusy(m_connection.get()) != 0)
            return {};
        std::string value;
        while (PGresult* result = PQgetResult(m_connection.get())) {
            if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0)
                value = PQgetvalue(result, 0, 0);
            else if (PQresultStatus(result) == PGRES_FATAL_ERROR)
                value = PQresultErrorField(result, PG_DIAG_SQLSTATE);
            PQclear(result);
        }
        m_waiting = false;
        return std::string{m_name} + std::to_string(m_step + 1) + (value.empty() ? "" : "=" + value);
    }

private:
    Connection m_connection;
    char m_name;
    std::vector<std::string> m_steps;
    std::size_t m_step = 0;
    bool m_waiting = false;
};

} // namespace

/// Every order in which the steps of two transactions can follow each other, with what comes of it written down in
/// interleavings.txt. SCRUTINEER_WRITE_EXPECTED=file writes what came of it now; then read it, line by line.
class TestInterleavings : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void areAsWrittenDown();

private:
    std::string play(const Scenario& scenario, const std::string& order);
    std::string waitFor(Session& session);
    void prepare(const Scenario& scenario);

    TestServer m_server;
    std::optional<Session> m_a;
    std::optional<Session> m_b;
    Connection m_observer{nullptr, &PQfinish};
    std::map<std::string, std::string> m_names;
    int m_next = 0;
};

void TestInterleavings::initTestCase()
{
    m_server.createSource("site", "reference");
    m_a.emplace(m_server.conninfo("site"), 'a');
    // Each has a tally shard of its own, as the lines are written down.
    do
        m_b.emplace(m_server.conninfo("site"), 'b');
    while (std::stoi(m_a->backend()) % 64 == std::stoi(m_b->backend()) % 64);
    m_observer = connectTo(m_server.conninfo("site"));
}

void TestInterleavings::prepare(const Scenario& scenario)
{
    m_next += 2;
    const std::string t = std::to_string(m_next);
    const std::string u = std::to_string(m_next + 1);
    m_names = {{"{t}", t}, {"{u}", u}, {"{p}", t}, {"{q}", u}};
    const std::string make =
        "INSERT INTO reference.post (post_key) VALUES ({p}), ({q}); SELECT reference.issue_token('t', 's{t}', {t}); "
        "SELECT reference.issue_token('u', 's{u}', {u})";
    m_server.execute("site", replaced(make, m_names));
    const std::string vote = *scenario.setup == '\0' ? "" : m_server.queryText("site", replaced(scenario.setup, m_names));
    m_names["{v}"] = vote;
    if (!vote.empty())
        m_names["{d}"] = m_server.queryText("site", "SELECT digest FROM scrutineer.digest_votes('{" + vote + "}')");
    m_a->setSteps({"BEGIN", replaced(scenario.a, m_names), scenario.end});
    m_b->setSteps({"BEGIN", replaced(scenario.b, m_names), "COMMIT"});
}

/// The answer, or "" when the session waits for the other one.
std::string TestInterleavings::waitFor(Session& session)
{
    const std::string sql = "SELECT cardinality(pg_blocking_pids(" + session.backend() + ")) > 0";
    for (int i = 0; i < 20'000; ++i) {
        if (std::string answer = session.answer(); !answer.empty())
            return answer;
        PGresult* result = PQexec(m_observer.get(), sql.c_str());
        const bool blocked = PQntuples(result) > 0 && *PQgetvalue(result, 0, 0) == 't';
        PQclear(result);
        if (blocked)
            return {};
    }
    throw std::runtime_error{"a step neither ends nor waits"};
}

/// "a1 b1 a2=accepted b2... a3 b2=duplicate b3: counted 1; tally 1": a step that waits is told twice, and the session's later
/// steps follow when it is over.
std::string TestInterleavings::play(const Scenario& scenario, const std::string& order)
{
    prepare(scenario);
    std::map<char, Session*> sessions{{'a', &*m_a}, {'b', &*m_b}};
    std::map<char, std::size_t> begun;
    std::map<char, std::size_t> due;
    std::string trace;
    const auto tell = [&](const std::string& what) { trace += (trace.empty() ? "" : " ") + what; };
    const auto goOn = [&](char name) {
        Session& session = *sessions[name];
        while (!session.isWaiting() && begun[name] < due[name]) {
            session.begin(begun[name]++);
            const std::string answer = waitFor(session);
            tell(answer.empty() ? std::string{name} + std::to_string(begun[name]) + "..." : answer);
        }
    };
    const auto settle = [&](char other) {
        Session& session = *sessions[other];
        if (!session.isWaiting())
            return;
        if (const std::string answer = waitFor(session); !answer.empty()) {
            tell(answer);
            goOn(other);
        }
    };
    for (const char name : order) {
        ++due[name];
        goOn(name);
        settle(name == 'a' ? 'b' : 'a');
    }
    settle('a');
    settle('b');
    if (m_server.queryText("site", replaced(kTallyIsRight, m_names)) != "t")
        trace += " WRONG TALLY";
    return trace + ": " + m_server.queryText("site", replaced(kState, m_names));
}

void TestInterleavings::areAsWrittenDown()
{
    std::ostringstream found;
    std::size_t lines = 0;
    for (const Scenario& scenario : kScenarios) {
        found << "# " << scenario.name << '\n';
        for (const std::string& order : allOrders()) {
            found << play(scenario, order) << '\n';
            ++lines;
        }
    }
    if (const char* path = std::getenv("SCRUTINEER_WRITE_EXPECTED"))
        std::ofstream{path} << found.str();
    std::ifstream file{SCRUTINEER_SOURCE_DIR "/tests/app/lab/interleavings.txt"};
    std::ostringstream written;
    written << file.rdbuf();
    std::istringstream left{found.str()};
    std::istringstream right{written.str()};
    std::string scenario;
    for (std::string is, should; std::getline(left, is);) {
        std::getline(right, should);
        scenario = is.starts_with('#') ? is : scenario;
        QVERIFY2(is == should, (scenario + "\n  is      " + is + "\n  should  " + should).c_str());
    }
    QVERIFY(lines >= 200);
    QVERIFY(found.str().find("WRONG") == std::string::npos);
    QVERIFY(found.str().find("40P01") == std::string::npos);
}

QTEST_GUILESS_MAIN(TestInterleavings)
#include "tst_interleavings.moc"
