#include "widgets/time_range_button.h"

#include <QAbstractButton>
#include <QDateTime>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QToolButton>

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/time_range_popup.h"

namespace scr::widgets {

namespace {

using namespace std::chrono_literals;
using theme::Role;
using theme::Type;

constexpr int kPaddingX = 9;
constexpr int kTextX = 30;

std::optional<domain::Micros> lengthOf(TimePreset preset)
{
    switch (preset) {
    case TimePreset::LastHour: return 1h;
    case TimePreset::LastDay: return 24h;
    case TimePreset::LastWeek: return 7 * 24h;
    case TimePreset::LastMonth: return 30 * 24h;
    case TimePreset::AllTime:
    case TimePreset::Custom: break;
    }
    return std::nullopt;
}

QString momentText(domain::UtcTime time, bool withYear)
{
    const QDateTime moment = QDateTime::fromMSecsSinceEpoch(domain::microsOf(time) / 1000, Qt::UTC);
    return QLocale::c().toString(moment, withYear ? QStringLiteral("d MMM yyyy HH:mm") : QStringLiteral("d MMM HH:mm"));
}

int yearOf(domain::UtcTime time)
{
    return QDateTime::fromMSecsSinceEpoch(domain::microsOf(time) / 1000, Qt::UTC).date().year();
}

} // namespace

/// The middle of the control: clock, name, span, chevron.
class TimeRangeFace : public QAbstractButton {
public:
    explicit TimeRangeFace(QWidget* parent) : QAbstractButton{parent}
    {
        setFixedHeight(theme::kButton);
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
    }
    void present(const QString& name, const QString& span)
    {
        m_span = span;
        setText(name);
        setAccessibleName(tr("Time range: %1 %2").arg(name, span));
        updateGeometry();
        update();
    }
    [[nodiscard]] QSize sizeHint() const override
    {
        const int name = QFontMetrics{theme::fontOf(Type::BodyStrong)}.horizontalAdvance(text());
        const int span = m_span.isEmpty() ? 0 : 8 + QFontMetrics{theme::fontOf(Type::Dense)}.horizontalAdvance(m_span);
        return {kTextX + name + span + 30, theme::kButton};
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const theme::Theme& theme = theme::themeOf(palette());
        QPainter painter{this};
        painter.setRenderHint(QPainter::Antialiasing);
        const double half = hasFocus() ? 1 : 0.5;
        painter.setPen(QPen{theme[hasFocus() ? Role::Focus : Role::LineStrong], 2 * half});
        painter.setBrush(theme[isDown() ? Role::Press : underMouse() ? Role::Hover : Role::Raised]);
        painter.drawRoundedRect(QRectF{rect()}.adjusted(half, half, -half, -half), theme::kRadius - half, theme::kRadius - half);
        theme::drawIcon(painter, QRectF(kPaddingX, 7, 14, 14), theme::Icon::Clock, theme[Role::Text2]);
        painter.setFont(theme::fontOf(Type::BodyStrong));
        painter.setPen(theme[Role::Text]);
        painter.drawText(QRect{kTextX, 0, width(), height()}, Qt::AlignLeft | Qt::AlignVCenter, text());
        const int x = kTextX + QFontMetrics{painter.font()}.horizontalAdvance(text()) + 8;
        painter.setFont(theme::fontOf(Type::Dense));
        painter.setPen(theme[Role::Text3]);
        painter.drawText(QRect{x, 0, width() - x - 24, height()}, Qt::AlignLeft | Qt::AlignVCenter, m_span);
        theme::drawIcon(painter, QRectF(width() - 21, 8, 12, 12), theme::Icon::ChevronDown, theme[Role::Text2]);
    }

private:
    QString m_span;
};

QString titleOf(TimePreset preset)
{
    switch (preset) {
    case TimePreset::LastHour: return TimeRangeButton::tr("Last hour");
    case TimePreset::LastDay: return TimeRangeButton::tr("Last 24 hours");
    case TimePreset::LastWeek: return TimeRangeButton::tr("Last 7 days");
    case TimePreset::LastMonth: return TimeRangeButton::tr("Last 30 days");
    case TimePreset::AllTime: return TimeRangeButton::tr("All time");
    case TimePreset::Custom: return TimeRangeButton::tr("Custom");
    }
    return {};
}

QString spanText(const domain::TimeRange& range)
{
    if (range.isAll())
        return {};
    if (!range.from)
        return TimeRangeButton::tr("until %1 UTC").arg(momentText(*range.to, true));
    if (!range.to)
        return TimeRangeButton::tr("since %1 UTC").arg(momentText(*range.from, true));
    const bool oneYear = yearOf(*range.from) == yearOf(*range.to);
    return QStringLiteral("%1 – %2 UTC").arg(momentText(*range.from, !oneYear), momentText(*range.to, !oneYear));
}

TimeRangeButton::TimeRangeButton(Now now, QWidget* parent) :
    QWidget{parent}, m_now{std::move(now)}, m_face{new TimeRangeFace{this}}
{
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    QToolButton* earlier = makeToolButton(theme::Icon::ChevronLeft, tr("Earlier by one range"), this);
    QToolButton* later = makeToolButton(theme::Icon::ChevronRight, tr("Later by one range"), this);
    for (QToolButton* arrow : {earlier, later})
        arrow->setFixedSize(20, theme::kButton);
    m_earlier = earlier;
    m_later = later;
    layout->addWidget(earlier);
    layout->addWidget(m_face);
    layout->addWidget(later);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setFocusProxy(m_face);
    connect(earlier, &QToolButton::clicked, this, [this] { step(-1); });
    connect(later, &QToolButton::clicked, this, [this] { step(1); });
    connect(m_face, &QAbstractButton::clicked, this, &TimeRangeButton::openPopup);
    updateFace();
}

void TimeRangeButton::setPreset(TimePreset preset)
{
    if (preset == TimePreset::Custom)
        return;
    domain::TimeRange range;
    if (const auto length = lengthOf(preset)) {
        const domain::UtcTime now = m_now();
        range = {now - *length, now};
    }
    take(preset, range);
}

void TimeRangeButton::setRange(const domain::TimeRange& range)
{
    take(range.isAll() ? TimePreset::AllTime : TimePreset::Custom, range);
}

void TimeRangeButton::step(int direction)
{
    if (!m_range.from || !m_range.to)
        return;
    const domain::Micros length = (*m_range.to - *m_range.from) * direction;
    take(TimePreset::Custom, {*m_range.from + length, *m_range.to + length});
}

void TimeRangeButton::take(TimePreset preset, const domain::TimeRange& range)
{
    const bool changed = range != m_range;
    m_preset = preset;
    m_range = range;
    updateFace();
    if (changed)
        emit rangeChanged(m_range);
}

void TimeRangeButton::updateFace()
{
    m_face->present(titleOf(m_preset), spanText(m_range));
    const bool bounded = m_range.from && m_range.to;
    m_earlier->setEnabled(bounded);
    m_later->setEnabled(bounded);
}

void TimeRangeButton::openPopup()
{
    auto* popup = new TimeRangePopup{m_preset, m_range, this};
    connect(popup, &TimeRangePopup::presetChosen, this, &TimeRangeButton::setPreset);
    connect(popup, &TimeRangePopup::rangeChosen, this, &TimeRangeButton::setRange);
    popup->move(m_face->mapToGlobal(QPoint{0, m_face->height() + 2}));
    popup->QFrame::show();
}

} // namespace scr::widgets
