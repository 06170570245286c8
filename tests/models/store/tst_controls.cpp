#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <fmt/format.h>

#include "audit/note.h"
#include "elevated/installer.h"
#include "elevated/seal_session.h"
#include "seal/sealer.h"
#include "store/control_check.h"
#include "store/seen_log.h"
#include "support/test_server.h"
#include "support/voters.h"

using namespace scr;
using domain::Control;
using domain::ControlState;

namespace {

constexpr const char* kVoter =
    "INSERT INTO reference.post (post_key) VALUES (1), (2); SELECT reference.issue_token('t', 's', 1); "
    "SELECT reference.cast_vote('s', 1, 1)";

QByteArray textOf(const Control& control)
{
    return QByteArray::fromStdString(std::string{nameOf(control.state)} + ": " + control.evidence);
}

} // namespace

/// Each safeguard is seen to hold, is then broken in a database of its own, and is seen to be broken.
class TestControls : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void everyControlSaysWhatItIs();
    void aNewSiteHolds();
    void whatIsBrokenFails_data();
    void whatIsBrokenFails();
    void theUnprotectedSystemFails();
    void anImportedHistoryCannotTell();
    void anAuditorsExportCounts();
    void aSealThatIsLateIsSeen();
    void aConnectionWithoutTlsIsSeen();
    void whatPgHbaAsksIsRead();
    void whatWasSeenOfTheLogIsRemembered();
    void environmentsAreCompared();
    void whatMayNotBeReadIsUnknown();
    void unknownNamesAreRefused();
    void itCanBeStopped();

private:
    Control check(const std::string& database, const std::string& name, const std::string& user = "reader");
    void makeSite(const std::string& database, const std::string& adapter = "reference");

    test::TestServer m_server;
    int m_made = 0;
};

void TestControls::makeSite(const std::string& database, const std::string& adapter)
{
    m_server.createSource(database, adapter, true);
    if (adapter == "reference")
        m_server.execute(database, kVoter);
}

Control TestControls::check(const std::string& database, const std::string& name, const std::string& user)
{
    store::ControlOptions options;
    options.names = {name};
    const auto controls = store::checkControls(m_server.target(database, user), options);
    if (!controls)
        throw std::runtime_error{sentenceOf(controls.error())};
    return controls->front();
}

void TestControls::initTestCase()
{
    makeSite("whole");
}

void TestControls::everyControlSaysWhatItIs()
{
    std::set<std::string> names;
    for (const Control& control : store::allControls()) {
        QVERIFY2(!control.name.empty() && !control.group.empty() && !control.title.empty() && !control.about.empty(),
                 control.name.c_str());
        QVERIFY(names.insert(control.name).second);
        QVERIFY(control.query.find("/*") == std::string::npos);
    }
    QCOMPARE(names.size(), std::size_t{17});
}

void TestControls::aNewSiteHolds()
{
    const auto controls = store::checkControls(m_server.target("whole", "reader"), {});
    QVERIFY(controls);
    QCOMPARE(controls->size(), std::size_t{17});
    const std::set<std::string> others{"independent_audit", "sealed", "sealed_in_time", "transport", "separate_environments"};
    for (const Control& control : *controls) {
        QVERIFY2(control.state == ControlState::Holds || others.contains(control.name), textOf(control));
        QVERIFY2(!control.evidence.empty(), control.name.c_str());
        QVERIFY2(control.remedy.empty() == (control.state == ControlState::Holds), control.name.c_str());
    }
}

