#include <QElapsedTimer>
#include <QTest>

#include "models/store/store_test.h"
#include "store/copy_scan_source.h"
#include "store/site_rule_rows.h"
#include "store/site_rules.h"

using namespace scr;

namespace {

domain::SiteRule ruleOf(const std::string& name, const std::string& sql, const std::string& head = {})
{
    auto rule = domain::parseSiteRule(name + ".sql", "-- name: " + name + "\n" + head + sql);
    if (!rule)
        throw std::runtime_error{domain::sentenceOf(rule.error())};
    return std::move(*rule);
}

/// A rule that finds the votes of token 7.
domain::SiteRule goodRule(const std::string& name = "good")
{
    return ruleOf(name, "SELECT token_key AS subject, array_agg(vote_key) AS votes, count(*) AS score, 'many' AS explanation "
                        "FROM scrutineer.vote WHERE token_key = 7 GROUP BY 1;\n");
}

/// One row with these values.
std::string rowSql(const std::string& subject, const std::string& votes, const std::string& score, const std::string& explanation)
{
    return "SELECT " + subject + " AS subject, " + votes + " AS votes, " + score + " AS score, " + explanation +
           " AS explanation";
}

} // namespace

/// A site's own rules against a real server.
class TestSiteRules : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void findsAndLooksUpTheVotes();
    void takesAnyTypeOfKey_data();
    void takesAnyTypeOfKey();
    void refusesAndGoesOn_data();
    void refusesAndGoesOn();
    void nothingWasWritten();
    void theLimitIsForAllRowsTogether();
    void whatARuleSetsIsGoneForTheNext();
    void aRuleThatEndsItsConnectionEndsNoOther();
    void leavesOutWhatDoesNotCount();
    void knowsTheRange();
    void subjectsAreChecked();
    void seesTheStateOfTheScan();
    void stopsWhenAskedTo();
    void arraysAreReadExactly();

private:
    [[nodiscard]] domain::SiteRuleResults run(const std::vector<domain::SiteRule>& rules, const domain::TimeRange& range = {},
                                              const std::string& snapshot = {}) const
    {
        auto results = store::runSiteRules(m_server->target("site", "reader"), {rules, range, snapshot}, {});
        if (!results)
            throw std::runtime_error{domain::sentenceOf(results.error())};
        return std::move(*results);
    }

    std::unique_ptr<test::TestServer> m_server;
};

void TestSiteRules::initTestCase()
{
    m_server = std::make_unique<test::TestServer>();
    test::createKeyedSource(*m_server, "site", "bigint", true);
    // Ten tokens on posts 1 to 100; every vote a second after the one before.
    m_server->execute("site",
                      "INSERT INTO site.vote SELECT n, n % 10, 1 + n / 10, 1, '2026-03-01Z'::timestamptz + n * interval '1 s' "
                      "FROM generate_series(1, 999) n; ANALYZE;"
                      "CREATE TABLE public.notes (n int); GRANT ALL ON public.notes TO reader;"
                      "CREATE FUNCTION scrutineer.scribble() RETURNS text LANGUAGE plpgsql SECURITY DEFINER AS "
                      "$$ BEGIN INSERT INTO site.vote VALUES (5000, 1, 1, 1, now()); RETURN 'x'; END $$");
}

void TestSiteRules::findsAndLooksUpTheVotes()
{
    const auto results = run({goodRule()});
    QVERIFY2(results.skipped.empty(), results.skipped.empty() ? "" : results.skipped.front().reason.c_str());
    QCOMPARE(results.found.size(), std::size_t{1});
    QCOMPARE(results.found.front().rule.name, std::string{"good"});
    const auto& findings = results.found.front().findings;
    QCOMPARE(findings.size(), std::size_t{1});
    QCOMPARE(findings.front().subject, std::string{"7"});
    QCOMPARE(findings.front().score, 100.0);
    QCOMPARE(findings.front().explanation, std::string{"many"});
    QCOMPARE(findings.front().votes.size(), std::size_t{100});
    const domain::SiteFinding::Row first{domain::VoteKey{"7"}, domain::TokenKey{"7"}, domain::PostKey{"1"},
                                         *domain::parseTime("2026-03-01T00:00:07Z")};
    QVERIFY(findings.front().votes.front() == first);
    QVERIFY(std::is_sorted(findings.front().votes.begin(), findings.front().votes.end(),
                           [](const auto& left, const auto& right) { return left.castAt < right.castAt; }));
    QCOMPARE(run({ruleOf("none", rowSql("'a'", "ARRAY[1]", "1", "'b'") + " WHERE false")}).found.front().findings.size(),
             std::size_t{0});
}

