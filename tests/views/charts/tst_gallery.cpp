#include <QTest>
#include <QVBoxLayout>

#include "charts/counter_trace_chart.h"
#include "charts/gap_strip_chart.h"
#include "charts/leaderboard_charts.h"
#include "charts/legend.h"
#include "charts/waterfall_chart.h"
#include "views/charts/samples.h"
#include "views/gallery.h"

using namespace scr;
using namespace scr::charts;

namespace {

QWidget* withLegend(Chart* chart)
{
    auto* box = new QWidget;
    box->setBackgroundRole(QPalette::Base);
    box->setAutoFillBackground(true);
    auto* layout = new QVBoxLayout{box};
    layout->setContentsMargins(0, 4, 0, 0);
    auto* legend = new Legend;
    legend->show(chart->legend());
    layout->addWidget(legend);
    layout->addWidget(chart, 1);
    return box;
}

QWidget* strip()
{
    auto* chart = new GapStripChart;
    chart->show(samples::gapStrip());
    chart->setSelected(6);
    return withLegend(chart);
}

QWidget* waterfall()
{
    auto* chart = new WaterfallChart;
    chart->show(samples::waterfall());
    chart->setSelected(1);
    return withLegend(chart);
}

QWidget* trace()
{
    auto* chart = new CounterTraceChart;
    chart->show(samples::counterTrace());
    return withLegend(chart);
}

QWidget* leaderboard()
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout{box};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    const rank::BumpSeries series = samples::bump();
    const rank::PostSeries post = samples::post();
    auto* bump = new BumpChart;
    bump->show(series, {{series.lines[4].post, series.from + std::chrono::hours{96}, series.from + std::chrono::hours{168},
                         QStringLiteral("F-20884")}});
    bump->setTimeAxisShown(false);
    auto* score = new ScoreChart;
    score->show(series, post);
    score->setTimeAxisShown(false);
    auto* bars = new VotesBarChart;
    bars->show(binsOf(series), post);
    score->setFixedHeight(110);
    bars->setFixedHeight(118);
    for (Chart* chart : std::initializer_list<Chart*>{bump, score, bars}) {
        chart->setScrub(series.from + std::chrono::hours{140});
        layout->addWidget(chart);
    }
    return box;
}

QWidget* empty()
{
    auto* chart = new GapStripChart;
    chart->setEmptyText(QStringLiteral("This flag has no votes to draw"));
    chart->show(domain::GapStrip{});
    auto* box = withLegend(chart);
    return box;
}

} // namespace

class TestGallery : public QObject {
    Q_OBJECT
private slots:
    void stripInThreeThemes() { gallery::render(QStringLiteral("strip"), {700, 230}, strip); }
    void waterfallInThreeThemes() { gallery::render(QStringLiteral("waterfall"), {700, 260}, waterfall); }
    void traceInThreeThemes() { gallery::render(QStringLiteral("trace"), {700, 220}, trace); }
    void leaderboardInThreeThemes() { gallery::render(QStringLiteral("leaderboard"), {884, 740}, leaderboard); }
    void emptyInThreeThemes() { gallery::render(QStringLiteral("empty"), {500, 160}, empty); }
};

QTEST_MAIN(TestGallery)
#include "tst_gallery.moc"