void TestControls::whatIsBrokenFails_data()
{
    QTest::addColumn<QString>("control");
    QTest::addColumn<QString>("breaks");
    QTest::addColumn<QString>("evidence");
    const auto row = [](const char* name, const char* control, const char* breaks, const char* evidence) {
        QTest::newRow(name) << QString::fromLatin1(control) << QString::fromUtf8(breaks) << QString::fromLatin1(evidence);
    };
    row("no key", "unique_key", "ALTER TABLE reference.vote DROP CONSTRAINT one_vote_a_token_and_post CASCADE",
        "No unique index");
    row("a key that may wait", "unique_key",
        "ALTER TABLE reference.vote DROP CONSTRAINT one_vote_a_token_and_post CASCADE; "
        "ALTER TABLE reference.vote ADD UNIQUE (token_key, post_key) DEFERRABLE",
        "No unique index");
    row("a wider key", "unique_key",
        "ALTER TABLE reference.vote DROP CONSTRAINT one_vote_a_token_and_post CASCADE; ALTER TABLE reference.vote ADD UNIQUE "
        "(token_key, post_key, value)",
        "No unique index");
    row("another function", "lock_before_check",
        "CREATE OR REPLACE FUNCTION reference.attend(p_action text, p_secret text, p_post bigint, p_value real, p_origin inet, "
        "p_request_key text) "
        "RETURNS reference.answer LANGUAGE plpgsql AS $$ BEGIN RETURN ('accepted', 1)::reference.answer; END $$",
        "reference.attend");
    row("another hash", "lock_before_check",
        "CREATE OR REPLACE FUNCTION reference.hash_of(p_secret text, p_inner_pad bytea, p_outer_pad bytea) RETURNS bytea "
        "LANGUAGE sql STABLE AS $$ SELECT sha256(convert_to(p_secret, 'UTF8')) $$",
        "reference.hash_of");
    row("voided votes may be changed", "lock_before_check",
        "CREATE OR REPLACE FUNCTION reference.is_voided(p_token bigint, p_vote bigint) RETURNS boolean LANGUAGE sql STABLE "
        "AS $$ SELECT false $$",
        "reference.is_voided");
    row("no answers kept", "idempotent_requests", "ALTER TABLE reference.request DROP CONSTRAINT request_pkey", "no unique key");
    row("a score that was pushed", "scores_equal_votes", "UPDATE reference.tally SET score = score + 5", "1 of 2 scores");
    row("a limit that was passed", "rate_limit",
        "INSERT INTO reference.attempt (token_key, post_key, attempted_at, outcome) SELECT 1, 1, now() + g * interval '1 ms', "
        "'accepted' FROM generate_series(1, 40) g",
        "past the limit of 30");
    row("a limit that leaks", "rate_limit",
        "INSERT INTO reference.attempt (token_key, post_key, attempted_at, outcome) SELECT 1, 1, now() - interval '1 day' + (g / "
        "30) * interval '2.001 s', 'accepted' "
        "FROM generate_series(0, 299) g",
        "past the limit of 30");
    row("a vote past the log", "attempts_complete", "INSERT INTO reference.vote (token_key, post_key, value) VALUES (1, 2, 1)",
        "1 votes have no attempt (");
    row("a vote that was lost", "attempts_complete",
        "INSERT INTO reference.attempt (token_key, post_key, attempted_at, outcome, vote_key) VALUES (1, 2, now(), 'accepted', "
        "4711)",
        "1 attempts have no vote (");
    row("a change past the log", "attempts_complete",
        "INSERT INTO reference.vote_event (token_key, post_key, revision, kind, value_before, value) VALUES (1, 1, 2, 'change', "
        "1, -1)",
        "of 1 votes the changes and the attempts differ (");
    row("a change that was lost", "attempts_complete",
        "INSERT INTO reference.attempt (token_key, post_key, attempted_at, outcome, vote_key, action) SELECT token_key, "
        "post_key, "
        "now(), 'accepted', vote_key, 'change' FROM reference.vote",
        "of 1 votes the changes and the attempts differ (");
    row("what counts was set", "attempts_complete",
        "INSERT INTO reference.vote_now (token_key, post_key, revision, value, changed_at) VALUES (1, 1, 2, -1, now())",
        "of 1 votes the changes and the attempts differ (");
    row("what counts was set back", "attempts_complete",
        "SELECT reference.change_vote('s', 1, -1); DELETE FROM reference.vote_now",
        "of 1 votes the changes and the attempts differ (");
    row("an old vote was changed", "attempts_complete",
        "INSERT INTO reference.vote (token_key, post_key, value, cast_at) VALUES (1, 2, 1, now() - interval '40 days'); "
        "SELECT reference.change_vote('s', 2, -1); INSERT INTO reference.vote_event (token_key, post_key, revision, kind, "
        "value_before, value) VALUES (1, 2, 3, 'change', -1, 1)",
        "of 1 votes the changes and the attempts differ (");
    row("a risk accepted for ever", "append_only", "ALTER TABLE scrutineer.control_acceptance DISABLE TRIGGER only_grows",
        "scrutineer.control_acceptance");
    row("a trigger off", "append_only", "ALTER TABLE scrutineer.log_entry DISABLE TRIGGER only_grows",
        "scrutineer.log_entry to UPDATE/DELETE");
    row("a partition open", "append_only", "DROP TRIGGER not_emptied ON reference.vote_3", "reference.vote_3 to TRUNCATE");
    row("another trigger in its place", "append_only",
        "CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN old; END'; DROP TRIGGER only_grows "
        "ON reference.vote_event; "
        "CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON reference.vote_event FOR EACH ROW EXECUTE FUNCTION "
        "public.nothing()",
        "reference.vote_event to UPDATE/DELETE");
    row("a trigger with a condition", "append_only",
        "DROP TRIGGER only_grows ON scrutineer.review; CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON scrutineer.review "
        "FOR EACH ROW WHEN (false) "
        "EXECUTE FUNCTION scrutineer.refuse_change()",
        "scrutineer.review to UPDATE/DELETE");
    row("a trigger on one column", "append_only",
        "DROP TRIGGER only_grows ON scrutineer.review; CREATE TRIGGER only_grows BEFORE UPDATE OF reason OR DELETE ON "
        "scrutineer.review FOR EACH ROW "
        "EXECUTE FUNCTION scrutineer.refuse_change()",
        "scrutineer.review to UPDATE");
    row("triggers gone", "append_only",
        "DROP TRIGGER only_grows ON scrutineer.void_execution; DROP TRIGGER not_emptied ON scrutineer.void_execution",
        "scrutineer.void_execution to UPDATE/DELETE/TRUNCATE");
    row("a function that refuses nothing", "append_only",
        "CREATE OR REPLACE FUNCTION scrutineer.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN coalesce(new, "
        "old); END'",
        "scrutineer.log_entry to UPDATE/DELETE/TRUNCATE");
    row("triggers off by a setting", "append_only", "ALTER DATABASE {db} SET session_replication_role = 'replica'",
        "session_replication_role");
    row("a reader who writes", "reader_cannot_write", "GRANT INSERT ON reference.vote TO reader", "reader may INSERT");
    row("an owner who logs in", "nobody_owns", "ALTER TABLE reference.post OWNER TO moderator", "moderator owns them");
    row("an api that reads", "voting_api_minimal", "GRANT SELECT ON reference.vote TO voting_api", "SELECT on reference.vote");
    row("an api that issues tokens", "voting_api_minimal",
        "GRANT EXECUTE ON FUNCTION reference.revoke_token(bigint) TO voting_api", "EXECUTE on reference.revoke_token");
    row("an owner of the schema", "nobody_owns", "ALTER SCHEMA reference OWNER TO moderator", "moderator owns them");
    row("an owner of the database", "nobody_owns", "ALTER DATABASE {db} OWNER TO moderator", "moderator owns the database");
    row("an api that reads a column", "voting_api_minimal", "GRANT SELECT (secret_hash) ON reference.token TO voting_api",
        "SELECT (secret_hash) on reference.token");
    row("what anybody may", "voting_api_minimal", "GRANT DELETE ON reference.token TO PUBLIC", "DELETE on reference.token");
    row("an owner's function for anybody", "voting_api_minimal",
        "CREATE FUNCTION public.wipe() RETURNS void LANGUAGE sql SECURITY DEFINER AS ''", "EXECUTE on public.wipe()");
    row("an api that may nothing", "voting_api_minimal", "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA reference FROM voting_api",
        "nobody can vote");
    row("one person", "two_persons", "UPDATE scrutineer.setting SET two_person_rule = false", "The rule is off");
    row("no constraint", "two_persons", "ALTER TABLE scrutineer.void_execution DROP CONSTRAINT void_execution_check",
        "the constraint is gone");
    row("a secret beside its hash", "tokens_hashed", "ALTER TABLE reference.token ADD secret text", "can be read");
    row("a constraint that says nothing", "two_persons",
        "ALTER TABLE scrutineer.void_execution DROP CONSTRAINT void_execution_check; "
        "ALTER TABLE scrutineer.void_execution ADD CHECK (NOT two_person OR requested_by <> approved_by OR true)",
        "the constraint is gone");
    row("a key that others read", "tokens_hashed", "GRANT SELECT ON reference.hash_key TO reader", "reader");
    row("another path", "lock_before_check", "ALTER FUNCTION reference.cast_vote SET search_path = public",
        "reference.cast_vote");
    row("a closing that does not wait", "lock_before_check", "ALTER TABLE reference.post DISABLE TRIGGER follow_closing",
        "follow_closing");
    row("no key to hash with", "tokens_hashed", "DELETE FROM reference.hash_key", "no key");
    row("weak passwords", "transport", "ALTER ROLE reader IN DATABASE {db} SET password_encryption = 'md5'", "kept as md5");
}

