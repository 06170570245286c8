#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "detect/scan.h"
#include "models/store/store_test.h"
#include "scanning/site_profile.h"
#include "support/site.h"

using namespace scr;
using test::TestServer;

/// What the console scans with: thresholds and rules of the site's own, as its profile names them.
class TestSiteProfile : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_server = std::make_unique<TestServer>();
        m_server->createSource("site", "unprotected");
        test::fillSite(*m_server, "site", 5, 4);
        qputenv("XDG_CONFIG_HOME", m_folder.path().toUtf8());
        const QByteArray host = QByteArray::fromStdString(m_server->target("postgres").host);
        write("services", "[site]\nhost=" + host + "\ndbname=site\nuser=reader\n");
        qputenv("PGSERVICEFILE", m_folder.filePath(QStringLiteral("services")).toUtf8());
        write("rules/all.sql",
              "-- name: all_votes\n-- subject: token\nSELECT token_key AS subject, array_agg(vote_key) AS votes, "
              "count(*) AS score, 'It voted.' AS explanation FROM scrutineer.vote GROUP BY 1;\n");
        write("mine.toml", "version = \"mine-1\"\n[limits]\nflags_per_detector = 3\n");
    }
    void init() { QFile::remove(m_folder.filePath(QStringLiteral("scrutineer/profiles.toml"))); }

    void withoutAProfileThereIsNothingOfTheSites()
    {
        QCOMPARE(scanning::rulesOfProfile("site")->version, detect::defaultRules().version);
        const auto input = read();
        QVERIFY2(input, input ? "" : input.error().detail.c_str());
        QCOMPARE(input->votes.size(), std::size_t{20});
        QVERIFY(input->siteRules.found.empty());
    }

    void theProfileBringsBoth()
    {
        profile("rules = \"" + path("mine.toml") + "\"\nsql_detectors = \"" + path("rules") + "\"\n");
        const auto rules = scanning::rulesOfProfile("site");
        QVERIFY(rules);
        QCOMPARE(rules->version, std::string{"mine-1"});
        const auto input = read();
        QVERIFY(input);
        const auto report = detect::scan(*input, *rules, {}, {});
        QVERIFY(report);
        const auto ofSite = std::count_if(report->flags.begin(), report->flags.end(), [](const domain::Flag& flag) {
            return flag.detector == domain::DetectorId::SiteRule && flag.siteRule == "all_votes";
        });
        QCOMPARE(ofSite, 3); // of five, as the limit says
        QVERIFY(std::any_of(report->leftOut.begin(), report->leftOut.end(),
                            [](const detect::LeftOutFlags& left) { return left.siteRule == "all_votes" && left.flags == 2; }));
    }

    void whatIsWrongIsTold()
    {
        profile("rules = \"/no/such.toml\"\n");
        const auto missing = scanning::rulesOfProfile("site");
        QVERIFY(!missing && missing.error().detail.find("/no/such.toml") != std::string::npos);
        profile("sql_detectors = \"/no/such\"\n");
        const auto input = read();
        QVERIFY(!input && input.error().detail.find("/no/such") != std::string::npos);
        profile("rule = 1\n");
        QVERIFY(!scanning::rulesOfProfile("site"));
        QCOMPARE(scanning::rulesOfProfile("")->version, detect::defaultRules().version);
    }

private:
    [[nodiscard]] std::string path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)).toStdString(); }
    void write(const char* name, const QByteArray& text) const
    {
        const QString file = m_folder.filePath(QString::fromLatin1(name));
        QDir{}.mkpath(QFileInfo{file}.path());
        QFile out{file};
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text);
    }
    void profile(const std::string& lines) const
    {
        write("scrutineer/profiles.toml", "[service.site]\n" + QByteArray::fromStdString(lines));
    }
    static domain::Result<domain::ScanInput> read()
    {
        domain::ConnectionTarget target;
        target.service = "site";
        return scanning::SiteScanSource{target}.read({}, {});
    }

    QTemporaryDir m_folder;
    std::unique_ptr<TestServer> m_server;
};

QTEST_GUILESS_MAIN(TestSiteProfile)
#include "tst_site_profile.moc"
