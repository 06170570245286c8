#include <algorithm>

#include <QLineEdit>
#include <QPainter>
#include <QPlainTextEdit>
#include <QStyleOption>
#include <QTextEdit>

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/style.h"
#include "theme/style_paint.h"

namespace scr::theme::paint {

namespace {

constexpr double kGroove = 6;
constexpr double kSliderGroove = 4;
constexpr double kChevron = 14;

void fieldBox(QPainter& painter, const QRectF& rect, const Theme& theme, QStyle::State state, bool invalid)
{
    const bool enabled = state & QStyle::State_Enabled;
    const QColor edge = !enabled ? theme[Role::Line] : invalid ? theme[Role::DangerFill] : theme[Role::ControlEdge];
    box(painter, rect, enabled ? theme[Role::Base] : theme[Role::Window], edge);
    if (enabled && (state & QStyle::State_HasFocus))
        ring(painter, rect, kRadius - 1, invalid ? theme[Role::DangerFill] : theme[Role::Focus]);
}

} // namespace

void field(QPainter& painter, const QStyleOption& option, const QWidget* widget)
{
    const auto* panel = qstyleoption_cast<const QStyleOptionFrame*>(&option);
    if (panel != nullptr && panel->lineWidth <= 0)
        return; // a line edit inside another field: that one draws
    const bool invalid = widget != nullptr && widget->property(kInvalidProperty).toBool();
    fieldBox(painter, option.rect, themeOf(option.palette), option.state, invalid);
}

void frame(QPainter& painter, const QStyleOption& option, const QWidget* widget)
{
    const Theme& theme = themeOf(option.palette);
    const bool isText =
        qobject_cast<const QPlainTextEdit*>(widget) != nullptr || qobject_cast<const QTextEdit*>(widget) != nullptr;
    if (isText) {
        QStyle::State state = option.state;
        state.setFlag(QStyle::State_HasFocus, widget->hasFocus());
        fieldBox(painter, option.rect, theme, state, widget->property(kInvalidProperty).toBool());
        return;
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(theme[Role::LineStrong]);
    painter.drawRect(option.rect.adjusted(0, 0, -1, -1));
}

void comboBox(QPainter& painter, const QStyleOptionComboBox& option)
{
    const Theme& theme = themeOf(option.palette);
    const bool enabled = option.state & QStyle::State_Enabled;
    if (option.frame)
        fieldBox(painter, option.rect, theme, option.state, false);
    const QRectF arrow{option.rect.right() - kChevron - 7, option.rect.top() + (option.rect.height() - kChevron) / 2, kChevron,
                       kChevron};
    drawIcon(painter, arrow, Icon::ChevronDown, theme[enabled ? Role::Text2 : Role::Disabled]);
}

void spinBox(QPainter& painter, const QStyleOptionSpinBox& option, const QWidget* widget)
{
    const Theme& theme = themeOf(option.palette);
    const bool invalid = widget != nullptr && widget->property(kInvalidProperty).toBool();
    if (option.frame)
        fieldBox(painter, option.rect, theme, option.state, invalid);
    if (option.buttonSymbols == QAbstractSpinBox::NoButtons)
        return;
    const auto tint = [&](QAbstractSpinBox::StepEnabledFlag step) {
        return theme[option.state & QStyle::State_Enabled && option.stepEnabled & step ? Role::Text2 : Role::Disabled];
    };
    const double x = option.rect.right() - 18;
    const double middle = option.rect.top() + option.rect.height() / 2.0;
    drawIcon(painter, QRectF{x, middle - 11, 11, 11}, Icon::ChevronUp, tint(QAbstractSpinBox::StepUpEnabled));
    drawIcon(painter, QRectF{x, middle, 11, 11}, Icon::ChevronDown, tint(QAbstractSpinBox::StepDownEnabled));
}

void slider(QPainter& painter, const QStyleOptionSlider& option, const QRectF& groove, const QRectF& handle)
{
    const Theme& theme = themeOf(option.palette);
    const bool across = option.orientation == Qt::Horizontal;
    QRectF bar = groove;
    if (across)
        bar = {groove.left(), groove.center().y() - kSliderGroove / 2, groove.width(), kSliderGroove};
    else
        bar = {groove.center().x() - kSliderGroove / 2, groove.top(), kSliderGroove, groove.height()};
    painter.fillRect(bar, theme[Role::LineStrong]);
    QRectF done = bar;
    if (across)
        done.setRight(handle.center().x());
    else
        done.setTop(handle.center().y());
    painter.fillRect(done, theme[option.state & QStyle::State_Enabled ? Role::AccentFill : Role::Disabled]);
    box(painter, handle, theme[option.state & QStyle::State_Sunken ? Role::Press : Role::Raised], theme[Role::ControlEdge]);
    if (option.state & QStyle::State_HasFocus)
        ring(painter, handle, kRadius - 1, theme[Role::Focus]);
}

void scrollBar(QPainter& painter, const QStyleOptionSlider& option, const QRectF& handle)
{
    const Theme& theme = themeOf(option.palette);
    painter.fillRect(option.rect, theme[Role::Base]);
    if (option.maximum <= option.minimum)
        return;
    const bool held = option.activeSubControls & QStyle::SC_ScrollBarSlider;
    const QRectF bar = option.orientation == Qt::Vertical ? handle.adjusted(2, 2, -2, -2) : handle.adjusted(2, 2, -2, -2);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme[held ? Role::ControlEdge : Role::LineStrong]);
    painter.drawRoundedRect(bar, 3, 3);
    painter.restore();
}

void progressBar(QPainter& painter, const QStyleOptionProgressBar& option)
{
    const Theme& theme = themeOf(option.palette);
    const QRectF rect{option.rect};
    const QRectF groove{rect.left(), rect.center().y() - kGroove / 2, rect.width(), kGroove};
    const bool known = option.maximum > option.minimum;
    painter.fillRect(groove, theme[Role::Press]);
    if (!known) {
        painter.fillRect(groove, theme[Role::InfoLine]);
        return;
    }
    const double done = static_cast<double>(option.progress - option.minimum) / (option.maximum - option.minimum);
    const QRectF chunk{groove.left(), groove.top(), groove.width() * std::clamp(done, 0.0, 1.0), kGroove};
    painter.fillRect(chunk, theme[option.state & QStyle::State_Enabled ? Role::AccentFill : Role::Disabled]);
}

} // namespace scr::theme::paint
