#include <QtTest>

#include <future>

#include "elevated/installer.h"
#include "support/test_server.h"

using namespace scr;
using namespace scr::test;
using domain::Environment;
using domain::Fault;
using elevated::InstallOptions;

class TestInstaller : public QObject {
    Q_OBJECT

private slots:
    void twiceChangesNothing();
    void settingsChangeAndAreLogged();
    void refusals_data();
    void refusals();
    void ordinaryOwnerMayInstall();
    void logins();
    void twoAtOnce();

private:
    [[nodiscard]] domain::Result<elevated::InstallReport> install(const std::string& database,
                                                                  const InstallOptions& options) const
    {
        return elevated::install(m_server.target(database), options);
    }

    TestServer m_server;
};

void TestInstaller::twiceChangesNothing()
{
    m_server.createDatabase("twice");
    const auto first = install("twice", {"reference", Environment::Demo, {}});
    QVERIFY2(first.has_value(), first ? "" : sentenceOf(first.error()).c_str());
    QVERIFY(first->fresh);
    QVERIFY(!first->applied.empty());
    const auto second = install("twice", {});
    QVERIFY(second.has_value());
    QVERIFY(!second->fresh);
    QVERIFY(second->applied.empty());
    QCOMPARE(second->environment, Environment::Demo);
    QCOMPARE(m_server.queryText("twice", "SELECT count(*) FROM scrutineer.log_entry WHERE kind = 'install'"), std::string{"1"});
}

void TestInstaller::settingsChangeAndAreLogged()
{
    m_server.createDatabase("settings");
    const auto first = install("settings", {"imported", {}, {}});
    QVERIFY(first.has_value());
    QCOMPARE(first->environment, Environment::Production);
    QVERIFY(first->twoPersonRule);
    QVERIFY(install("settings", {"", Environment::Staging, false}));
    QCOMPARE(m_server.queryText("settings", "SELECT environment || two_person_rule FROM scrutineer.source"),
             std::string{"stagingfalse"});
    QCOMPARE(m_server.queryText("settings", "SELECT detail FROM scrutineer.log_entry ORDER BY entry_key DESC LIMIT 1"),
             std::string{"environment staging, two-person rule off, 0 migrations"});
}

void TestInstaller::refusals_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("present");
    QTest::addColumn<QString>("adapter");
    QTest::addColumn<bool>("production");
    QTest::addColumn<QString>("words");
    const QString none;
    QTest::newRow("no adapter") << none << none << none << false << "no adapter is named";
    QTest::newRow("unknown adapter") << none << none << "lemmy" << false << "no adapter \"lemmy\"";
    QTest::newRow("foreign schema") << "CREATE SCHEMA scrutineer" << none << "imported" << false << "did not make";
    QTest::newRow("foreign site") << "CREATE SCHEMA reference" << none << "reference" << false << "a schema named reference";
    QTest::newRow("other adapter") << none << "imported" << "reference" << false << "holds the adapter imported";
    QTest::newRow("unprotected in production")
        << none << none << "unprotected" << true << "only for databases marked demo or staging";
    QTest::newRow("unprotected made production")
        << none << "unprotected" << none << true << "only for databases marked demo or staging";
    QTest::newRow("newer") << "INSERT INTO scrutineer.schema_version VALUES ('scrutineer/9999_x.sql', repeat('0', 64))"
                           << "imported" << none << false << "newer";
    QTest::newRow("changed migration")
        << "UPDATE scrutineer.schema_version SET sha256 = repeat('0', 64) WHERE path LIKE '%0001_records.sql'" << "imported"
        << none << false << "applied in another form";
}

void TestInstaller::refusals()
{
    QFETCH(QString, before);
    QFETCH(QString, present);
    QFETCH(QString, adapter);
    QFETCH(bool, production);
    QFETCH(QString, words);
    static int number = 0;
    const std::string db = "refused" + std::to_string(++number);
    m_server.createDatabase(db);
    if (!present.isEmpty())
        QVERIFY(install(db, {present.toStdString(), Environment::Demo, {}}));
    if (!before.isEmpty())
        m_server.execute(db, before.toStdString());
    const std::string objects = "SELECT count(*) FROM pg_class";
    const std::string count = m_server.queryText(db, objects);
    const auto environment = production ? Environment::Production : Environment::Demo;
    const auto report = install(db, {adapter.toStdString(), environment, {}});
    QVERIFY(!report);
    QVERIFY2(QString::fromStdString(report.error().detail).contains(words), report.error().detail.c_str());
    QVERIFY(!report.error().remedy.empty());
    QCOMPARE(m_server.queryText(db, objects), count);
}

void TestInstaller::ordinaryOwnerMayInstall()
{
    m_server.execute("postgres", "CREATE ROLE engineer LOGIN CREATEROLE");
    m_server.execute("postgres", "CREATE DATABASE owned OWNER engineer");
    const auto report = elevated::install(m_server.target("owned", "engineer"), {"reference", Environment::Staging, {}});
    QVERIFY2(report.has_value(), report ? "" : sentenceOf(report.error()).c_str());
    m_server.execute("postgres", "CREATE ROLE nobody LOGIN");
    m_server.createDatabase("foreign");
    const auto refused = elevated::install(m_server.target("foreign", "nobody"), {"reference", Environment::Staging, {}});
    QVERIFY(!refused);
    QCOMPARE(refused.error().sqlstate, std::string{"42501"});
    QVERIFY(refused.error().remedy.find("superuser") != std::string::npos);
}

void TestInstaller::logins()
{
    m_server.createSource("logins", "imported");
    const auto target = m_server.target("logins");
    QVERIFY(elevated::createLogin(target, {"o'brien \"x\"", {"reader"}, "it's a secret"}));
    QVERIFY(elevated::createLogin(target, {"o'brien \"x\"", {"moderator"}, "another"}));
    QCOMPARE(m_server.queryText(
                 "logins",
                 "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname LIKE 'o''brien%'"),
             std::string{"2"});
    QVERIFY(m_server.queryText("logins", "SELECT rolpassword FROM pg_authid WHERE rolname LIKE 'o''brien%'")
                .starts_with("SCRAM-SHA-256$"));
    QCOMPARE(elevated::createLogin(target, {"x", {"king"}, ""}).error().fault, Fault::Invalid);
    QCOMPARE(m_server.queryText("logins", "SELECT count(*) FROM pg_roles WHERE rolname = 'x'"), std::string{"0"});
    QVERIFY(!elevated::createLogin(target, {"scrutineer_owner", {"reader"}, ""}));
}

void TestInstaller::twoAtOnce()
{
    m_server.createDatabase("race");
    auto run = [&] { return install("race", {"imported", Environment::Demo, {}}); };
    auto one = std::async(std::launch::async, run);
    auto two = std::async(std::launch::async, run);
    const auto a = one.get();
    const auto b = two.get();
    QVERIFY2(a.has_value(), a ? "" : sentenceOf(a.error()).c_str());
    QVERIFY2(b.has_value(), b ? "" : sentenceOf(b.error()).c_str());
    QVERIFY(a->fresh != b->fresh);
}

QTEST_GUILESS_MAIN(TestInstaller)
#include "tst_installer.moc"
