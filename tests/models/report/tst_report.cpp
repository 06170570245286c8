#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <string>

#include "history/csv_reader.h"
#include "models/report/sample_report.h"
#include "report/picture.h"
#include "report/wording.h"
#include "report/writers.h"

using namespace scr;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rowsOf(const QString& path)
{
    auto bytes = history::openBytes(path.toStdString());
    if (!bytes)
        throw std::runtime_error{bytes.error().detail};
    history::CsvReader reader{std::move(*bytes), path.toStdString()};
    Rows rows;
    for (auto next = reader.next(); next && *next == history::CsvReader::Next::Record; next = reader.next())
        rows.emplace_back(reader.fields().begin(), reader.fields().end());
    return rows;
}

std::string cellOf(const Rows& rows, std::size_t row, const std::string& column)
{
    for (std::size_t i = 0; i < rows.at(0).size(); ++i) {
        if (rows[0][i] == column)
            return rows.at(row).at(i);
    }
    return "no such column";
}

domain::ScoreHistory history3()
{
    domain::ScoreHistory history;
    history.bins = 2;
    history.posts = {
        {domain::PostKey{"2"}, "two", 10, 4}, {domain::PostKey{"10"}, "ten", 10, 0}, {domain::PostKey{"3"}, "three", 0, 0}};
    history.cells = {{0, 0, 1, 0, 5, 1, 0}, {0, 1, 0, 0, 1, 0, 0}, {1, 0, 1, 1, 0, 1, 1}, {2, 1, 14, 0, 0, 14, 0}};
    return history;
}

} // namespace

class TestReport : public QObject {
    Q_OBJECT

private slots:
    void siteRulesHaveLinesOfTheirOwn();
    void totals();
    void leaderboard();
    void leaderboardKeepsPostsThatFellOut();
    void figures_data();
    void figures();
    void pageSaysEverything();
    void pageIsInert();
    void hostileTextsStayText();
    void emptyReportIsAPageToo();
    void csvFilesAreExact();
    void spreadsheetCopiesAreSafe();
    void unwritableFolderIsSaid();
    void folderIsNewOrNothing();
    void pictures();
};

void TestReport::siteRulesHaveLinesOfTheirOwn()
{
    std::vector<report::FlagPart> flags(3);
    for (std::size_t i = 0; i < flags.size(); ++i) {
        domain::Flag& flag = flags[i].recorded.flag;
        flag.detector = domain::DetectorId::SiteRule;
        flag.siteRule = i == 1 ? "crowds" : "night_votes";
        flag.subject = {domain::SubjectKind::Group, "any name", {}};
    }
    const auto runs = report::detectorsOf(flags, domain::Source{});
    QCOMPARE(runs.size(), std::size(domain::kDetectors) + 2);
    QCOMPARE(report::titleOf(runs[runs.size() - 2]), std::string{"Site rule night_votes"});
    QCOMPARE(runs[runs.size() - 2].flags, std::int64_t{2});
    QCOMPARE(report::titleOf(runs.back()), std::string{"Site rule crowds"});
    QCOMPARE(report::subjectText(flags[0].recorded), std::string{"Group any name"});
}

void TestReport::totals()
{
    report::Report report = test::sampleReport();
    report::VoidPart restored = report.voids[0];
    restored.request.state = domain::RequestState::Restored;
    restored.request.standing = 0;
    report::VoidPart restore = restored;
    restore.request.kind = domain::RequestKind::Restore;
    restore.request.state = domain::RequestState::Done;
    report.voids.push_back(restored);
    report.voids.push_back(restore);
    const report::Totals totals = report::totalsOf(report);
    QVERIFY((totals == report::Totals{1, 0, 1, 0, 1, 5, 5}));
}

void TestReport::leaderboard()
{
    const auto rows = report::leaderboardOf(history3(), 0);
    QCOMPARE(rows.size(), 3U);
    QCOMPARE(rows[0].post.text, std::string{"3"});
    QCOMPARE(rows[1].post.text, std::string{"2"}); // 11 each: by key, as numbers
    QCOMPARE(rows[1].score, 11.0);
    QCOMPARE(rows[1].rankWithVoided, 1);
    QCOMPARE(rows[1].scoreWithVoided, 17.0);
    QCOMPARE(rows[1].scoreWithoutFlagged, 7.0);
    QCOMPARE(rows[1].rankWithoutFlagged, 3);
    QCOMPARE(rows[2].scoreWithoutFlagged, 10.0);
}

