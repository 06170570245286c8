#include "charts/plot_tools.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <QDateTime>
#include <QFontMetricsF>
#include <QLocale>

#include "domain/visible_text.h"
#include "theme/fonts.h"
#include "theme/text_paint.h"

namespace scr::charts {

namespace {

using theme::Role;

constexpr double kMinute = 60;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;

constexpr double kYear = 365 * kDay;
constexpr int kMostTicks = 8;
constexpr double kSteps[] = {0.001,        0.002,        0.005,        0.01,     0.02,        0.05,
                             0.1,          0.2,          0.5,          1,        2,           5,
                             10,           15,           30,           kMinute,  2 * kMinute, 5 * kMinute,
                             10 * kMinute, 15 * kMinute, 30 * kMinute, kHour,    2 * kHour,   3 * kHour,
                             6 * kHour,    12 * kHour,   kDay,         2 * kDay, 7 * kDay,    14 * kDay,
                             30 * kDay,    91 * kDay,    182 * kDay,   kYear};

/// UTC moments at steps that a clock or a calendar has; a day's name only where it begins.
class MomentTicker : public QCPAxisTicker {
protected:
    double getTickStep(const QCPRange& range) override
    {
        const double wanted = range.size() / kMostTicks;
        const auto* step = std::lower_bound(std::begin(kSteps), std::end(kSteps), wanted);
        m_step = step == std::end(kSteps) ? std::ceil(wanted / kYear) * kYear : *step;
        return m_step;
    }

    QString getTickLabel(double tick, const QLocale&, QChar, int) override
    {
        const QDateTime moment = QDateTime::fromMSecsSinceEpoch(std::llround(tick * 1000), Qt::UTC);
        return QLocale::c().toString(moment, formatAt(moment.time()));
    }

private:
    [[nodiscard]] QString formatAt(const QTime& time) const
    {
        if (m_step >= 30 * kDay)
            return QStringLiteral("MMM yyyy");
        if (m_step >= kDay || (m_step >= kHour && time == QTime{0, 0}))
            return QStringLiteral("d MMM");
        if (m_step >= kMinute)
            return QStringLiteral("HH:mm");
        return m_step >= 1 ? QStringLiteral("HH:mm:ss") : QStringLiteral("ss.zzz");
    }

    double m_step = kDay;
};

} // namespace

Painted::Painted(QCustomPlot& plot, const char* layer, Draw draw, bool clipped) : QCPAbstractItem{&plot}, m_draw{std::move(draw)}
{
    setLayer(QString::fromLatin1(layer));
    setClipToAxisRect(clipped);
    setSelectable(false);
}

double Painted::selectTest(const QPointF&, bool, QVariant*) const
{
    return -1;
}

void Painted::draw(QCPPainter* painter)
{
    painter->save();
    painter->setAntialiasing(true);
    m_draw(*painter);
    painter->restore();
}

void addPainted(QCustomPlot& plot, const char* layer, Painted::Draw draw, bool clipped)
{
    new Painted{plot, layer, std::move(draw), clipped}; // the plot takes it
}

void styleAxes(QCustomPlot& plot, const theme::Theme& theme, bool keyGrid, bool valueGrid)
{
    plot.setBackground(theme[Role::Base]);
    plot.setLocale(QLocale::c());
    plot.axisRect()->setAutoMargins(QCP::msNone);
    plot.xAxis2->setVisible(false);
    plot.yAxis2->setVisible(false);
    for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) {
        axis->setTickLabelFont(theme::fontOf(theme::Type::Caption));
        axis->setTickLabelColor(theme[Role::Text3]);
        axis->setSubTicks(false);
        axis->setTickLength(0, 4);
        axis->setBasePen(QPen{theme[Role::ControlEdge], 1});
        axis->setTickPen(QPen{theme[Role::ControlEdge], 1});
        axis->setTickLabelPadding(4);
        axis->grid()->setPen(QPen{theme[Role::Grid], 1});
        axis->grid()->setZeroLinePen(QPen{theme[Role::Grid], 1});
        axis->grid()->setSubGridVisible(false);
    }
    plot.yAxis->setBasePen(Qt::NoPen);
    plot.yAxis->setTicks(true);
    plot.yAxis->setTickPen(Qt::NoPen);
    plot.xAxis->grid()->setVisible(keyGrid);
    plot.yAxis->grid()->setVisible(valueGrid);
}

void setMargins(QCustomPlot& plot, int left, int top, int right, int bottom)
{
    plot.axisRect()->setMargins({left, top, right, bottom});
}

void setTimeTicks(QCustomPlot& plot, double from, double to)
{
    plot.xAxis->setTicker(QSharedPointer<MomentTicker>{new MomentTicker});
    plot.xAxis->setRange(from, to);
}

double secondsOf(domain::UtcTime time)
{
    return static_cast<double>(domain::microsOf(time)) / 1e6;
}

domain::UtcTime timeOfSeconds(double seconds)
{
    return domain::timeOf(static_cast<std::int64_t>(std::llround(seconds * 1e6)));
}

QString momentText(domain::UtcTime time, bool withMillis)
{
    const QDateTime moment = QDateTime::fromMSecsSinceEpoch(domain::microsOf(time) / 1000, Qt::UTC);
    return QLocale::c().toString(moment, withMillis ? QStringLiteral("d MMM HH:mm:ss.zzz") : QStringLiteral("d MMM yyyy HH:mm"));
}

QString secondsText(double seconds)
{
    if (seconds > 0 && seconds < kMinute)
        return theme::numberText(seconds, seconds < 0.1 ? 4 : seconds < 10 ? 2 : 1) + QStringLiteral(" s");
    return QString::fromStdString(domain::durationText(domain::Micros{std::llround(seconds * 1e6)}));
}

QString shownText(const std::string& untrusted)
{
    return QString::fromStdString(domain::visibleText(untrusted));
}

QString elided(const QString& text, const QFont& font, double width)
{
    return QFontMetricsF{font}.elidedText(text, Qt::ElideRight, width);
}

int stepFor(int count, int most)
{
    int step = 1;
    for (const int factor : {2, 5, 10, 20, 50, 100, 200, 500, 1000}) {
        if (count <= most * step)
            break;
        step = factor;
    }
    return step;
}

QString postName(const std::string& title, const domain::PostKey& post)
{
    return title.empty() ? QObject::tr("post %1").arg(shownText(post.text)) : shownText(title);
}

} // namespace scr::charts
