#include <ctime>

#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "charts/counter_trace_chart.h"
#include "charts/gap_strip_chart.h"
#include "charts/leaderboard_charts.h"
#include "charts/waterfall_chart.h"
#include "theme/apply.h"
#include "views/charts/samples.h"

using namespace scr;
using namespace scr::charts;

namespace {

/// What nearestPoint must find, looked for everywhere.
int bruteNearest(const std::vector<ChartPoint>& points, double key, double value, double reach)
{
    int nearest = -1;
    double best = reach;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double distance = std::hypot(points[i].key - key, points[i].value - value);
        if (distance < best) {
            best = distance;
            nearest = static_cast<int>(i);
        }
    }
    return nearest;
}

QWidget* surfaceOf(Chart& chart)
{
    return chart.childAt(chart.rect().center());
}

template <class C>
std::unique_ptr<C> shown(const QSize& size = {700, 200})
{
    auto chart = std::make_unique<C>();
    chart->resize(size);
    return chart;
}

} // namespace

class TestCharts : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { theme::applyTheme(*qApp, theme::Scheme::Light); }
    void nearestAgreesWithBruteForce();
    void nothingNearIsNothing();
    void clickSelectsAndTells();
    void selectionFromATableDoesNotEcho();
    void keysWalkThePoints();
    void dragBrushesTime();
    void clickScrubsTimelines();
    void picturesAreSaved();
    void badPathIsRefused();
    void emptyChartsStandQuiet();
    void simultaneousVotesStayOnScreen();
    void summariesSayTheNumbers();
    void recoloursWithThePalette();
    void manyPointsAreDrawnInTime();
};

void TestCharts::nearestAgreesWithBruteForce()
{
    quint32 state = 12345;
    const auto random = [&state] {
        state = state * 1664525U + 1013904223U;
        return static_cast<double>(state >> 8) / static_cast<double>(1U << 24);
    };
    std::vector<ChartPoint> points;
    for (int i = 0; i < 500; ++i)
        points.push_back({random() * 300, random() * 100, i, -1});
    std::sort(points.begin(), points.end(), [](const ChartPoint& a, const ChartPoint& b) { return a.key < b.key; });
    for (int i = 0; i < 1000; ++i) {
        const double key = random() * 320 - 10;
        const double value = random() * 120 - 10;
        QCOMPARE(nearestPoint(points, key, value, 1, 1, 14), bruteNearest(points, key, value, 14));
    }
}

void TestCharts::nothingNearIsNothing()
{
    QCOMPARE(nearestPoint({}, 0, 0, 1, 1, 14), -1);
    QCOMPARE(nearestPoint({{100, 0, 0, -1}}, 0, 0, 1, 1, 14), -1);
    QCOMPARE(nearestPoint({{100, 0, 7, -1}}, 0, 0, 0.1, 1, 14), 0);
}

/// Places of the points of a chart as its own pointAt() answers them.
static QPoint placeOf(const Chart& chart, int index)
{
    for (int y = 0; y < chart.height(); y += 2) {
        for (int x = 0; x < chart.width(); x += 2) {
            if (chart.pointAt({x, y}) == index)
                return {x, y};
        }
    }
    return {-1, -1};
}

void TestCharts::clickSelectsAndTells()
{
    const auto chart = shown<WaterfallChart>({700, 260});
    chart->show(samples::waterfall());
    chart->QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(chart.get()));
    const QSignalSpy selected{chart.get(), &Chart::pointSelected};
    const QPoint place = placeOf(*chart, 3);
    QVERIFY(place.x() >= 0);
    QTest::mouseClick(surfaceOf(*chart), Qt::LeftButton, {}, place);
    QCOMPARE(selected.count(), 1);
    QCOMPARE(selected.first().first().toInt(), 3);
    QCOMPARE(chart->selected(), 3);
    QTest::mouseClick(surfaceOf(*chart), Qt::LeftButton, {}, QPoint{450, 60});
    QCOMPARE(chart->selected(), -1);
}

void TestCharts::selectionFromATableDoesNotEcho()
{
    const auto chart = shown<GapStripChart>();
    chart->show(samples::gapStrip());
    const QSignalSpy selected{chart.get(), &Chart::pointSelected};
    chart->setSelected(6);
    QCOMPARE(chart->selected(), 6);
    QCOMPARE(selected.count(), 0);
}

void TestCharts::keysWalkThePoints()
{
    const auto chart = shown<WaterfallChart>();
    chart->show(samples::waterfall());
    const QSignalSpy selected{chart.get(), &Chart::pointSelected};
    QTest::keyClick(chart.get(), Qt::Key_Right);
    QCOMPARE(chart->selected(), 0);
    QTest::keyClick(chart.get(), Qt::Key_Down);
    QCOMPARE(chart->selected(), 1);
    QTest::keyClick(chart.get(), Qt::Key_End);
    QCOMPARE(chart->selected(), 13);
    QTest::keyClick(chart.get(), Qt::Key_Right);
    QCOMPARE(chart->selected(), 13);
    QTest::keyClick(chart.get(), Qt::Key_Escape);
    QCOMPARE(chart->selected(), -1);
    QCOMPARE(selected.count(), 4);
}

void TestCharts::dragBrushesTime()
{
    const auto chart = shown<GapStripChart>();
    chart->show(samples::gapStrip());
    chart->setBrushable(true);
    chart->QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(chart.get()));
    const QSignalSpy brushed{chart.get(), &Chart::brushed};
    QTest::mousePress(surfaceOf(*chart), Qt::LeftButton, {}, {300, 100});
    QTest::mouseMove(surfaceOf(*chart), {200, 100});
    QTest::mouseRelease(surfaceOf(*chart), Qt::LeftButton, {}, {200, 100});
    QCOMPARE(brushed.count(), 1);
    const auto range = brushed.first().first().value<domain::TimeRange>();
    QVERIFY(range.from && range.to && *range.from < *range.to);
}

