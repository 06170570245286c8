#pragma once

#include <QFrame>

#include "domain/time.h"
#include "widgets/time_range_button.h"

class QLabel;
class QLineEdit;
class QListWidget;

namespace scr::widgets {

/// Presets at the left, two fields in UTC at the right.
class TimeRangePopup : public QFrame {
    Q_OBJECT
public:
    TimeRangePopup(TimePreset preset, const domain::TimeRange& range, QWidget* parent);

signals:
    void presetChosen(scr::widgets::TimePreset preset);
    void rangeChosen(const scr::domain::TimeRange& range);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void addPresets(TimePreset preset);
    QWidget* makeFields(const domain::TimeRange& range);
    void apply();

    QListWidget* m_presets{};
    QLineEdit* m_from{};
    QLineEdit* m_to{};
    QLabel* m_error{};
};

} // namespace scr::widgets