void TestSiteRules::takesAnyTypeOfKey_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("key");
    QTest::newRow("uuid") << QStringLiteral("uuid") << QStringLiteral("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    QTest::newRow("text") << QStringLiteral("text") << QStringLiteral("a,\"{b}\\ NULL");
    QTest::newRow("the word NULL") << QStringLiteral("text") << QStringLiteral("NULL");
}

void TestSiteRules::takesAnyTypeOfKey()
{
    QFETCH(QString, type);
    QFETCH(QString, key);
    const std::string name = QStringLiteral("keys_%1_%2").arg(type, QString::number(key.size())).toStdString();
    test::createKeyedSource(*m_server, name, type.toStdString(), true);
    m_server->execute(name, "INSERT INTO site.vote VALUES ('" + key.toStdString() + "', '" + key.toStdString() + "', '" +
                                key.toStdString() + "', 1, '2026-03-01Z')");
    for (const char* votes : {"array_agg(vote_key)", "array_agg(vote_key::text)"}) {
        const auto results =
            store::runSiteRules(m_server->target(name, "reader"),
                                {{ruleOf("keys", "SELECT 'all' AS subject, " + std::string{votes} +
                                                     " AS votes, 1.5 AS score, 'x' AS explanation FROM scrutineer.vote")},
                                 {},
                                 {}},
                                {});
        QVERIFY(results.has_value());
        QVERIFY2(results->skipped.empty(), results->skipped.empty() ? "" : results->skipped.front().reason.c_str());
        QCOMPARE(results->found.front().findings.front().votes.front().vote.text, key.toStdString());
    }
}

