#include "charts/chart.h"

#include <algorithm>
#include <cmath>

#include <QEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <qcustomplot.h>

#include "charts/chart_overlay.h"
#include "charts/plot_tools.h"

namespace scr::charts {

namespace {

constexpr double kReach = 14;      // px within which a point is meant
constexpr int kHoverPause = 33;    // ms; 30 times a second at most
constexpr int kBrushThreshold = 4; // px a press may tremble and still be a click
constexpr double kPrintScale = 2;
constexpr int kScreenDpi = 96;
constexpr double kPointsPerInch = 72;

tl::unexpected<domain::Error> notWritten(const QSaveFile& file)
{
    return domain::failure(domain::Fault::Unavailable,
                           QStringLiteral("%1 could not be written: %2; nothing was left there")
                               .arg(file.fileName(), file.errorString())
                               .toStdString(),
                           "Choose another folder, or free some space");
}

} // namespace

int nearestPoint(const std::vector<ChartPoint>& points, double key, double value, double pixelsPerKey, double pixelsPerValue,
                 double reach)
{
    const auto start =
        std::lower_bound(points.begin(), points.end(), key, [](const ChartPoint& point, double at) { return point.key < at; });
    int nearest = -1;
    double best = reach;
    const auto look = [&](auto point) {
        const double across = std::abs(point->key - key) * pixelsPerKey;
        if (across > best)
            return false;
        const double distance = std::hypot(across, (point->value - value) * pixelsPerValue);
        if (distance <= best) {
            best = distance;
            nearest = static_cast<int>(point - points.begin());
        }
        return true;
    };
    for (auto point = start; point != points.end() && look(point); ++point) {
    }
    for (auto point = start; point != points.begin() && look(std::prev(point)); --point) {
    }
    return nearest;
}

Chart::Chart(QWidget* parent) :
    QWidget{parent}, m_plot{new QCustomPlot{this}}, m_overlay{new ChartOverlay{*this}}, m_emptyText{tr("Nothing to draw")}
{
    m_plot->setFocusPolicy(Qt::NoFocus);
    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->setInteractions({});
    m_overlay->installEventFilter(this);
    m_overlay->raise();
    m_hoverPause.setSingleShot(true);
    m_hoverPause.setInterval(kHoverPause);
    connect(&m_hoverPause, &QTimer::timeout, this, [this] { hover(m_mouse); });
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

Chart::~Chart() = default;

const theme::Theme& Chart::currentTheme() const
{
    return theme::themeOf(palette());
}

QSize Chart::minimumSizeHint() const
{
    return {240, 96};
}

QSize Chart::sizeHint() const
{
    return {640, 196};
}

std::vector<LegendEntry> Chart::legend() const
{
    return {};
}

std::vector<QPolygonF> Chart::pathOf(int /*line*/) const
{
    return {};
}

void Chart::setSelected(int index)
{
    m_selected = index;
    m_overlay->update();
}

void Chart::setEmptyText(const QString& text)
{
    m_emptyText = text;
    m_overlay->update();
}

void Chart::setBrushable(bool brushable)
{
    m_brushable = brushable;
}

void Chart::setScrub(std::optional<domain::UtcTime> moment)
{
    m_scrub = moment ? std::optional{secondsOf(*moment)} : std::nullopt;
    m_overlay->update();
}

void Chart::setSummary(const QString& summary)
{
    m_summary = summary;
    setAccessibleDescription(summary);
}

void Chart::setPoints(std::vector<ChartPoint> points)
{
    std::stable_sort(points.begin(), points.end(), [](const ChartPoint& a, const ChartPoint& b) { return a.key < b.key; });
    m_points = std::move(points);
    m_hovered = -1;
    m_lastIndex = -1;
    for (const ChartPoint& point : m_points)
        m_lastIndex = std::max(m_lastIndex, point.index);
}

void Chart::rebuild()
{
    m_hovered = -1;
    if (m_selected > m_lastIndex)
        m_selected = -1;
    renderWith(currentTheme());
    m_overlay->update();
}

void Chart::renderWith(const theme::Theme& theme)
{
    m_plot->clearItems();
    m_plot->clearPlottables();
    m_plot->setBackground(theme[theme::Role::Base]);
    if (!isEmpty())
        build(*m_plot, theme);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

QImage Chart::image(const QSize& size, double scale)
{
    renderWith(theme::themeOf(theme::Scheme::Light));
    const QImage picture = m_plot->toPixmap(size.width(), size.height(), scale).toImage();
    renderWith(currentTheme());
    return picture;
}

domain::Status Chart::save(const QString& path)
{
    if (isEmpty())
        return domain::failure(domain::Fault::Invalid, "There is nothing to draw", "Choose a time range with votes");
    QSaveFile file{path};
    if (!file.open(QIODevice::WriteOnly))
        return notWritten(file);
    bool written = false;
    if (path.endsWith(QLatin1String{".pdf"}, Qt::CaseInsensitive)) {
        QPdfWriter writer{&file};
        writer.setResolution(kScreenDpi);
        writer.setPageSize(QPageSize{QSizeF{size()} * (kPointsPerInch / kScreenDpi), QPageSize::Point});
        writer.setPageMargins({});
        writer.setTitle(accessibleName());
        QCPPainter painter;
        written = painter.begin(&writer);
        painter.setMode(QCPPainter::pmVectorized);
        renderWith(theme::themeOf(theme::Scheme::Light));
        m_plot->toPainter(&painter, width(), height());
        written = painter.end() && written;
        renderWith(currentTheme());
    } else {
        written = image(size(), kPrintScale).save(&file, "PNG");
    }
    if (!written)
        file.cancelWriting();
    return file.commit() && written ? domain::Status{domain::Nothing{}} : notWritten(file);
}

int Chart::hitAt(const QPoint& place) const
{
    if (isEmpty())
        return -1;
    const QCPAxis& keys = *m_plot->xAxis;
    const QCPAxis& values = *m_plot->yAxis;
    const double key = keys.pixelToCoord(place.x());
    const double value = values.pixelToCoord(place.y());
    const double unit = std::abs(keys.pixelToCoord(place.x() + 1) - key);
    const double pixelsPerKey = unit > 0 ? 1 / unit : 0;
    if (m_hitByKey)
        return nearestPoint(m_points, key, value, pixelsPerKey, 0, kReach);
    if (values.scaleType() == QCPAxis::stLinear) {
        const double step = std::abs(values.pixelToCoord(place.y() + 1) - value);
        return nearestPoint(m_points, key, value, pixelsPerKey, step > 0 ? 1 / step : 0, kReach);
    }
    // On a logarithmic axis a unit has no one length: the points are compared where they stand on screen.
    std::vector<ChartPoint> near;
    std::vector<int> origin;
    const auto from = std::lower_bound(m_points.begin(), m_points.end(), keys.pixelToCoord(place.x() - kReach),
                                       [](const ChartPoint& point, double at) { return point.key < at; });
    for (auto point = from; point != m_points.end() && keys.coordToPixel(point->key) <= place.x() + kReach; ++point) {
        near.push_back({keys.coordToPixel(point->key), values.coordToPixel(point->value), point->index, point->line});
        origin.push_back(static_cast<int>(point - m_points.begin()));
    }
    const int hit = nearestPoint(near, place.x(), place.y(), 1, 1, kReach);
    return hit < 0 ? -1 : origin[static_cast<std::size_t>(hit)];
}

int Chart::pointAt(const QPoint& place) const
{
    const int hit = hitAt(place);
    return hit < 0 ? -1 : m_points[static_cast<std::size_t>(hit)].index;
}

domain::UtcTime Chart::timeAt(int x) const
{
    const QRect axes = m_plot->axisRect()->rect();
    return timeOfSeconds(m_plot->xAxis->pixelToCoord(std::clamp(x, axes.left(), axes.right() + 1)));
}

void Chart::hover(const QPoint& place)
{
    const int hit = hitAt(place);
    if (hit == m_hovered)
        return;
    m_hovered = hit;
    m_overlay->update();
    emit pointHovered(hit < 0 ? -1 : m_points[static_cast<std::size_t>(hit)].index);
}

void Chart::leave()
{
    m_hoverPause.stop();
    m_hovered = -1;
    m_overlay->update();
}

void Chart::press(const QPoint& place)
{
    setFocus(Qt::MouseFocusReason);
    m_brushStart = place.x();
    m_brushEnd = place.x();
}

void Chart::release(const QPoint& place)
{
    if (!m_brushStart)
        return;
    const int start = *m_brushStart;
    m_brushStart.reset();
    m_overlay->update();
    const bool dragged = std::abs(place.x() - start) > kBrushThreshold;
    if (dragged && m_brushable && m_timeKeyed) {
        emit brushed({timeAt(std::min(start, place.x())), timeAt(std::max(start, place.x()))});
        return;
    }
    if (dragged)
        return;
    if (const int hit = hitAt(place); hit >= 0)
        select(m_points[static_cast<std::size_t>(hit)].index);
    else if (!m_scrubbable)
        select(-1);
    if (m_scrubbable && m_plot->axisRect()->rect().contains(place))
        emit scrubbed(timeAt(place.x()));
}

void Chart::select(int index)
{
    if (index == m_selected)
        return;
    setSelected(index);
    emit pointSelected(index);
}

void Chart::moveSelection(int steps)
{
    if (m_lastIndex < 0)
        return;
    const int from = m_selected < 0 ? (steps > 0 ? -1 : m_lastIndex + 1) : m_selected;
    select(std::clamp(from + steps, 0, m_lastIndex));
}

void Chart::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Down: moveSelection(1); break;
    case Qt::Key_Left:
    case Qt::Key_Up: moveSelection(-1); break;
    case Qt::Key_Home: moveSelection(-m_lastIndex - 1); break;
    case Qt::Key_End: moveSelection(m_lastIndex + 1); break;
    case Qt::Key_Escape:
        if (m_selected >= 0) {
            select(-1);
            break;
        }
        [[fallthrough]];
    default: QWidget::keyPressEvent(event);
    }
}

void Chart::takeMouse(const QEvent& event)
{
    const auto& mouse = static_cast<const QMouseEvent&>(event);
    const QPoint place = mouse.position().toPoint();
    if (event.type() == QEvent::MouseButtonPress && mouse.button() == Qt::LeftButton)
        press(place);
    else if (event.type() == QEvent::MouseButtonRelease && mouse.button() == Qt::LeftButton)
        release(place);
    if (event.type() != QEvent::MouseMove)
        return;
    m_mouse = place;
    if (m_brushStart && m_brushable) {
        m_brushEnd = place.x();
        m_overlay->update();
    } else if (!m_hoverPause.isActive()) {
        hover(place);
        m_hoverPause.start();
    }
}

bool Chart::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_overlay || isEmpty())
        return QWidget::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseMove: takeMouse(*event); return true;
    case QEvent::Leave: leave(); break;
    default: break;
    }
    return QWidget::eventFilter(watched, event);
}

void Chart::resizeEvent(QResizeEvent*)
{
    m_plot->setGeometry(rect());
    m_overlay->setGeometry(rect());
}

void Chart::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        rebuild();
}

void Chart::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    m_overlay->update();
}

void Chart::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    m_overlay->update();
}

} // namespace scr::charts
