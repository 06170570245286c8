#pragma once

#include <functional>
#include <optional>

#include <QString>
#include <QWidget>

#include "domain/time.h"

class QAbstractButton;

namespace scr::widgets {

enum class TimePreset { LastHour, LastDay, LastWeek, LastMonth, AllTime, Custom };
[[nodiscard]] QString titleOf(TimePreset preset);

class TimeRangeFace;

/// Time range of the whole window, in UTC: name and span, a popup with presets and two fields, arrows that step by its length.
class TimeRangeButton : public QWidget {
    Q_OBJECT
public:
    using Now = std::function<domain::UtcTime()>;
    explicit TimeRangeButton(Now now, QWidget* parent = nullptr);

    void setPreset(TimePreset preset);             ///< emits rangeChanged when the range changes
    void setRange(const domain::TimeRange& range); ///< becomes Custom, or AllTime when open at both ends
    [[nodiscard]] const domain::TimeRange& range() const noexcept { return m_range; }
    [[nodiscard]] TimePreset preset() const noexcept { return m_preset; }
    void step(int direction); ///< -1 earlier, +1 later; nothing while an end is open
    void openPopup();

signals:
    void rangeChanged(const scr::domain::TimeRange& range);

private:
    void take(TimePreset preset, const domain::TimeRange& range);
    void updateFace();

    Now m_now;
    domain::TimeRange m_range;
    TimePreset m_preset = TimePreset::AllTime;
    QAbstractButton* m_earlier{};
    TimeRangeFace* m_face{};
    QAbstractButton* m_later{};
};

/// "11 Mar 14:20 – 12 Mar 14:20 UTC"; open ends as "until …" and "since …", both open: empty.
[[nodiscard]] QString spanText(const domain::TimeRange& range);

} // namespace scr::widgets