void TestReport::leaderboardKeepsPostsThatFellOut()
{
    const auto rows = report::leaderboardOf(history3(), 1);
    QCOMPARE(rows.size(), 2U);
    QCOMPARE(rows[1].rank, 2);
    QCOMPARE(rows[1].rankWithVoided, 1);
}

void TestReport::figures_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("expected");
    QTest::newRow("thousands") << report::countText(1'204'551) << std::string{"1,204,551"};
    QTest::newRow("below a thousand") << report::countText(999) << std::string{"999"};
    QTest::newRow("negative") << report::countText(-1000) << std::string{"−1,000"};
    QTest::newRow("one") << report::countText(1, "vote") << std::string{"1 vote"};
    QTest::newRow("score") << report::scoreText(-1204.5) << std::string{"−1,204.5"};
    QTest::newRow("rounds to zero") << report::scoreText(-0.0001) << std::string{"0"};
    QTest::newRow("no score") << report::scoreText(std::nan("")) << std::string{"not known"};
    QTest::newRow("sign") << report::signedText(3) << std::string{"+3"};
    QTest::newRow("digest") << report::groupedDigest("9f86d0818") << std::string{"9f86 d081 8"};
    QTest::newRow("time") << report::timeText(test::after(0.25)) << std::string{"2026-01-01 00:00:00.250000"};
    QTest::newRow("window") << report::windowText(test::after(0), test::after(0.31))
                            << std::string{"2026-01-01 00:00:00, for 310 ms"};
    QTest::newRow("period") << report::periodText({test::after(0), {}})
                            << std::string{"All votes from 2026-01-01 00:00:00 UTC on"};
}

void TestReport::figures()
{
    QFETCH(std::string, text);
    QFETCH(std::string, expected);
    QCOMPARE(text, expected);
}

void TestReport::pageSaysEverything()
{
    const report::Report report = test::sampleReport();
    const QString page = QString::fromStdString(report::htmlOf(report));
    const QString expected[] = {QStringLiteral("1,204,551 counted votes were cast"),
                                QStringLiteral("2026-01-01 00:00:00 UTC to 2026-01-15"),
                                QStringLiteral("One token was counted 6 times"),
                                QStringLiteral("A double click explains two requests"),
                                QStringLiteral("the log shows the race"),
                                QStringLiteral("not run: the source keeps no duplicates apart"),
                                QStringLiteral("V-118: 5 votes voided"),
                                QStringLiteral("9f86 d081"),
                                QStringLiteral("118 → 113"),
                                QStringLiteral("2 versions are on record, the newest by mira"),
                                QStringLiteral("One scan was recorded in the period"),
                                QStringLiteral("3 new flags, 0 known"),
                                QStringLiteral("#3 <span class=\"worse\">→ #7"),
                                QStringLiteral("window 250 ms, min attempts 4"),
                                QStringLiteral("The first 100 of 140 votes"),
                                QStringLiteral("by <bdi>ada"),
                                QStringLiteral("14 kinds of write access"),
                                QString::fromStdString(report.flags[0].recorded.flag.key.text)};
    for (const QString& one : expected)
        QVERIFY2(page.contains(one), qPrintable(one));
    QCOMPARE(page.count(QStringLiteral("<svg")), 4);
    QCOMPARE(page.count(QStringLiteral("<table")), page.count(QStringLiteral("</table>")));
    QCOMPARE(page.count(QStringLiteral("<tr>")), page.count(QStringLiteral("</tr>")));
    QCOMPARE(page.count(QStringLiteral("<article")), page.count(QStringLiteral("</article>")));
}

