#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "models/report/sample_report.h"
#include "print/print_report.h"

using namespace scr;

namespace {

QByteArray contentOf(const QString& path)
{
    QFile file{path};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

/// Text of the PDF by poppler; empty where it is not installed.
QString textOf(const QString& path)
{
    if (QStandardPaths::findExecutable(QStringLiteral("pdftotext")).isEmpty())
        return {};
    QProcess process;
    process.start(QStringLiteral("pdftotext"), {QStringLiteral("-layout"), path, QStringLiteral("-")});
    return process.waitForFinished() ? QString::fromUtf8(process.readAllStandardOutput()) : QString{};
}

qsizetype pagesOf(const QByteArray& pdf)
{
    return pdf.count("/Type /Page\n");
}

} // namespace

class TestPrintReport : public QObject {
    Q_OBJECT

private slots:
    void printsEverything();
    void emptyReportIsAPage();
    void longTablesGoOnOverPages();
    void failureLeavesTheOldFile();
    void thousandsOfFlagsInSeconds();
};

void TestPrintReport::printsEverything()
{
    const QTemporaryDir folder;
    const QString path = qEnvironmentVariableIsSet("SCRUTINEER_KEEP_PDF") ? qEnvironmentVariable("SCRUTINEER_KEEP_PDF")
                                                                          : folder.filePath(QStringLiteral("report.pdf"));
    const domain::Status printed = print::printReport(test::sampleReport(), path);
    QVERIFY2(printed.has_value(), printed ? "" : printed.error().detail.c_str());
    const QByteArray pdf = contentOf(path);
    QVERIFY(pdf.startsWith("%PDF-"));
    const qsizetype pages = pagesOf(pdf);
    QVERIFY2(pages >= 4 && pages <= 9, qPrintable(QString::number(pages)));
    const QString text = textOf(path);
    QVERIFY2(!text.isEmpty(), "pdftotext of poppler-utils reads it");
    for (const QString& one :
         {QStringLiteral("Vote integrity report"), QStringLiteral("One token was counted 6 times"),
          QStringLiteral("the log shows the race"), QStringLiteral("V-118: 5 votes voided"), QStringLiteral("U+202E"),
          QStringLiteral("<img src=\"/dev/zero\">"), QStringLiteral("Page %1 of %1").arg(pages)})
        QVERIFY2(text.contains(one), qPrintable(one));
}

void TestPrintReport::emptyReportIsAPage()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("report.pdf"));
    QVERIFY(print::printReport({}, path).has_value());
    QCOMPARE(pagesOf(contentOf(path)), 2);
}

void TestPrintReport::longTablesGoOnOverPages()
{
    report::Report report = test::sampleReport();
    report.leaderboard.clear();
    for (int i = 1; i <= 200; ++i)
        report.leaderboard.push_back(
            {domain::PostKey{std::to_string(i)}, "Title " + std::to_string(i), i, 300.0 - i, i, 300.0 - i, 300.0 - i, i});
    report.flags[0].decisions[0].reason = std::string(20'000, 'x'); // no space to break it at
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("report.pdf"));
    QVERIFY(print::printReport(report, path).has_value());
    QVERIFY(pagesOf(contentOf(path)) > 8);
    const QString text = textOf(path);
    QVERIFY2(!text.isEmpty(), "pdftotext of poppler-utils reads it");
    QVERIFY(text.contains(QStringLiteral("Title 200")));
    QVERIFY(text.count(QStringLiteral("voided votes")) > 4); // the head again on each page
}

void TestPrintReport::failureLeavesTheOldFile()
{
    const domain::Status nowhere = print::printReport(test::sampleReport(), QStringLiteral("/nowhere/report.pdf"));
    QVERIFY(!nowhere);
    QCOMPARE(nowhere.error().fault, domain::Fault::Unavailable);
    QVERIFY(!print::printReport(test::sampleReport(), QStringLiteral("/dev/null")));
    const QTemporaryDir folder;
    QVERIFY(!print::printReport(test::sampleReport(), folder.path()));
    QVERIFY(QDir{folder.path()}.isEmpty());
}

void TestPrintReport::thousandsOfFlagsInSeconds()
{
    report::Report report = test::sampleReport();
    const report::FlagPart one = report.flags[0];
    report.flags.assign(1000, one);
    const QTemporaryDir folder;
    QElapsedTimer timer;
    timer.start();
    QVERIFY(print::printReport(report, folder.filePath(QStringLiteral("report.pdf"))).has_value());
    qInfo("1000 flags: %lld ms", static_cast<long long>(timer.elapsed()));
    QVERIFY(timer.elapsed() < 120'000);
}

QTEST_MAIN(TestPrintReport)
#include "tst_print_report.moc"
