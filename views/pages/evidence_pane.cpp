#include "pages/evidence_pane.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "charts/counter_trace_chart.h"
#include "charts/gap_strip_chart.h"
#include "charts/waterfall_chart.h"
#include "pages/picture_view.h"
#include "report/group_pictures.h"
#include "theme/metrics.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

constexpr int kTitleHeight = 34;
constexpr int kStripHeight = 196;
constexpr int kWaterfallHeight = 230;

} // namespace

EvidencePane::EvidencePane(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_title = new widgets::TextLabel{{}, theme::Type::Section};
    m_title->setFixedHeight(kTitleHeight);
    m_legend = new charts::Legend;
    head->addWidget(m_title);
    head->addWidget(m_legend, 1);
    m_charts = new QStackedWidget;
    m_strip = new charts::GapStripChart;
    m_waterfall = new charts::WaterfallChart;
    m_trace = new charts::CounterTraceChart;
    for (QWidget* chart : {static_cast<QWidget*>(m_strip), static_cast<QWidget*>(m_waterfall), static_cast<QWidget*>(m_trace)})
        m_charts->addWidget(chart);
    m_picture = new PictureView;
    m_charts->addWidget(m_picture);
    layout->addLayout(head);
    layout->addWidget(m_charts);
}

void EvidencePane::show(const domain::Flag& flag)
{
    m_isBeat = flag.detector == domain::DetectorId::Metronome;
    std::visit([this](const auto& evidence) { present(evidence); }, flag.evidence);
}

void EvidencePane::present(const QString& title, charts::Chart& chart, int height)
{
    m_title->setText(title);
    m_legend->show(chart.legend());
    m_charts->setCurrentWidget(&chart);
    m_charts->setFixedHeight(height);
    setVisible(true);
}

void EvidencePane::present(const domain::GapStrip& strip)
{
    m_strip->show(strip, m_isBeat ? charts::GapStripChart::Kind::Beat : charts::GapStripChart::Kind::Burst);
    present(tr("Gap to the previous vote, this token"), *m_strip, kStripHeight);
}

void EvidencePane::present(const domain::AttemptWaterfall& waterfall)
{
    m_waterfall->show(waterfall);
    present(waterfall.unlogged    ? tr("Votes without an attempt, by time")
            : waterfall.fromVotes ? tr("Votes of this token on this post, by time")
                                  : tr("Attempts by start and end"),
            *m_waterfall, kWaterfallHeight);
}

void EvidencePane::present(const domain::CounterTrace& trace)
{
    m_trace->show(trace);
    present(tr("Sum of the rows against the counter the site shows"), *m_trace, kStripHeight);
}

void EvidencePane::present(const QString& title, report::Picture picture)
{
    m_title->setText(title);
    m_legend->show({});
    m_picture->show(std::move(picture));
    m_charts->setCurrentWidget(m_picture);
    m_charts->setFixedHeight(m_picture->heightNeeded());
    setVisible(true);
}

void EvidencePane::present(const domain::LockstepMatrix& matrix)
{
    present(tr("Who voted on which post, and how soon after the first"), report::groupPicture(matrix));
}

void EvidencePane::present(const domain::SubnetShare& share)
{
    present(tr("Tokens of the network against its share of the site"), report::groupPicture(share));
}

void EvidencePane::present(const domain::VoteMatrix& matrix)
{
    present(tr("Who votes for whom"), report::groupPicture(matrix));
}

void EvidencePane::present(const domain::CompositionContrast& contrast)
{
    present(tr("Arrivals of one-off voters and of regular ones"), report::groupPicture(contrast));
}

void EvidencePane::present(const domain::TimeHistogram& histogram)
{
    QString title = QString::fromStdString(histogram.counted);
    title.replace(0, 1, title.left(1).toUpper());
    present(title, report::groupPicture(histogram));
}

void EvidencePane::present(std::monostate /*nothing*/)
{
    setVisible(false);
}

} // namespace scr::pages