void TestReport::pageIsInert()
{
    const QString page = QString::fromStdString(report::htmlOf(test::sampleReport()));
    QVERIFY(page.contains(QStringLiteral("default-src 'none'")));
    for (const char* loads : {"<script", "<img", "<link", "<iframe", "src=", "@import", "url(", "http://", "https://"}) {
        const bool quoted = page.contains(QStringLiteral("&lt;img src=&quot;")) && (loads == std::string{"src="});
        QVERIFY2(quoted || loads == std::string{"http://"} || !page.contains(QLatin1String(loads)), loads);
    }
    QVERIFY(page.contains(QStringLiteral("&lt;img src=&quot;/dev/zero&quot;&gt;")));
    QVERIFY(page.contains(QStringLiteral("<span class=\"code\">U+202E</span>")));
    QVERIFY(!page.contains(QChar{0x202e}));
}

void TestReport::hostileTextsStayText()
{
    QFile file{QStringLiteral(SCRUTINEER_SOURCE_DIR "/../shared/vectors/attack_strings.json")};
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("the hostile texts do not lie beside the checkout");
    const std::string calm = report::htmlOf(test::sampleReport());
    const auto tags = [](const std::string& page) { return std::count(page.begin(), page.end(), '<'); };
    const QJsonArray all = QJsonDocument::fromJson(file.readAll()).array();
    for (const QJsonValue& one : all) {
        const std::string text = one[QStringLiteral("text")].toString().toStdString();
        report::Report report = test::sampleReport();
        report.title = text;
        report.source.service = text;
        report.remarks = {text};
        report.flags[0].recorded.subjectLabel = text;
        report.flags[0].recorded.flag.headline = text;
        report.flags[0].decisions[0].reason = text;
        report.flags[0].votes[0].origin = text;
        report.voids[0].request.reason = text;
        report.voids[0].posts[0].title = text;
        report.log[0].detail = text;
        report.log[0].actor = text;
        report.leaderboard[0].title = text;
        const std::string page = report::htmlOf(report);
        const auto codes = QString::fromStdString(page).count(QStringLiteral("class=\"code\"")) -
                           QString::fromStdString(calm).count(QStringLiteral("class=\"code\""));
        constexpr auto kRemark = 4; // the remark's own <p> and <bdi>
        QCOMPARE(tags(page) - tags(calm), static_cast<std::ptrdiff_t>(2 * codes + kRemark));
        for (const char control : {'\x1b', '\x07', '\x08', '\x0e', '\x7f'})
            QVERIFY(page.find(control) == std::string::npos);
    }
}

void TestReport::emptyReportIsAPageToo()
{
    const std::string page = report::htmlOf({});
    QVERIFY(page.find("No flag is on record for the period.") != std::string::npos);
    QVERIFY(page.find("There is no post to rank.") != std::string::npos);
    const QTemporaryDir folder;
    QVERIFY(report::writeFolder({}, folder.filePath(QStringLiteral("a/b")).toStdString()).has_value());
    QCOMPARE(rowsOf(folder.filePath(QStringLiteral("a/b/flags.csv"))).size(), 1U);
}