void TestCharts::clickScrubsTimelines()
{
    const auto chart = shown<BumpChart>({884, 420});
    const rank::BumpSeries series = samples::bump();
    chart->show(series);
    chart->QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(chart.get()));
    const QSignalSpy scrubbed{chart.get(), &Chart::scrubbed};
    QTest::mouseClick(surfaceOf(*chart), Qt::LeftButton, {}, {442, 210});
    QCOMPARE(scrubbed.count(), 1);
    const auto moment = scrubbed.first().first().value<domain::UtcTime>();
    QVERIFY(moment > series.from && moment < series.endOf(series.bins - 1));
}

void TestCharts::picturesAreSaved()
{
    const QTemporaryDir folder;
    const auto chart = shown<BumpChart>({884, 420});
    chart->show(samples::bump());
    const QString png = folder.filePath(QStringLiteral("bump.png"));
    QVERIFY(chart->save(png));
    QCOMPARE(QImage{png}.size(), QSize(1768, 840));
    QCOMPARE(QImage{png}.pixelColor(2, 2).name(), QStringLiteral("#ffffff"));
    const QString pdf = folder.filePath(QStringLiteral("bump.pdf"));
    QVERIFY(chart->save(pdf));
    QFile file{pdf};
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.read(5), QByteArray{"%PDF-"});
    QVERIFY(file.size() > 2000);
}

void TestCharts::badPathIsRefused()
{
    const auto chart = shown<GapStripChart>();
    chart->show(samples::gapStrip());
    QVERIFY(!chart->save(QStringLiteral("/nonexistent/folder/chart.png")));
    const auto nothing = shown<GapStripChart>();
    const QTemporaryDir folder;
    QVERIFY(!nothing->save(folder.filePath(QStringLiteral("a.png"))));
    QVERIFY(!QFile::exists(folder.filePath(QStringLiteral("a.png"))));
}

void TestCharts::emptyChartsStandQuiet()
{
    GapStripChart strip;
    strip.show(domain::GapStrip{});
    WaterfallChart waterfall;
    waterfall.show(domain::AttemptWaterfall{});
    CounterTraceChart trace;
    trace.show(domain::CounterTrace{});
    BumpChart bump;
    bump.show(rank::BumpSeries{});
    ScoreChart score;
    score.show(rank::BumpSeries{}, std::nullopt);
    VotesBarChart votes;
    votes.show(TimeBins{}, std::nullopt);
    for (Chart* chart : std::initializer_list<Chart*>{&strip, &waterfall, &trace, &bump, &score, &votes}) {
        QVERIFY(!chart->grab().isNull());
        QCOMPARE(chart->pointAt({50, 50}), -1);
        QTest::keyClick(chart, Qt::Key_Right);
        QCOMPARE(chart->selected(), -1);
    }
}

void TestCharts::simultaneousVotesStayOnScreen()
{
    domain::GapStrip strip;
    for (int i = 0; i < 5; ++i)
        strip.points.push_back({domain::timeOf(samples::kStart), 0, true});
    const auto chart = shown<GapStripChart>();
    chart->show(strip);
    QVERIFY(!chart->grab().isNull());
    QVERIFY(placeOf(*chart, 4).x() >= 0 || placeOf(*chart, 0).x() >= 0);
}

void TestCharts::summariesSayTheNumbers()
{
    CounterTraceChart trace;
    trace.show(samples::counterTrace());
    QCOMPARE(trace.summary(), QStringLiteral("The site shows 1,304, the rows sum to 1,187: 117 apart"));
    QCOMPARE(trace.accessibleDescription(), trace.summary());
    WaterfallChart waterfall;
    waterfall.show(samples::waterfall());
    QVERIFY(waterfall.summary().contains(QStringLiteral("14 attempts")));
    QVERIFY(waterfall.summary().contains(QStringLiteral("3 accepted, 2 of them extra")));
}

void TestCharts::recoloursWithThePalette()
{
    const auto chart = shown<GapStripChart>();
    chart->show(samples::gapStrip());
    QCOMPARE(chart->grab().toImage().pixelColor(3, 3).name(), QStringLiteral("#ffffff"));
    chart->setPalette(theme::paletteOf(theme::themeOf(theme::Scheme::Dark)));
    QCoreApplication::processEvents();
    QCOMPARE(chart->grab().toImage().pixelColor(3, 3).name(), QStringLiteral("#1e1e1e"));
}

void TestCharts::manyPointsAreDrawnInTime()
{
    domain::GapStrip strip;
    for (int i = 0; i < 100000; ++i)
        strip.points.push_back({domain::timeOf(samples::kStart + i * 1000000LL), 0.5 + i % 90, i % 3 == 0});
    const auto chart = shown<GapStripChart>({1600, 500});
    // Processor time: a loaded machine must not make this fail.
    const auto millis = [](std::clock_t since) { return 1000.0 * static_cast<double>(std::clock() - since) / CLOCKS_PER_SEC; };
    const std::clock_t drawing = std::clock();
    chart->show(strip);
    QVERIFY(!chart->grab().isNull());
    QVERIFY2(millis(drawing) < 2000, qPrintable(QString::number(millis(drawing))));
    const std::clock_t looking = std::clock();
    for (int x = 0; x < 1600; x += 16)
        (void)chart->pointAt({x, 250});
    QVERIFY2(millis(looking) < 500, qPrintable(QString::number(millis(looking))));
}

QTEST_MAIN(TestCharts)
#include "tst_charts.moc"