void TestSiteRules::refusesAndGoesOn_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("told");
    const auto row = [](const char* name, const std::string& sql, const char* told) {
        QTest::newRow(name) << QString::fromStdString(sql) << QString::fromLatin1(told);
    };
    const std::string good = rowSql("'a'", "ARRAY[1]", "1", "'b'");
    row("insert in a CTE", "WITH w AS (INSERT INTO public.notes VALUES (1) RETURNING 1) " + good, "may only read");
    row("insert in a function", rowSql("'a'", "ARRAY[1]", "1", "scrutineer.scribble()"), "INSERT in a read-only transaction");
    row("insert, read-only taken away",
        rowSql("'a'", "ARRAY[1]", "1", "set_config('transaction_read_only', 'off', true) || scrutineer.scribble()"),
        "read-write mode inside a read-only transaction");
    row("insert", "INSERT INTO public.notes VALUES (1)", "syntax error at or near \"INSERT\", line 2");
    row("into a table", "SELECT 1 AS subject INTO site.copy", "does not accept it");
    row("a temporary table", "CREATE TEMP TABLE t AS " + good, "does not accept it");
    row("for update", good + " FROM public.notes FOR UPDATE", "SELECT FOR UPDATE in a read-only transaction");
    row("two statements", good + "; SELECT 2", "more than one statement");
    row("end of the transaction", good + "; COMMIT; INSERT INTO public.notes VALUES (1)", "more than one statement");
    row("only a command", "COMMIT", "does not accept it");
    row("too slow", "-- \n" + rowSql("'a'", "ARRAY[1]", "1", "pg_sleep(20)::text"), "It took longer than 300 ms");
    row("too slow, limit taken away",
        rowSql("'a'", "ARRAY[1]", "1", "set_config('statement_timeout', '0', false) || pg_sleep(20)"),
        "It took longer than 300 ms");
    row("not to be read", "SELECT * FROM site.post", "may not do that");
    row("a misspelt table", "SELECT * FROM scrutineer.wote", "\"scrutineer.wote\" does not exist, line 2");
    row("a misspelt word", "SELEKT 1", "SELEKT");
    row("a column too few", "SELECT 'a' AS subject, ARRAY[1] AS votes, 1 AS score", "no column \"explanation\"");
    row("a column too many", good + ", 1 AS colour", "a column \"colour\"");
    row("a column twice", good + ", 1 AS score", "two columns \"score\"");
    row("columns wrong and no row", good + ", 1 AS colour WHERE false", "a column \"colour\"");
    row("score as text", rowSql("'a'", "ARRAY[1]", "'high'::text", "'b'"), "\"score\" is not a number");
    row("votes as text", rowSql("'a'", "'{1}'::text", "1", "'b'"), "\"votes\" is not an array");
    row("no subject", rowSql("NULL", "ARRAY[1]", "1", "'b'"), "Row 1: its \"subject\" is null");
    row("an empty subject", rowSql("''", "ARRAY[1]", "1", "'b'"), "\"subject\" must be");
    row("no score", rowSql("'a'", "ARRAY[1]", "NULL::int", "'b'"), "\"score\" is null");
    row("score not a number", rowSql("'a'", "ARRAY[1]", "'NaN'::float8", "'b'"), "NaN, not a finite number");
    row("no explanation", rowSql("'a'", "ARRAY[1]", "1", "NULL"), "\"explanation\" is null");
    row("a long explanation", rowSql("'a'", "ARRAY[1]", "1", "repeat('x', 4001)"), "1 to 4000 bytes");
    row("no votes", rowSql("'a'", "NULL::bigint[]", "1", "'b'"), "\"votes\" is null");
    row("an empty list of votes", rowSql("'a'", "'{}'::bigint[]", "1", "'b'"), "names no vote");
    row("a null among votes", rowSql("'a'", "ARRAY[1, NULL]", "1", "'b'"), "without nulls");
    row("votes in two dimensions", rowSql("'a'", "ARRAY[[1], [2]]", "1", "'b'"), "a list without nulls");
    row("a vote that is not there", rowSql("'a'", "ARRAY[1, 424242]", "1", "'b'"), "there is no vote \"424242\"");
    row("what is no vote key", rowSql("'a'", "ARRAY['one']", "1", "'b'"), "cannot be a vote key");
    row("the same twice", good + " UNION ALL " + rowSql("'a'", "ARRAY[1, 2]", "2", "'b'"), "make one of the two");
    row("too many rows", rowSql("n::text", "ARRAY[1]", "1", "'b'") + " FROM generate_series(1, 10001) n", "more than 10000 rows");
    row("too many votes",
        rowSql("n::text", "(SELECT array_agg(m) FROM generate_series(1, 200001) m)", "1", "'b'") +
            " FROM generate_series(1, 5) n",
        "more than 1000000 votes");
}

void TestSiteRules::refusesAndGoesOn()
{
    QFETCH(QString, sql);
    QFETCH(QString, told);
    const bool slow = told.contains(QLatin1String("300 ms"));
    const domain::SiteRule bad = ruleOf("bad", sql.toStdString(), slow ? "-- time_limit: 300 ms\n" : "");
    QElapsedTimer timer;
    timer.start();
    const auto results = run({bad, goodRule()});
    QVERIFY2(timer.elapsed() < 5000, std::to_string(timer.elapsed()).c_str());
    QCOMPARE(results.skipped.size(), std::size_t{1});
    QCOMPARE(results.skipped.front().rule, std::string{"bad"});
    const QString reason = QString::fromStdString(results.skipped.front().reason);
    QVERIFY2(reason.contains(told), qPrintable(reason));
    QVERIFY2(!reason.contains(QLatin1Char('\n')) && reason.endsWith(QLatin1Char('.')) && !reason.endsWith(QLatin1String("..")),
             qPrintable(reason));
    QCOMPARE(results.found.size(), std::size_t{1});
    QCOMPARE(results.found.front().findings.front().votes.size(), std::size_t{100});
}

