#include "pages/evidence_pane.h"

#include <QStackedWidget>
#include <QVBoxLayout>

#include "charts/counter_trace_chart.h"
#include "charts/gap_strip_chart.h"
#include "charts/waterfall_chart.h"
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
    m_title = new widgets::TextLabel{{}, theme::Type::Section};
    m_title->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_title->setFixedHeight(kTitleHeight);
    m_charts = new QStackedWidget;
    m_strip = new charts::GapStripChart;
    m_waterfall = new charts::WaterfallChart;
    m_trace = new charts::CounterTraceChart;
    for (QWidget* chart : {static_cast<QWidget*>(m_strip), static_cast<QWidget*>(m_waterfall), static_cast<QWidget*>(m_trace)})
        m_charts->addWidget(chart);
    layout->addWidget(m_title);
    layout->addWidget(m_charts);
}

void EvidencePane::show(const domain::Flag& flag)
{
    std::visit([this](const auto& evidence) { present(evidence); }, flag.evidence);
}

void EvidencePane::present(const domain::GapStrip& strip)
{
    m_title->setText(tr("Gap to the previous vote, this token"));
    m_strip->show(strip);
    m_charts->setCurrentWidget(m_strip);
    m_charts->setFixedHeight(kStripHeight);
    setVisible(true);
}

void EvidencePane::present(const domain::AttemptWaterfall& waterfall)
{
    m_title->setText(waterfall.fromVotes ? tr("Votes of this token on this post, by time") : tr("Attempts by start and end"));
    m_waterfall->show(waterfall);
    m_charts->setCurrentWidget(m_waterfall);
    m_charts->setFixedHeight(kWaterfallHeight);
    setVisible(true);
}

void EvidencePane::present(const domain::CounterTrace& trace)
{
    m_title->setText(tr("Sum of the rows against the counter the site shows"));
    m_trace->show(trace);
    m_charts->setCurrentWidget(m_trace);
    m_charts->setFixedHeight(kStripHeight);
    setVisible(true);
}

void EvidencePane::present(std::monostate /*nothing*/)
{
    setVisible(false);
}

} // namespace scr::pages
