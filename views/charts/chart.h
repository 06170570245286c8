#pragma once

#include <optional>
#include <vector>

#include <QImage>
#include <QPolygonF>
#include <QString>
#include <QStringList>
#include <QTimer>
#include <QWidget>

#include "charts/legend.h"
#include "domain/result.h"
#include "domain/time.h"
#include "theme/theme.h"

class QCustomPlot;

namespace scr::charts {

class ChartOverlay;

/// A place of the picture that can be pointed at: plot coordinates, what its tooltip says, and the index of the row it stands
/// for.
struct ChartPoint {
    double key{};
    double value{};
    int index{};
    int line{}; ///< points of one line light up together; -1: stands alone

    friend bool operator==(const ChartPoint&, const ChartPoint&) = default;
};

/// Index into `points` (sorted by key) of the one nearest to a place on screen, nearer than `reach` pixels; -1: none. The scales
/// turn plot units into pixels, so that near means what it means to the eye.
[[nodiscard]] int nearestPoint(const std::vector<ChartPoint>& points, double key, double value, double pixelsPerKey,
                               double pixelsPerValue, double reach);

/// What all charts share: colours from the palette, nearest point under the mouse with tooltip and ring, selection that a table
/// can mirror, brushing, export with the light print palette, an empty state, and words for those who cannot see it.
class Chart : public QWidget {
    Q_OBJECT
public:
    ~Chart() override;

    /// Row of the table twin that is ringed; -1: none. Does not emit.
    void setSelected(int index);
    [[nodiscard]] int selected() const noexcept { return m_selected; }
    void setEmptyText(const QString& text);
    void setBrushable(bool brushable); ///< a drag across emits brushed()
    /// A vertical line at that moment that charts of one page share; none removes it. Does not emit.
    void setScrub(std::optional<domain::UtcTime> moment);
    /// What the picture says, in a sentence; also its accessible description.
    [[nodiscard]] QString summary() const { return m_summary; }
    /// Writes a .png at twice the size or a .pdf, in the colours for paper. Where it cannot, nothing is left there.
    [[nodiscard]] domain::Status save(const QString& path);
    /// The picture for a document, in the colours for paper.
    [[nodiscard]] QImage image(const QSize& size, double scale);
    /// What the marks mean, for a Legend beside the chart's title.
    [[nodiscard]] virtual std::vector<LegendEntry> legend() const;
    /// Nearest point to a place of the widget, -1 when nothing is near; what the mouse does, for tests and keyboard.
    [[nodiscard]] int pointAt(const QPoint& place) const;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void pointSelected(int index); ///< by mouse or keyboard; -1 when nothing is selected any more
    void pointHovered(int index);
    void brushed(const scr::domain::TimeRange& range);
    void scrubbed(scr::domain::UtcTime moment);

protected:
    explicit Chart(QWidget* parent);

    /// Draws everything anew into an empty plot in the colours of `theme`.
    virtual void build(QCustomPlot& plot, const theme::Theme& theme) = 0;
    [[nodiscard]] virtual bool isEmpty() const = 0;
    [[nodiscard]] virtual QStringList tooltipOf(const ChartPoint& point) const = 0;
    /// The way of a line that lights up, in plot coordinates; empty where points stand alone.
    [[nodiscard]] virtual std::vector<QPolygonF> pathOf(int line) const;

    void rebuild(); ///< after new data
    void setSummary(const QString& summary);
    void setPoints(std::vector<ChartPoint> points);                      ///< in any order
    void setTimeKeyed(bool timeKeyed) { m_timeKeyed = timeKeyed; }       ///< keys are seconds since the epoch
    void setHitByKey(bool byKey) { m_hitByKey = byKey; }                 ///< a bar is meant wherever above it the mouse is
    void setSelectionLights(bool lights) { m_selectionLights = lights; } ///< the selected index is a line, which lights up
    void setScrubbable(bool scrubbable) { m_scrubbable = scrubbable; }   ///< a click emits scrubbed()
    [[nodiscard]] QCustomPlot& plot() const { return *m_plot; }
    [[nodiscard]] const theme::Theme& currentTheme() const;

    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    friend class ChartOverlay;
    void hover(const QPoint& place);
    void leave();
    void press(const QPoint& place);
    void release(const QPoint& place);
    void select(int index);
    void moveSelection(int steps);
    void takeMouse(const QEvent& event);
    [[nodiscard]] int hitAt(const QPoint& place) const; ///< into m_points
    [[nodiscard]] domain::UtcTime timeAt(int x) const;
    void renderWith(const theme::Theme& theme);

    QCustomPlot* m_plot{};
    ChartOverlay* m_overlay{};
    std::vector<ChartPoint> m_points;
    QString m_summary;
    QString m_emptyText;
    std::optional<double> m_scrub;
    std::optional<int> m_brushStart;
    int m_brushEnd{};
    int m_selected = -1;
    int m_hovered = -1; ///< into m_points
    int m_lastIndex = -1;
    QPoint m_mouse;
    QTimer m_hoverPause;
    bool m_scrubbable{};
    bool m_hitByKey{};
    bool m_selectionLights{};
    bool m_brushable{};
    bool m_timeKeyed = true;
};

} // namespace scr::charts