void TestControls::whatIsBrokenFails()
{
    QFETCH(QString, control);
    QFETCH(QString, breaks);
    QFETCH(QString, evidence);
    const std::string database = "broken" + std::to_string(m_made++);
    makeSite(database);
    const std::string name = control.toStdString();
    if (name != "transport") // of which this login cannot tell
        QCOMPARE(check(database, name).state, ControlState::Holds);
    m_server.execute(database, breaks.replace(QStringLiteral("{db}"), QString::fromStdString(database)).toStdString());
    const Control found = check(database, name);
    QVERIFY2(found.state == ControlState::Fails, textOf(found));
    QVERIFY2(found.evidence.find(evidence.toStdString()) != std::string::npos, textOf(found));
    QVERIFY(!found.remedy.empty());
}

void TestControls::theUnprotectedSystemFails()
{
    makeSite("bare", "unprotected");
    m_server.execute("bare", "SELECT unprotected.issue_token('t', 's')");
    for (const char* name :
         {"unique_key", "lock_before_check", "idempotent_requests", "rate_limit", "append_only", "tokens_hashed"}) {
        const Control control = check("bare", name);
        QVERIFY2(control.state == ControlState::Fails, textOf(control));
    }
}

void TestControls::anImportedHistoryCannotTell()
{
    makeSite("history", "imported");
    for (const char* name : {"lock_before_check", "idempotent_requests", "rate_limit", "scores_equal_votes", "attempts_complete",
                             "voting_api_minimal", "tokens_hashed"}) {
        const Control control = check("history", name);
        QVERIFY2(control.state == ControlState::Unknown, textOf(control));
        QVERIFY(!control.evidence.empty() && !control.remedy.empty());
    }
}