void TestSiteRules::nothingWasWritten()
{
    QCOMPARE(m_server->queryText("site", "SELECT count(*) FROM site.vote"), std::string{"999"});
    QCOMPARE(m_server->queryText("site", "SELECT count(*) FROM public.notes"), std::string{"0"});
    QCOMPARE(m_server->queryText("site", "SELECT to_regclass('site.copy') IS NULL"), std::string{"t"});
}

void TestSiteRules::theLimitIsForAllRowsTogether()
{
    const std::string sql = rowSql("n::text", "ARRAY[n]", "1", "'b' || pg_sleep(0.002)") + " FROM generate_series(1, 999) n";
    const auto results = run({ruleOf("slow", sql, "-- time_limit: 1500 ms\n"), ruleOf("given_time", sql)});
    QCOMPARE(results.skipped.size(), std::size_t{1});
    QCOMPARE(results.skipped.front().rule, std::string{"slow"});
    QCOMPARE(results.found.front().findings.size(), std::size_t{999});
}

void TestSiteRules::whatARuleSetsIsGoneForTheNext()
{
    const auto set =
        rowSql("set_config('scrutineer.trace', 'x', false)", "ARRAY[1]", "1", "set_config('search_path', 'site', true)");
    const auto look = rowSql("'a'", "ARRAY[1]", "1", "'<' || coalesce(current_setting('scrutineer.trace', true), '') || '>'");
    const auto results = run({ruleOf("sets", set), ruleOf("looks", look)});
    QCOMPARE(results.found.size(), std::size_t{2});
    QCOMPARE(results.found[1].findings.front().explanation, std::string{"<>"});
}

void TestSiteRules::aRuleThatEndsItsConnectionEndsNoOther()
{
    const auto results =
        run({goodRule("one"), ruleOf("bad", rowSql("'a'", "ARRAY[1]", "1", "pg_terminate_backend(pg_backend_pid())::text")),
             goodRule("two")});
    QCOMPARE(results.skipped.size(), std::size_t{1});
    QCOMPARE(results.skipped.front().rule, std::string{"bad"});
    QVERIFY2(results.skipped.front().reason.find("lost") != std::string::npos, results.skipped.front().reason.c_str());
    QCOMPARE(results.found.size(), std::size_t{2});
}

void TestSiteRules::leavesOutWhatDoesNotCount()
{
    test::createKeyedSource(*m_server, "voided", "bigint", true);
    m_server->execute(
        "voided", "INSERT INTO site.vote SELECT n, 1, 1, 1, '2026-03-01Z' FROM generate_series(1, 5) n;"
                  "CREATE OR REPLACE VIEW scrutineer.vote AS SELECT k AS vote_key, t AS token_key, p AS post_key, NULL::text AS "
                  "author_key, v AS value, at AS cast_at, NULL::inet AS origin, CASE WHEN k < 3 THEN 'voided' ELSE 'counted' END "
                  "AS state, v.ctid AS row_location FROM site.vote v");
    const auto results = store::runSiteRules(m_server->target("voided", "reader"),
                                             {{ruleOf("all", rowSql("'a'", "ARRAY[5, 4, 3, 2, 1, 5]", "1", "'b'") +
                                                                 " UNION ALL " + rowSql("'gone'", "ARRAY[1, 2]", "1", "'b'"))},
                                              {},
                                              {}},
                                             {});
    QVERIFY(results.has_value() && results->skipped.empty());
    QCOMPARE(results->found.front().findings.size(), std::size_t{1});
    std::string votes;
    for (const auto& row : results->found.front().findings.front().votes)
        votes += row.vote.text;
    QCOMPARE(votes, std::string{"345"});
}

