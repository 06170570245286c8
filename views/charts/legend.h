#pragma once

#include <vector>

#include <QString>
#include <QWidget>

#include "theme/theme.h"

namespace scr::charts {

struct LegendEntry {
    enum class Mark { Disc, Ring, Box, Frame, Line, Dash };
    Mark mark = Mark::Disc;
    theme::Role color = theme::Role::SeriesNormal;
    QString text;
};

/// One row, right aligned, to stand beside a chart's title.
class Legend : public QWidget {
    Q_OBJECT
public:
    explicit Legend(QWidget* parent = nullptr);
    void show(std::vector<LegendEntry> entries);
    using QWidget::show;
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<LegendEntry> m_entries;
};

} // namespace scr::charts