void TestControls::anAuditorsExportCounts()
{
    makeSite("audited");
    const auto log = [&](const char* user) {
        m_server.executeAs("audited", user, "SELECT scrutineer.log_export(gen_random_uuid(), 'report of March')");
    };
    QCOMPARE(check("audited", "independent_audit").state, ControlState::Fails);
    log("admin");
    QCOMPARE(check("audited", "independent_audit").state, ControlState::Fails);
    log("auditor");
    const Control control = check("audited", "independent_audit");
    QVERIFY2(control.state == ControlState::Holds, textOf(control));
    QVERIFY2(control.evidence.find("auditor") != std::string::npos, textOf(control));
}

void TestControls::aSealThatIsLateIsSeen()
{
    makeSite("late");
    const auto is = [this](ControlState state, const char* evidence) {
        const Control control = check("late", "sealed_in_time");
        return control.state == state && control.evidence.find(evidence) != std::string::npos &&
                       control.remedy.empty() == (state == ControlState::Holds)
                   ? QByteArray{}
                   : textOf(control);
    };
    const auto asOwner = [this](const char* change) {
        m_server.execute("late", std::string{"SET session_replication_role = replica; "} + change);
    };
    QCOMPARE(is(ControlState::Fails, "no checkpoint"), QByteArray{});
    QVERIFY(elevated::createLogin(m_server.target("late"), {"sealer", {"sealer"}, ""}).has_value());
    const QTemporaryDir folder;
    const auto key = audit::SigningKey::make("example.org/log", audit::SignatureType::Log).value();
    const auto seal = [&] {
        elevated::SealSession session;
        return session.open(m_server.target("late", "sealer")).has_value() &&
               seal::Sealer{session, key, seal::SignedState{folder.path().toStdString()}}.sealOnce().has_value();
    };
    QVERIFY(seal());
    QCOMPARE(is(ControlState::Holds, "entries have a checkpoint"), QByteArray{});
    asOwner("UPDATE scrutineer.checkpoint SET signed_at = signed_at - interval '1 hour'");
    m_server.execute("late", "SELECT scrutineer.log('export', '', 'done', 'just now')");
    QCOMPARE(is(ControlState::Holds, "no other waits"), QByteArray{}); // it was quiet for an hour, and now something was written
    asOwner("UPDATE scrutineer.log_entry SET at = at - interval '5 minutes' WHERE detail = 'just now'");
    QCOMPARE(is(ControlState::Fails, "1 entry is not signed"), QByteArray{});
    QVERIFY(seal());
    QCOMPARE(is(ControlState::Holds, "no other waits"), QByteArray{});
    // Entries that got a place, and no signature.
    m_server.execute("late", "SELECT scrutineer.log('export', '', 'done', 'more')");
    QVERIFY(seal());
    asOwner("DELETE FROM scrutineer.checkpoint WHERE size = (SELECT max(size) FROM scrutineer.checkpoint)");
    QCOMPARE(is(ControlState::Holds, "no other waits"), QByteArray{}); // a sealer commits before it signs
    asOwner("UPDATE scrutineer.leaf SET at = at - interval '5 minutes' WHERE leaf = (SELECT max(leaf) FROM scrutineer.leaf)");
    QCOMPARE(is(ControlState::Fails, "1 entry is not signed"), QByteArray{});
    // What cannot be, what a backup that was put back looks like, and a refusal.
    asOwner("UPDATE scrutineer.checkpoint SET signed_at = signed_at + interval '1 day'");
    QCOMPARE(is(ControlState::Fails, "has not come yet"), QByteArray{});
    asOwner("UPDATE scrutineer.checkpoint SET signed_at = now(); UPDATE scrutineer.seal_head SET seen = "
            "'9000000000:9000000000:'");
    QCOMPARE(is(ControlState::Fails, "another cluster"), QByteArray{});
    asOwner("INSERT INTO scrutineer.seal_alarm (epoch, what) VALUES (1, 'the root is another.')");
    QCOMPARE(is(ControlState::Fails, "refuses to sign: the root is another."), QByteArray{});
}

