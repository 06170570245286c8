#pragma once

#include <functional>

#include <QColor>
#include <QString>
#include <qcustomplot.h>

#include "domain/keys.h"
#include "domain/time.h"
#include "theme/theme.h"

/// Shared pieces of our charts. For .cpp files only, as the library's header is.
namespace scr::charts {

/// Something painted by hand in the plot's own picture, so that it is part of an export too.
class Painted : public QCPAbstractItem {
public:
    using Draw = std::function<void(QCPPainter&)>;
    Painted(QCustomPlot& plot, const char* layer, Draw draw, bool clipped = false);
    [[nodiscard]] double selectTest(const QPointF& place, bool onlySelectable, QVariant* details = nullptr) const override;

protected:
    void draw(QCPPainter* painter) override;

private:
    Draw m_draw;
};

/// Adds a Painted, which the plot owns. Layers from below: "background", "grid", "main", "axes", "overlay".
void addPainted(QCustomPlot& plot, const char* layer, Painted::Draw draw, bool clipped = false);

/// The bottom axis line with ticks outside; the left one only as grid and labels; no box.
void styleAxes(QCustomPlot& plot, const theme::Theme& theme, bool keyGrid, bool valueGrid);
void setMargins(QCustomPlot& plot, int left, int top, int right, int bottom);
/// UTC ticks whose words suit the length of the axis.
void setTimeTicks(QCustomPlot& plot, double from, double to);

[[nodiscard]] double secondsOf(domain::UtcTime time);
[[nodiscard]] domain::UtcTime timeOfSeconds(double seconds);
/// "12 Mar 14:20:07.123" (UTC).
[[nodiscard]] QString momentText(domain::UtcTime time, bool withMillis);
/// "0.57 s", "18.2 s", "4 min 10 s".
[[nodiscard]] QString secondsText(double seconds);
[[nodiscard]] QString shownText(const std::string& untrusted);
/// A post's title, or "post 7" where the site has none.
[[nodiscard]] QString postName(const std::string& title, const domain::PostKey& post);
[[nodiscard]] QString elided(const QString& text, const QFont& font, double width);

/// Every seventh name is too much: labels 1, 2, 5, 10, 20 … apart so that at most `most` fit.
[[nodiscard]] int stepFor(int count, int most);

} // namespace scr::charts
