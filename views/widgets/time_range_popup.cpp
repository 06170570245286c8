#include "widgets/time_range_popup.h"

#include <optional>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/metrics.h"
#include "theme/style.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"

namespace scr::widgets {

namespace {

using theme::Role;
using theme::Type;

constexpr int kPresetWidth = 128;
constexpr int kFieldWidth = 232;

QString fieldText(const std::optional<domain::UtcTime>& time)
{
    return time ? QString::fromStdString(domain::isoText(*time)) : QString{};
}

struct Read {
    std::optional<domain::UtcTime> time;
    QString error;
};

Read readField(const QLineEdit& field)
{
    const QString text = field.text().trimmed();
    if (text.isEmpty())
        return {};
    const auto time = domain::parseTime(text.toStdString());
    return time ? Read{*time, {}} : Read{std::nullopt, QString::fromStdString(domain::sentenceOf(time.error()))};
}

} // namespace

TimeRangePopup::TimeRangePopup(TimePreset preset, const domain::TimeRange& range, QWidget* parent) : QFrame{parent, Qt::Popup}
{
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(0);
    m_presets = new QListWidget{this};
    m_presets->setFrameShape(QFrame::NoFrame);
    m_presets->setFixedWidth(kPresetWidth);
    addPresets(preset);
    layout->addWidget(m_presets);
    layout->addWidget(new Rule{Qt::Vertical, Role::Line, this});
    layout->addWidget(makeFields(range));
    connect(m_presets, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) {
        emit presetChosen(static_cast<TimePreset>(item->data(Qt::UserRole).toInt()));
        close();
    });
    connect(m_presets, &QListWidget::itemActivated, m_presets, &QListWidget::itemClicked);
    m_presets->setFocus();
}

void TimeRangePopup::addPresets(TimePreset preset)
{
    for (const TimePreset one :
         {TimePreset::LastHour, TimePreset::LastDay, TimePreset::LastWeek, TimePreset::LastMonth, TimePreset::AllTime}) {
        auto* item = new QListWidgetItem{titleOf(one), m_presets};
        item->setData(Qt::UserRole, static_cast<int>(one));
        item->setSizeHint({kPresetWidth, theme::kButton});
        if (one == preset)
            m_presets->setCurrentItem(item);
    }
}

QWidget* TimeRangePopup::makeFields(const domain::TimeRange& range)
{
    auto* box = new QWidget{this};
    auto* layout = new QVBoxLayout{box};
    layout->setContentsMargins(theme::kPanePadding, 12, theme::kPanePadding, 12);
    layout->setSpacing(4);
    m_from = new QLineEdit{fieldText(range.from), box};
    m_to = new QLineEdit{fieldText(range.to), box};
    m_from->setPlaceholderText(tr("the beginning"));
    m_to->setPlaceholderText(tr("now and on"));
    const auto add = [&](const QString& name, QLineEdit* field) {
        auto* label = new TextLabel{name, Type::Caption, Role::Text3, box};
        label->setBuddy(field);
        field->setAccessibleName(name);
        field->setFixedWidth(kFieldWidth);
        layout->addWidget(label);
        layout->addWidget(field);
        connect(field, &QLineEdit::returnPressed, this, &TimeRangePopup::apply);
    };
    add(tr("From, UTC (included)"), m_from);
    add(tr("To, UTC (not included)"), m_to);
    m_error = new TextLabel{tr("2026-03-12, 2026-03-12 14:20 or with +05:30"), Type::Caption, Role::Text3, box};
    m_error->setWordWrap(true);
    m_error->setMinimumHeight(32);
    m_error->setFixedWidth(kFieldWidth);
    layout->addWidget(m_error);
    QPushButton* button = makeButton(tr("Apply"), box, theme::ButtonKind::Accent);
    connect(button, &QPushButton::clicked, this, &TimeRangePopup::apply);
    layout->addWidget(button, 0, Qt::AlignRight);
    return box;
}

void TimeRangePopup::apply()
{
    const Read from = readField(*m_from);
    const Read to = readField(*m_to);
    const bool backwards = from.time && to.time && *from.time >= *to.time;
    theme::setInvalid(*m_from, !from.error.isEmpty());
    theme::setInvalid(*m_to, !to.error.isEmpty() || backwards);
    QString error = from.error.isEmpty() ? to.error : from.error;
    if (error.isEmpty() && backwards)
        error = tr("The range ends before it begins. Let it end later.");
    if (error.isEmpty()) {
        emit rangeChosen({from.time, to.time});
        close();
        return;
    }
    m_error->setText(error);
    static_cast<TextLabel*>(m_error)->setRole(Role::DangerText);
}

void TimeRangePopup::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.fillRect(rect(), theme[Role::Raised]);
    painter.setPen(theme[Role::LineStrong]);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

} // namespace scr::widgets
