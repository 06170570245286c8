#include "charts/plot_tools.h"

#include <cmath>

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

QString tickFormat(double span)
{
    if (span < 10)
        return QStringLiteral("HH:mm:ss.zzz");
    if (span < 20 * kMinute)
        return QStringLiteral("HH:mm:ss");
    if (span <= 30 * kHour)
        return QStringLiteral("HH:mm");
    if (span <= 3 * kDay)
        return QStringLiteral("d MMM HH:mm");
    return span <= 300 * kDay ? QStringLiteral("d MMM") : QStringLiteral("MMM yyyy");
}

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
    const double span = to - from;
    QSharedPointer<QCPAxisTickerDateTime> ticker{new QCPAxisTickerDateTime};
    ticker->setDateTimeSpec(Qt::UTC);
    ticker->setDateTimeFormat(tickFormat(span));
    ticker->setTickCount(6);
    plot.xAxis->setTicker(ticker);
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

} // namespace scr::charts