void TestSiteRules::knowsTheRange()
{
    const domain::TimeRange range{*domain::parseTime("2026-03-01T00:00:10Z"), *domain::parseTime("2026-03-01T00:00:40Z")};
    const auto inside = "SELECT 'inside' AS subject, array_agg(vote_key) AS votes, count(*) AS score, 'b' AS explanation FROM "
                        "scrutineer.vote WHERE cast_at >= current_setting('scrutineer.from')::timestamptz AND cast_at < "
                        "current_setting('scrutineer.to')::timestamptz";
    const auto results = run({ruleOf("inside", inside), goodRule()}, range);
    QCOMPARE(results.found.size(), std::size_t{2});
    QCOMPARE(results.found[0].findings.front().score, 30.0);
    QCOMPARE(results.found[0].findings.front().votes.size(), std::size_t{30});
    QCOMPARE(results.found[1].findings.front().votes.size(), std::size_t{3}); // it did not look at the range
    QCOMPARE(run({ruleOf("inside", inside)}).found[0].findings.front().votes.size(), std::size_t{999});
}

void TestSiteRules::subjectsAreChecked()
{
    const std::string sql = rowSql("7", "ARRAY[7, 17]", "1", "'b'");
    const auto results = run({ruleOf("token", sql, "-- subject: token\n"), ruleOf("post", sql, "-- subject: post\n")});
    QCOMPARE(results.found.size(), std::size_t{1});
    QCOMPARE(results.found.front().rule.name, std::string{"token"});
    QCOMPARE(results.skipped.front().reason, std::string{"Its row about \"7\": no vote of the row has that post."});
}

void TestSiteRules::seesTheStateOfTheScan()
{
    std::size_t seen = 0;
    store::CopyScanOptions options;
    options.inSnapshot = [&](const std::string& snapshot) -> domain::Status {
        m_server->execute("site", "INSERT INTO site.vote VALUES (4007, 7, 1, 1, '2026-03-02Z')");
        seen = run({goodRule()}, {}, snapshot).found.front().findings.front().votes.size();
        return domain::Nothing{};
    };
    const auto input = store::CopyScanSource{m_server->target("site", "reader"), options}.read({}, {});
    QVERIFY(input.has_value());
    QCOMPARE(input->votes.size(), std::size_t{999});
    QCOMPARE(seen, std::size_t{100});
    QCOMPARE(run({goodRule()}).found.front().findings.front().votes.size(), std::size_t{101});
    m_server->execute("site", "DELETE FROM site.vote WHERE k = 4007");
}

void TestSiteRules::stopsWhenAskedTo()
{
    QElapsedTimer timer;
    timer.start();
    const auto results =
        store::runSiteRules(m_server->target("site", "reader"),
                            {{ruleOf("slow", rowSql("'a'", "ARRAY[1]", "1", "pg_sleep(8)::text")), goodRule()}, {}, {}},
                            [&](std::uint64_t, std::uint64_t) { return timer.elapsed() < 300; });
    QVERIFY(!results);
    QCOMPARE(results.error().fault, domain::Fault::Cancelled);
    QVERIFY2(timer.elapsed() < 3000, std::to_string(timer.elapsed()).c_str());
}

void TestSiteRules::arraysAreReadExactly()
{
    using Keys = std::vector<std::string>;
    QVERIFY(store::plainElements("{}") == Keys{});
    QVERIFY(store::plainElements("{1,22}") == (Keys{"1", "22"}));
    QVERIFY(store::plainElements(R"({"a\"b","c\\",d,"","NULL","{x}"})") == (Keys{"a\"b", "c\\", "d", "", "NULL", "{x}"}));
    for (const char* text : {"", "{", "1", "{1,NULL}", "{{1},{2}}", "[0:1]={1,2}"})
        QVERIFY2(!store::plainElements(text), text);
}

QTEST_APPLESS_MAIN(TestSiteRules)
#include "tst_site_rules.moc"
