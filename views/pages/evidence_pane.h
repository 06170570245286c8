#pragma once

#include <QWidget>

#include "domain/flag.h"

class QStackedWidget;

namespace scr::charts {
class Chart;
class CounterTraceChart;
class GapStripChart;
class Legend;
class WaterfallChart;
} // namespace scr::charts

namespace scr::widgets {
class TextLabel;
}

namespace scr::report {
struct Picture;
}

namespace scr::pages {

class PictureView;

/// The evidence of a flag with its title and what its marks mean: a gap strip, a waterfall of attempts, a counter against its
/// rows, or the picture of a group.
class EvidencePane : public QWidget {
    Q_OBJECT
public:
    explicit EvidencePane(QWidget* parent = nullptr);
    void show(const domain::Flag& flag);
    using QWidget::show;

private:
    void present(const domain::GapStrip& strip);
    void present(const domain::AttemptWaterfall& waterfall);
    void present(const domain::CounterTrace& trace);
    void present(const domain::LockstepMatrix& matrix);
    void present(const domain::SubnetShare& share);
    void present(const domain::VoteMatrix& matrix);
    void present(const domain::CompositionContrast& contrast);
    void present(const domain::TimeHistogram& histogram);
    void present(std::monostate nothing);
    void present(const QString& title, report::Picture picture);
    void present(const QString& title, charts::Chart& chart, int height);

    widgets::TextLabel* m_title{};
    charts::Legend* m_legend{};
    QStackedWidget* m_charts{};
    bool m_isBeat = false; ///< of the flag shown
    charts::GapStripChart* m_strip{};
    charts::WaterfallChart* m_waterfall{};
    charts::CounterTraceChart* m_trace{};
    PictureView* m_picture{};
};

} // namespace scr::pages