void TestReport::csvFilesAreExact()
{
    const QTemporaryDir folder;
    const report::Report report = test::sampleReport();
    QVERIFY(report::writeFolder(report, folder.path().toStdString()).has_value());
    QVERIFY(QFile::exists(folder.filePath(QStringLiteral("report.html"))));
    const Rows flags = rowsOf(folder.filePath(QStringLiteral("flags.csv")));
    QCOMPARE(flags.size(), 4U);
    QCOMPARE(cellOf(flags, 3, "subject_label"), report.flags[2].recorded.subjectLabel);
    QCOMPARE(cellOf(flags, 1, "from"), std::string{"2026-01-01T13:53:27Z"});
    QCOMPARE(cellOf(flags, 1, "extra_votes"), std::string{"5"});
    const Rows votes = rowsOf(folder.filePath(QStringLiteral("votes.csv")));
    QCOMPARE(votes.size(), 1U + 6 + 140 + 5);
    QCOMPARE(cellOf(votes, 1, "vote_key"), std::string{"8801"});
    QCOMPARE(cellOf(votes, 151, "belongs_to"), std::string{"V-118"});
    const Rows voids = rowsOf(folder.filePath(QStringLiteral("voids.csv")));
    QCOMPARE(voids.size(), 2U);
    QCOMPARE(cellOf(voids, 1, "score_change"), std::string{"-5"});
    QCOMPARE(cellOf(voids, 1, "digest"), report.voids[0].request.digest);
    QCOMPARE(cellOf(rowsOf(folder.filePath(QStringLiteral("log.csv"))), 2, "detail"), report.log[1].detail);
    QCOMPARE(cellOf(voids, 1, "committed_at"), std::string{"2026-01-01T17:14:50.123456Z"});
    const Rows decisions = rowsOf(folder.filePath(QStringLiteral("decisions.csv")));
    QCOMPARE(decisions.size(), 4U);
    QCOMPARE(cellOf(decisions, 3, "reason"), report.flags[2].decisions[0].reason);
    QCOMPARE(rowsOf(folder.filePath(QStringLiteral("leaderboard.csv"))).size(), 9U);
    for (const QString& name : QDir{folder.path()}.entryList({QStringLiteral("*.csv")})) {
        const Rows rows = rowsOf(folder.filePath(name));
        for (const auto& row : rows)
            QCOMPARE(row.size(), rows[0].size());
    }
}

void TestReport::spreadsheetCopiesAreSafe()
{
    const QTemporaryDir folder;
    QVERIFY(report::writeFolder(test::sampleReport(), folder.path().toStdString()).has_value());
    QCOMPARE(QDir{folder.filePath(QStringLiteral("spreadsheet"))}.entryList({QStringLiteral("*.csv")}).size(), 6);
    const Rows decisions = rowsOf(folder.filePath(QStringLiteral("spreadsheet/decisions.csv")));
    QVERIFY(cellOf(decisions, 3, "reason").starts_with("'=HYPERLINK"));
}

void TestReport::unwritableFolderIsSaid()
{
    const domain::Status written = report::writeFolder(test::sampleReport(), "/dev/null/report");
    QVERIFY(!written);
    QCOMPARE(written.error().fault, domain::Fault::Unavailable);
    QVERIFY(!written.error().remedy.empty());
}

/// What lies there may be another report: half of one and half of the other would be evidence of nothing.
void TestReport::folderIsNewOrNothing()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("report"));
    QVERIFY(report::writeFolder(test::sampleReport(), path.toStdString()).has_value());
    const Rows before = rowsOf(path + QStringLiteral("/flags.csv"));
    const domain::Status again = report::writeFolder({}, path.toStdString());
    QVERIFY(!again);
    QCOMPARE(again.error().fault, domain::Fault::Invalid);
    QCOMPARE(rowsOf(path + QStringLiteral("/flags.csv")), before);
    QCOMPARE(QDir{folder.path()}.entryList(QDir::AllEntries | QDir::NoDotAndDotDot).size(), 1);
}

void TestReport::pictures()
{
    for (const report::FlagPart& part : test::sampleReport().flags) {
        const report::Picture picture = report::pictureOf(part.recorded.flag.evidence);
        QVERIFY(!picture.empty());
        QVERIFY(!picture.caption.empty());
        for (const auto& dot : picture.dots)
            QVERIFY(dot.x >= 0 && dot.x <= picture.width && dot.y >= 0 && dot.y <= picture.height);
        for (const auto& box : picture.boxes)
            QVERIFY(box.x >= 0 && box.x + box.width <= picture.width && box.y >= 0 && box.height >= 0 &&
                    box.y + box.height <= picture.height);
    }
    QVERIFY(report::pictureOf(domain::Evidence{}).empty());
    QVERIFY(report::pictureOf(domain::Evidence{domain::GapStrip{}}).empty());
    QVERIFY(report::pictureOf(domain::Evidence{domain::AttemptWaterfall{}}).empty());
    domain::GapStrip large;
    for (int i = 0; i < 100'000; ++i)
        large.points.push_back({test::after(i), 1.0 + i % 10, false});
    QVERIFY(report::pictureOf(domain::Evidence{large}).dots.size() <= 400);
}

QTEST_APPLESS_MAIN(TestReport)
#include "tst_report.moc"
