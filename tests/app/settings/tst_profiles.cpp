#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "settings/profile.h"
#include "settings/targets.h"

using namespace scr;

class TestProfiles : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("XDG_CONFIG_HOME", m_folder->path().toUtf8());
        qputenv("PGSERVICEFILE", m_folder->filePath(QStringLiteral("services")).toUtf8());
        write(QStringLiteral("services"), "[site]\nhost=/x\n[site-elevated]\nhost=/x\n[site-owner]\nhost=/x\n[other]\nhost=/x\n");
    }

    void noFileMeansNoProfiles()
    {
        const auto profiles = settings::readProfiles(settings::profileFile());
        QVERIFY(profiles && profiles->empty());
    }

    void namesLeadToTheOtherLogins()
    {
        QCOMPARE(settings::elevatedTarget(reader("site"))->service, std::string{"site-elevated"});
        QCOMPARE(settings::ownerTarget(reader("site"))->service, std::string{"site-owner"});
        QCOMPARE(settings::elevatedTarget(reader("other"))->service, std::string{"other"});
        QCOMPARE(settings::ownerTarget(reader("other"))->service, std::string{"other"});
    }

    void profileOverridesTheNames()
    {
        writeProfile("[service.site]\nelevated = \"admins\"\nowner = \"dba\"\n");
        QCOMPARE(settings::elevatedTarget(reader("site"))->service, std::string{"admins"});
        QCOMPARE(settings::ownerTarget(reader("site"))->service, std::string{"dba"});
    }

    void profileNamesTheFolderOfRules()
    {
        writeProfile("[service.site]\nrules = \"/etc/rules.toml\"\nsql_detectors = \"/etc/rules\"\n");
        const auto profiles = settings::readProfiles(settings::profileFile());
        QCOMPARE(settings::profileOf(*profiles, "site").sqlDetectors, std::string{"/etc/rules"});
        QCOMPARE(settings::profileOf(*profiles, "site").rules, std::string{"/etc/rules.toml"});
        QVERIFY(settings::profileOf(*profiles, "other").sqlDetectors.empty());
    }

    void profileNamesWitnesses()
    {
        writeProfile("[service.site]\nlog_key = \"log\"\nwitness_keys = [\"olga\", \"ivan\"]\n");
        const auto profiles = settings::readProfiles(settings::profileFile());
        QCOMPARE(settings::profileOf(*profiles, "site").witnessKeys, (std::vector<std::string>{"olga", "ivan"}));
        QVERIFY(settings::profileOf(*profiles, "other").witnessKeys.empty());
    }

    void profileNamesTheOtherEnvironment()
    {
        QVERIFY(!settings::otherTarget(reader("site"))->has_value());
        writeProfile("[service.site]\nother = \"site-staging\"\n");
        domain::ConnectionTarget target = reader("site");
        target.user = "alice";
        target.host = "/elsewhere";
        const auto other = settings::otherTarget(target).value();
        QCOMPARE(other->service, std::string{"site-staging"});
        QVERIFY(other->user.empty() && other->host.empty()); // another server altogether
        QVERIFY(!settings::otherTarget(reader("other"))->has_value());
    }

    void anotherLoginTakesNoPasswordAlong()
    {
        domain::ConnectionTarget target = reader("site");
        target.user = "alice";
        target.password = "secret";
        const auto elevated = settings::elevatedTarget(target);
        QVERIFY(elevated->user.empty() && elevated->password.empty());
    }

    void mistakesAreNamedWithTheirLine_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("misspelt key") << QByteArray{"[service.site]\nelevted = \"x\"\n"};
        QTest::newRow("wrong type") << QByteArray{"[service.site]\nowner = 7\n"};
        QTest::newRow("a witness that is a number") << QByteArray{"[service.site]\nwitness_keys = [\"a\", 7]\n"};
        QTest::newRow("one witness without a list") << QByteArray{"[service.site]\nwitness_keys = \"a\"\n"};
        QTest::newRow("not a table") << QByteArray{"[service]\nsite = \"x\"\n"};
        QTest::newRow("foreign section") << QByteArray{"\n[sevice.site]\n"};
        QTest::newRow("not TOML") << QByteArray{"[service.site]\nowner = \n"};
    }
    void mistakesAreNamedWithTheirLine()
    {
        QFETCH(QByteArray, text);
        writeProfile(text);
        const auto target = settings::elevatedTarget(reader("site"));
        QVERIFY(!target);
        QCOMPARE(target.error().fault, domain::Fault::Invalid);
        QVERIFY2(target.error().detail.find("profiles.toml, line 2") != std::string::npos, target.error().detail.c_str());
        QVERIFY(!target.error().remedy.empty());
    }

private:
    static domain::ConnectionTarget reader(const char* service)
    {
        domain::ConnectionTarget target;
        target.service = service;
        return target;
    }
    void write(const QString& name, const QByteArray& text) const
    {
        QFile file{m_folder->filePath(name)};
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
    }
    void writeProfile(const QByteArray& text) const
    {
        QVERIFY(QDir{m_folder->path()}.mkpath(QStringLiteral("scrutineer")));
        write(QStringLiteral("scrutineer/profiles.toml"), text);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(TestProfiles)
#include "tst_profiles.moc"
