#include <QTest>

#include "domain/time.h"

using namespace scr::domain;

class TestTime : public QObject {
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void isoTextReadsBack();
    void durations_data();
    void durations();
};

void TestTime::reads_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("micros");
    QTest::newRow("date") << "2026-03-12" << qint64{1773273600000000};
    QTest::newRow("UTC with microseconds") << "2026-03-12T14:20:07.123456Z" << qint64{1773325207123456};
    QTest::newRow("no zone is UTC") << "2026-03-12 14:20:07" << qint64{1773325207000000};
    QTest::newRow("minutes only") << "2026-03-12T14:20" << qint64{1773325200000000};
    QTest::newRow("half-hour zone") << "2026-03-12 14:20:07+05:30" << qint64{1773305407000000};
    QTest::newRow("as PostgreSQL prints") << "2026-03-12 14:20:07.5+00" << qint64{1773325207500000};
    QTest::newRow("western zone without a colon") << "2026-03-12T14:20:07-0500" << qint64{1773343207000000};
    QTest::newRow("finer than a microsecond") << "2026-03-12T14:20:07.1234569Z" << qint64{1773325207123456};
    QTest::newRow("leap day") << "2024-02-29" << qint64{1709164800000000};
    QTest::newRow("before 1970") << "1969-12-31T23:59:59.5Z" << qint64{-500000};
    QTest::newRow("epoch seconds") << "1447844749" << qint64{1447844749000000};
    QTest::newRow("epoch with a fraction") << "1289241911.72836" << qint64{1289241911728360};
    QTest::newRow("negative epoch") << "-1.5" << qint64{-1500000};
    QTest::newRow("first year") << "1900-01-01" << qint64{-2208988800000000};
    QTest::newRow("last moment") << "2199-12-31T23:59:59.999999Z" << qint64{7258118399999999};
}

void TestTime::reads()
{
    QFETCH(QString, text);
    QFETCH(qint64, micros);
    const auto time = parseTime(text.toStdString());
    QVERIFY2(time.has_value(), time ? "" : time.error().detail.c_str());
    QCOMPARE(qint64{microsOf(*time)}, micros);
}

void TestTime::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"",
                             " ",
                             "yesterday",
                             "2026-13-01",
                             "2026-02-29",
                             "2026-3-12",
                             "2026-03-12T",
                             "2026-03-12T25:00:00",
                             "2026-03-12T24:00:00",
                             "2026-03-12T14:60:00",
                             "2026-03-12T14:20:60",
                             "2026-03-12T14:20:07.",
                             "2026-03-12T14:20:07+5",
                             "2026-03-12T14:20:07+05:3",
                             "2026-03-12T14:20:07 Z",
                             "2026-03-12T14:20:07Zx",
                             " 2026-03-12",
                             "2026-03-12 ",
                             "1e9",
                             "1447844749.",
                             ".5",
                             "-",
                             "+1",
                             "0x10",
                             "1447844749000",
                             "99999999999999999999",
                             "1899-12-31",
                             "2200-01-01",
                             "infinity",
                             "nan",
                             "2026-03-12T14:20:07+16:00"})
        QTest::newRow(text) << text;
}

void TestTime::refuses()
{
    QFETCH(QString, text);
    const auto time = parseTime(text.toStdString());
    QVERIFY(!time.has_value());
    QCOMPARE(time.error().fault, Fault::Invalid);
    QVERIFY(!time.error().remedy.empty());
}

void TestTime::isoTextReadsBack()
{
    for (const std::int64_t micros : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1773325207123456},
                                      std::int64_t{1773325207120000}, std::int64_t{-2208988800000000}}) {
        const auto back = parseTime(isoText(timeOf(micros)));
        QVERIFY(back.has_value());
        QCOMPARE(microsOf(*back), micros);
    }
    QCOMPARE(isoText(timeOf(1773325207120000)), std::string{"2026-03-12T14:20:07.12Z"});
    QCOMPARE(isoText(timeOf(1773325207000000)), std::string{"2026-03-12T14:20:07Z"});
}

void TestTime::durations_data()
{
    QTest::addColumn<qint64>("micros");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << qint64{0} << "0 s";
    QTest::newRow("microseconds") << qint64{41} << "41 \u00b5s";
    QTest::newRow("milliseconds") << qint64{340000} << "340 ms";
    QTest::newRow("milliseconds with a fraction") << qint64{11800} << "11.8 ms";
    QTest::newRow("rounds up to a second") << qint64{999999} << "1.00 s";
    QTest::newRow("seconds") << qint64{18200000} << "18.2 s";
    QTest::newRow("short seconds") << qint64{570000} << "570 ms";
    QTest::newRow("almost a minute") << qint64{59980000} << "1 min";
    QTest::newRow("minutes") << qint64{250000000} << "4 min 10 s";
    QTest::newRow("hours") << qint64{11100000000} << "3 h 5 min";
    QTest::newRow("days") << qint64{187200000000} << "2 d 4 h";
    QTest::newRow("negative") << qint64{-2000000} << "-2 s";
}

void TestTime::durations()
{
    QFETCH(qint64, micros);
    QFETCH(QString, text);
    QCOMPARE(QString::fromStdString(durationText(Micros{micros})), text);
}

QTEST_APPLESS_MAIN(TestTime)
#include "tst_time.moc"