void TestControls::aConnectionWithoutTlsIsSeen()
{
    constexpr const char* kWatcher = "CREATE ROLE watcher LOGIN IN ROLE scrutineer_reader, pg_read_all_stats";
    m_server.execute("whole", kWatcher);
    const Control closed = check("whole", "transport", "watcher");
    QVERIFY2(closed.state == ControlState::Holds, textOf(closed));

    test::TestServer server{{"listen_addresses = '127.0.0.1'"}};
    server.createSource("open", "reference");
    server.execute("open", kWatcher);
    {
        std::ofstream hba{server.server().directory() / "data" / "pg_hba.conf", std::ios::app};
        hba << "\nhost all all 127.0.0.1/32 trust\n";
    }
    server.execute("open", "SELECT pg_reload_conf()");
    auto target = server.target("open", "reader");
    target.host = "127.0.0.1";
    target.sslMode = "disable";
    PGconn* connection = nullptr;
    QTRY_VERIFY(
        (PQfinish(connection), connection = PQconnectdb(conninfoOf(target).c_str()), PQstatus(connection) == CONNECTION_OK));
    store::ControlOptions options;
    options.names = {"transport"};
    const Control found = store::checkControls(server.target("open", "watcher"), options).value().front();
    PQfinish(connection);
    QVERIFY2(found.state == ControlState::Fails, textOf(found));
    QVERIFY2(found.evidence.find("reader from 127.0.0.1") != std::string::npos, textOf(found));
    QVERIFY2(found.evidence.find("offers no TLS") != std::string::npos, textOf(found));
    QVERIFY2(found.remedy.find("GRANT SELECT ON pg_hba_file_rules TO watcher") != std::string::npos, found.remedy.c_str());
    server.execute("open",
                   "GRANT SELECT ON pg_hba_file_rules TO watcher; GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO watcher");
    const Control rules = store::checkControls(server.target("open", "watcher"), options).value().front();
    QVERIFY2(rules.evidence.find("(host 127.0.0.1 trust)") != std::string::npos, textOf(rules));
}

