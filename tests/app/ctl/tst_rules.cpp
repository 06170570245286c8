#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include "app/ctl/ctl_runner.h"

using scr::test::CtlAnswer;
using scr::test::CtlRunner;
using scr::test::listOf;
using scr::test::writeText;

namespace {

/// Three votes of token 7 on post 1 within 20 ms, two of token 9 that are 400 ms apart, and a quiet one.
constexpr const char* kVotes = "token,post,value,cast_at\n"
                               "7,1,1,1773324000.000\n7,1,1,1773324000.010\n7,1,1,1773324000.020\n"
                               "9,2,1,1773325000.000\n9,2,1,1773325000.400\n8,1,1,1773324100\n";

QList<QJsonObject> linesOf(const QByteArray& text)
{
    QList<QJsonObject> lines;
    for (const QByteArray& line : text.split('\n')) {
        if (!line.isEmpty())
            lines << QJsonDocument::fromJson(line).object();
    }
    return lines;
}

QString textIn(const QJsonObject& object, const char* key)
{
    return object[QLatin1String(key)].toString();
}

} // namespace

/// `scrutineerctl rules diff` and `rules backtest` over files.
class TestCtlRules : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_votes = file("votes.csv", kVotes);
        m_milder = file("milder.toml", "version = \"milder\"\n[duplicate_votes]\ncritical_votes = 10\n");
    }

    void sameRulesDoNotDiffer()
    {
        for (const QStringList& names : {listOf({"default", "default"}), listOf({"-", "-"}), listOf({"default", renamed()})}) {
            const CtlAnswer answer = run(listOf({"rules", "diff"}) + names);
            QVERIFY2(answer.code == 0, answer.err.constData());
            QCOMPARE(answer.out, QByteArray{"No threshold differs\n"});
        }
    }

    void eachThresholdIsALine()
    {
        const CtlAnswer answer = run(listOf({"rules", "diff", "default", m_milder}));
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.err.isEmpty(), answer.err.constData());
        QCOMPARE(answer.out.count('\n'), 2);
        QVERIFY(answer.out.startsWith("DETECTOR"));
        QVERIFY2(answer.out.simplified().contains("duplicate_votes critical_votes 3 10"), answer.out.constData());
        const CtlAnswer json = run(listOf({"rules", "diff", m_milder, "default", "--format", "jsonl"}));
        const QJsonObject line = linesOf(json.out).value(0);
        QCOMPARE(textIn(line, "detector"), QStringLiteral("duplicate_votes"));
        QCOMPARE(textIn(line, "name"), QStringLiteral("critical_votes"));
        QCOMPARE(textIn(line, "old"), QStringLiteral("10"));
        QCOMPARE(textIn(line, "new"), QStringLiteral("3"));
    }

    void failuresAreExitTwo_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("says");
        const QString broken = file("broken.toml", "version = \"x\"\n[token_burst]\nmax_prob = 1\n");
        QTest::newRow("no verb") << QStringList{} << QByteArray{"--help"};
        QTest::newRow("one file") << listOf({"diff", "default"}) << QByteArray{"NEW"};
        QTest::newRow("no such file") << listOf({"diff", "default", "/no/such.toml"}) << QByteArray{"/no/such.toml"};
        QTest::newRow("broken file") << listOf({"diff", broken, "default"}) << QByteArray{"broken.toml: Rules, line 3"};
        QTest::newRow("broken second file") << listOf({"backtest", "default", broken, "--votes", m_votes})
                                            << QByteArray{"line 3"};
        QTest::newRow("nothing to scan") << listOf({"backtest", "default", "default"}) << QByteArray{"--service"};
        QTest::newRow("two things to scan") << listOf({"backtest", "-", "-", "--service", "x", "--votes", m_votes})
                                            << QByteArray{"--service"};
        QTest::newRow("no such votes") << listOf({"backtest", "-", "-", "--votes", "/no/such.csv"}) << QByteArray{"/no/such.csv"};
        QTest::newRow("time backwards") << listOf({"backtest", "-", "-", "--votes", m_votes, "--from", "2026-02-01", "--to",
                                                   "2026-01-01"})
                                        << QByteArray{"--from"};
    }
    void failuresAreExitTwo()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, says);
        const CtlAnswer answer = run(listOf({"rules"}) + arguments);
        QCOMPARE(answer.code, 2);
        QVERIFY2(answer.out.isEmpty(), answer.out.constData());
        QCOMPARE(answer.err.count('\n'), 1);
        QVERIFY2(answer.err.contains(says), answer.err.constData());
    }

    void backtestWithTheSameRulesFindsNoDifference()
    {
        const CtlAnswer answer = run(listOf({"rules", "backtest", "default", "default", "--votes", m_votes}));
        QVERIFY2(answer.code == 0, answer.err.constData());
        QVERIFY2(answer.out.endsWith("Of 6 votes, a void of all flags would newly take out 0 votes and no longer 0 votes\n"),
                 answer.out.constData());
    }

    void backtestShowsChangedSeverity()
    {
        const CtlAnswer answer = run(listOf({"rules", "backtest", "default", m_milder, "--votes", m_votes}));
        QCOMPARE(answer.code, 1);
        QVERIFY2(answer.out.contains("critical -> high"), answer.out.constData());
        QVERIFY2(answer.out.simplified().contains("duplicate_votes 2 2 0 0 1 0"), answer.out.constData());
    }

    /// A burst that one set of rules takes for one and the other does not.
    void backtestShowsGainedAndLost()
    {
        QByteArray text = "token,post,value,cast_at\n";
        for (int vote = 0; vote < 60; ++vote)
            text += "5," + QByteArray::number(vote) + ",1," + QByteArray::number(1773324000 + vote / 4) + "\n";
        const QString votes = file("burst.csv", text);
        const QString blind = file("blind.toml", "version = \"blind\"\n[token_burst]\nmax_probability = 1e-300\n");
        const QStringList jsonl = listOf({"--votes", votes, "--format", "jsonl"});
        const CtlAnswer lost = run(listOf({"rules", "backtest", "default", blind}) + jsonl);
        QVERIFY2(lost.code == 1, lost.out.constData());
        const QList<QJsonObject> lines = linesOf(lost.out);
        QCOMPARE(textIn(lines.first(), "change"), QStringLiteral("lost"));
        QCOMPARE(textIn(lines.first()[QLatin1String("flag")].toObject(), "detector"), QStringLiteral("token_burst"));
        QCOMPARE(textIn(lines.last(), "change"), QStringLiteral("totals"));
        QVERIFY(lines.last()[QLatin1String("no_longer_voided")].toInt() > 0);
        QCOMPARE(lines.last()[QLatin1String("newly_voided")].toInt(), 0);
        const CtlAnswer gained = run(listOf({"rules", "backtest", blind, "default"}) + jsonl);
        QCOMPARE(gained.code, 1);
        QCOMPARE(textIn(linesOf(gained.out).first(), "change"), QStringLiteral("gained"));
        QCOMPARE(linesOf(gained.out).last()[QLatin1String("newly_voided")], lines.last()[QLatin1String("no_longer_voided")]);
    }

    void backtestKeepsToTheRange()
    {
        const CtlAnswer answer =
            run(listOf({"rules", "backtest", "default", m_milder, "--votes", m_votes, "--from", "2026-03-12T14:10:00Z"}));
        QVERIFY2(answer.code == 0, answer.out.constData());
        QVERIFY2(answer.out.contains("Of 2 votes"), answer.out.constData());
    }

private:
    [[nodiscard]] CtlAnswer run(const QStringList& arguments) const { return CtlRunner{m_folder.path()}.run(arguments); }
    [[nodiscard]] QString file(const char* name, const QByteArray& text) const
    {
        return writeText(m_folder.filePath(QString::fromLatin1(name)), text);
    }
    [[nodiscard]] QString renamed() const { return file("renamed.toml", "version = \"mine\"\n"); }

    QTemporaryDir m_folder;
    QString m_votes;
    QString m_milder;
};

QTEST_GUILESS_MAIN(TestCtlRules)
#include "tst_rules.moc"