void TestControls::whatPgHbaAsksIsRead()
{
    test::TestServer server{{"listen_addresses = '127.0.0.1'"}};
    const std::filesystem::path data = server.server().directory() / "data";
    const QString key = QString::fromStdString((data / "server.key").string());
    QCOMPARE(QProcess::execute(QStringLiteral("openssl"),
                               {QStringLiteral("req"), QStringLiteral("-new"), QStringLiteral("-x509"), QStringLiteral("-nodes"),
                                QStringLiteral("-subj"), QStringLiteral("/CN=test"), QStringLiteral("-keyout"), key,
                                QStringLiteral("-out"), QString::fromStdString((data / "server.crt").string())}),
             0);
    std::filesystem::permissions(key.toStdString(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    QVERIFY(demo::PrivateServer::handOver(data));
    server.createSource("tls", "reference");
    server.execute("tls", "ALTER SYSTEM SET ssl = on");
    server.execute("tls", "SELECT pg_reload_conf()");
    QTRY_COMPARE(server.queryText("tls", "SHOW ssl"), std::string{"on"});
    server.execute("tls", "CREATE ROLE watcher LOGIN IN ROLE scrutineer_reader, pg_read_all_stats");
    const auto checked = [&] {
        store::ControlOptions options;
        options.names = {"transport"};
        return store::checkControls(server.target("tls", "watcher"), options).value().front();
    };
    const Control blind = checked();
    QVERIFY2(blind.state == ControlState::Unknown, textOf(blind));
    server.execute("tls",
                   "GRANT SELECT ON pg_hba_file_rules TO watcher; GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO watcher");
    const auto addRule = [&](const char* rule) { std::ofstream{data / "pg_hba.conf", std::ios::app} << rule << '\n'; };
    const auto writeRules = [&](const char* rules) {
        std::ofstream{data / "pg_hba.conf"} << "local all all trust\n" << rules << '\n';
    };
    writeRules("hostssl all all 0.0.0.0/0 scram-sha-256");
    const Control whole = checked();
    QVERIFY2(whole.state == ControlState::Holds, textOf(whole));
    addRule("hostssl all all 10.0.0.0/8 md5");
    const Control weak = checked();
    QVERIFY2(weak.state == ControlState::Fails && weak.evidence.find("(hostssl 10.0.0.0 md5)") != std::string::npos,
             textOf(weak));
    addRule("host all all 192.168.0.0/16 scram-sha-256");
    addRule("host all all 127.0.0.1/0 scram-sha-256"); // everybody
    addRule("host all all 127.0.0.0/8 scram-sha-256"); // this machine
    const Control plain = checked();
    QVERIFY2(plain.evidence.find("(host 192.168.0.0 scram-sha-256)") != std::string::npos, textOf(plain));
    QVERIFY2(plain.evidence.find("(host 127.0.0.1 scram-sha-256)") != std::string::npos, textOf(plain));
    QVERIFY2(plain.evidence.find("127.0.0.0") == std::string::npos, textOf(plain));
    writeRules("hostnossl all all all reject\nhost all all 0.0.0.0/0 scram-sha-256");
    const Control refused = checked();
    QVERIFY2(refused.state == ControlState::Holds, textOf(refused));
    addRule("host all all nonsense");
    const Control garbage = checked();
    QVERIFY2(garbage.state == ControlState::Fails && garbage.evidence.find("an error") != std::string::npos, textOf(garbage));
}

void TestControls::whatWasSeenOfTheLogIsRemembered()
{
    makeSite("logged");
    const auto log = [&](const char* detail) {
        m_server.executeAs("logged", "auditor", fmt::format("SELECT scrutineer.log_export(gen_random_uuid(), '{}')", detail));
    };
    const auto asOwner = [&](const std::string& sql) {
        m_server.execute("logged", "SET session_replication_role = replica; " + sql);
    };
    store::ControlOptions options;
    options.names = {"sealed"};
    const auto found = [&] { return store::checkControls(m_server.target("logged", "reader"), options).value().front(); };
    const auto seen = [&] {
        return store::readSeenLog(m_server.target("logged", "reader"), options.seenLog.value(), std::chrono::seconds{60});
    };
    QCOMPARE(found().state, ControlState::Unknown); // nothing is kept yet
    log("January");
    log("February");
    // An export that began before and ends after what was seen: it was not seen, and is no forgery.
    const auto slow = test::connectTo(conninfoOf(m_server.target("logged", "auditor")));
    PQclear(PQexec(slow.get(), "BEGIN; SELECT scrutineer.log_export(gen_random_uuid(), 'March')"));
    options.seenLog = seen().value();
    QVERIFY2(found().state == ControlState::Holds, textOf(found()));
    PQclear(PQexec(slow.get(), "COMMIT"));
    log("April");
    QVERIFY2(found().state == ControlState::Holds, textOf(found()));
    QVERIFY2(found().evidence.find("what they were") != std::string::npos, textOf(found()));

    options.seenLog = seen().value();
    const std::string entry = "WHERE detail = 'February'";
    const std::pair<std::string, std::string> forgeries[]{
        {"UPDATE scrutineer.log_entry SET actor = 'nobody' " + entry,
         "UPDATE scrutineer.log_entry SET actor = 'auditor' " + entry},
        {"UPDATE scrutineer.log_entry SET at = at - interval '1 day' " + entry,
         "UPDATE scrutineer.log_entry SET at = at + interval '1 day' " + entry},
        {"CREATE TABLE public.away AS SELECT * FROM scrutineer.log_entry " + entry + "; DELETE FROM scrutineer.log_entry " +
             entry,
         "INSERT INTO scrutineer.log_entry OVERRIDING SYSTEM VALUE SELECT * FROM public.away"},
        {"INSERT INTO scrutineer.log_entry (kind, subject, outcome, detail, xid, entry) SELECT kind, subject, outcome, "
         "'slipped in', xid, entry FROM scrutineer.log_entry " +
             entry,
         "DELETE FROM scrutineer.log_entry WHERE detail = 'slipped in'"}};
    for (const auto& [forge, mend] : forgeries) {
        asOwner(forge);
        QVERIFY2(found().state == ControlState::Fails, forge.c_str());
        QVERIFY2(found().evidence.find("the entries differ (20") != std::string::npos, textOf(found()));
        QVERIFY2(!seen(), "a forged log is not kept as what was seen");
        asOwner(mend);
        QVERIFY2(found().state == ControlState::Holds, textOf(found()));
    }
    const QJsonObject kept = QJsonDocument::fromJson(QByteArray::fromStdString(options.seenLog->value())).object();
    const auto with = [&](const char* name, const QString& value) {
        QJsonObject changed = kept;
        changed[QLatin1String(name)] = value;
        return QJsonDocument{changed}.toJson().toStdString();
    };
    options.seenLog = with("at", QStringLiteral("2026-01-01T00:00:00Z"));
    QVERIFY2(found().state == ControlState::Unknown && found().evidence.find("more than 7 days") != std::string::npos,
             textOf(found()));
    QVERIFY(seen());                                                // old, and the log goes on from it: it is kept anew
    options.seenLog = with("before", QStringLiteral("9000000000")); // what a backup that was put back looks like
    QCOMPARE(found().state, ControlState::Fails);
    options.seenLog = "half a fi";
    QCOMPARE(found().state, ControlState::Unknown);
    QVERIFY2(found().evidence.find("json") != std::string::npos, textOf(found()));
    QVERIFY(!seen());

    // A file that cannot be read is told by this control, and keeps the others from nothing.
    options.seenLog = domain::failure(domain::Fault::Corrupt, "seen.json is empty", "Find out who emptied it");
    options.names = {"sealed", "unique_key"};
    const auto both = store::checkControls(m_server.target("logged", "reader"), options).value();
    QCOMPARE(both.size(), std::size_t{2});
    for (const Control& one : both)
        QVERIFY2(one.name == "sealed" ? one.state == ControlState::Unknown && one.evidence == "seen.json is empty."
                                      : one.state == ControlState::Holds,
                 textOf(one));
    options.names = {"sealed"};

    // What comes with a new number and an old time, with a number that nobody has, or is no table at all.
    options.seenLog = QJsonDocument{kept}.toJson().toStdString();
    asOwner("INSERT INTO scrutineer.log_entry (at, kind, subject, outcome, detail, entry) VALUES (now() - interval '2 days', "
            "'export', "
            "'', 'done', 'slipped in', '')");
    QVERIFY2(found().state == ControlState::Fails && found().evidence.find("earlier time") != std::string::npos, textOf(found()));
    asOwner("UPDATE scrutineer.log_entry SET at = 'infinity', xid = '9000000000000000000' WHERE detail = 'slipped in'");
    QVERIFY2(found().state == ControlState::Unknown && found().evidence.find("has not reached") != std::string::npos,
             textOf(found()));
    QVERIFY(seen());
    asOwner("DELETE FROM scrutineer.log_entry WHERE detail = 'slipped in'");
    QVERIFY2(found().state == ControlState::Holds, textOf(found()));
    m_server.execute("logged", "ALTER TABLE scrutineer.log_entry ENABLE ROW LEVEL SECURITY");
    QCOMPARE(found().state, ControlState::Fails);
}

void TestControls::environmentsAreCompared()
{
    makeSite("production");
    makeSite("staging");
    m_server.execute("production", "UPDATE scrutineer.setting SET environment = 'production'");
    store::ControlOptions options;
    options.names = {"separate_environments"};
    const auto compared = [&]() -> Control {
        return store::checkControls(m_server.target("production", "reader"), options).value().front();
    };
    QCOMPARE(compared().state, ControlState::Unknown);
    options.other = m_server.target("staging", "reader");
    QVERIFY2(compared().state == ControlState::Fails && compared().evidence.find("one cluster") != std::string::npos,
             textOf(compared()));

    QTemporaryDir folder;
    std::filesystem::permissions(folder.path().toStdString(), std::filesystem::perms::all);
    demo::ServerOptions server;
    server.durable = false;
    server.dieWithParent = true;
    auto other = demo::PrivateServer::create(folder.filePath(QStringLiteral("pg")).toStdString(), server);
    QVERIFY(other && other->start());
    elevated::InstallOptions install;
    install.adapter = "reference";
    install.environment = domain::Environment::Staging;
    QVERIFY(elevated::install(other->target("postgres"), install));
    QVERIFY(elevated::createLogin(other->target("postgres"), {"reader", {"reader"}, ""}));
    options.other = other->target("postgres", "reader");
    QVERIFY2(compared().state == ControlState::Holds, textOf(compared()));
    const auto attempts = [](const char* network, int tokens) {
        return fmt::format("INSERT INTO reference.attempt (token_key, attempted_at, outcome, origin) SELECT g, now(), 'closed', "
                           "'{}' FROM generate_series(1000, {}) g",
                           network, 1000 + tokens);
    };
    const auto key = test::connectTo(conninfoOf(other->target("postgres")));
    PQclear(PQexec(key.get(), attempts("198.51.100.7", 3).c_str()));
    m_server.execute("production", attempts("198.51.100.9", 60));
    QVERIFY2(compared().state == ControlState::Unknown && compared().evidence.find("198.51.100.0/24") != std::string::npos,
             textOf(compared()));
    m_server.execute("production", attempts("203.0.113.7", 3));
    PQclear(PQexec(key.get(), attempts("203.0.113.8", 3).c_str()));
    QVERIFY2(compared().state == ControlState::Fails && compared().evidence.find("203.0.113.0/24") != std::string::npos,
             textOf(compared()));
    m_server.execute("production", "SET session_replication_role = replica; TRUNCATE reference.attempt");
    QCOMPARE(compared().state, ControlState::Holds);
    PQclear(PQexec(key.get(), "SELECT reference.add_hash_key(repeat('k', 32)::bytea)"));
    QCOMPARE(compared().state, ControlState::Holds);
    m_server.execute("production", "SELECT reference.add_hash_key(repeat('k', 32)::bytea)");
    QVERIFY2(compared().state == ControlState::Fails && compared().evidence.find("one key") != std::string::npos,
             textOf(compared()));
    QVERIFY(other->stop());
    QCOMPARE(compared().state, ControlState::Unknown); // staging does not answer: it cannot be told
}

void TestControls::whatMayNotBeReadIsUnknown()
{
    m_server.execute("whole", "CREATE ROLE stranger LOGIN");
    const Control control = check("whole", "unique_key", "stranger");
    QVERIFY2(control.state == ControlState::Unknown, textOf(control));
    QVERIFY2(control.evidence.find("permission denied") != std::string::npos, textOf(control));
    QVERIFY(!control.remedy.empty());
}

void TestControls::unknownNamesAreRefused()
{
    store::ControlOptions options;
    options.names = {"nonsense"};
    const auto controls = store::checkControls(m_server.target("whole", "reader"), options);
    QVERIFY(!controls && controls.error().fault == domain::Fault::NotFound);
}

void TestControls::itCanBeStopped()
{
    store::ControlOptions options;
    options.progress = [](std::size_t done, std::size_t) { return done < 3; };
    const auto controls = store::checkControls(m_server.target("whole", "reader"), options);
    QVERIFY(!controls && controls.error().fault == domain::Fault::Cancelled);
}

QTEST_GUILESS_MAIN(TestControls)
#include "tst_controls.moc"
