#include "theme/style.h"

#include <algorithm>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QEvent>
#include <QFocusFrame>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>
#include <QToolButton>

#include "theme/metrics.h"
#include "theme/style_paint.h"

namespace scr::theme {

namespace {

constexpr int kScrollBar = 10;
constexpr int kScrollHandle = 28;
constexpr int kFocusMargin = 3;
constexpr int kIndicator = 14;
constexpr int kGroupTitle = 28;
constexpr int kSliderLength = 12;

bool hasOuterRing(const QWidget* widget)
{
    return qobject_cast<const QPushButton*>(widget) != nullptr || qobject_cast<const QToolButton*>(widget) != nullptr;
}

const char* nameOf(ButtonKind kind)
{
    switch (kind) {
    case ButtonKind::Normal: return "";
    case ButtonKind::Accent: return "accent";
    case ButtonKind::Danger: return "danger";
    case ButtonKind::Flat: return "flat";
    }
    return "";
}

/// A button keeps its size hint until text or icon are set, and does not know of our properties.
void forgetSize(QAbstractButton& button)
{
    button.setIcon(button.icon());
}

QRect scrollHandle(const QStyleOptionSlider& option)
{
    const bool upright = option.orientation == Qt::Vertical;
    const int length = upright ? option.rect.height() : option.rect.width();
    const double span = static_cast<double>(option.maximum) - option.minimum + option.pageStep;
    const int handle =
        span > 0 ? std::clamp(static_cast<int>(length * (option.pageStep / span)), std::min(kScrollHandle, length), length)
                 : length;
    const int start = QStyle::sliderPositionFromValue(option.minimum, option.maximum, option.sliderPosition, length - handle,
                                                      option.upsideDown);
    return upright ? QRect{option.rect.left(), option.rect.top() + start, option.rect.width(), handle}
                   : QRect{option.rect.left() + start, option.rect.top(), handle, option.rect.height()};
}

QRect scrollBarRect(const QStyleOptionSlider& option, QStyle::SubControl sub)
{
    const QRect handle = scrollHandle(option);
    const bool upright = option.orientation == Qt::Vertical;
    switch (sub) {
    case QStyle::SC_ScrollBarSlider: return handle;
    case QStyle::SC_ScrollBarGroove: return option.rect;
    case QStyle::SC_ScrollBarSubPage:
        return upright ? QRect{option.rect.topLeft(), QPoint{option.rect.right(), handle.top() - 1}}
                       : QRect{option.rect.topLeft(), QPoint{handle.left() - 1, option.rect.bottom()}};
    case QStyle::SC_ScrollBarAddPage:
        return upright ? QRect{QPoint{option.rect.left(), handle.bottom() + 1}, option.rect.bottomRight()}
                       : QRect{QPoint{handle.right() + 1, option.rect.top()}, option.rect.bottomRight()};
    default: return {};
    }
}

} // namespace

void setKind(QAbstractButton& button, ButtonKind kind)
{
    button.setProperty(kKindProperty, QString::fromLatin1(nameOf(kind)));
    forgetSize(button);
}

void setKeyHint(QAbstractButton& button, const QString& key)
{
    button.setProperty(kKeyHintProperty, key);
    forgetSize(button);
}

void setSmall(QAbstractButton& button, bool small)
{
    button.setProperty(kSmallProperty, small);
    forgetSize(button);
}

void setInvalid(QWidget& field, bool invalid)
{
    field.setProperty(kInvalidProperty, invalid);
    field.update();
}

ScrutineerStyle::ScrutineerStyle() : QProxyStyle{QStyleFactory::create(QStringLiteral("Fusion"))} {}

void ScrutineerStyle::polish(QWidget* widget)
{
    QProxyStyle::polish(widget);
    if (qobject_cast<QAbstractButton*>(widget) != nullptr || qobject_cast<QTabBar*>(widget) != nullptr ||
        qobject_cast<QScrollBar*>(widget) != nullptr)
        widget->setAttribute(Qt::WA_Hover);
    if (auto* tabs = qobject_cast<QTabBar*>(widget))
        tabs->setExpanding(false);
    if (hasOuterRing(widget))
        widget->installEventFilter(this);
}

void ScrutineerStyle::unpolish(QWidget* widget)
{
    widget->removeEventFilter(this);
    QProxyStyle::unpolish(widget);
}

bool ScrutineerStyle::eventFilter(QObject* watched, QEvent* event)
{
    auto* const widget = qobject_cast<QWidget*>(watched);
    if (widget != nullptr && event->type() == QEvent::FocusIn) {
        if (m_ring == nullptr)
            m_ring = new QFocusFrame{widget->window()};
        m_ring->setWidget(widget);
    } else if (widget != nullptr && m_ring != nullptr && event->type() == QEvent::FocusOut && m_ring->widget() == widget) {
        m_ring->setWidget(nullptr);
    }
    return QProxyStyle::eventFilter(watched, event);
}

void ScrutineerStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                    const QWidget* widget) const
{
    const Theme& theme = themeOf(option->palette);
    switch (element) {
    case PE_PanelLineEdit: paint::field(*painter, *option, widget); return;
    case PE_Frame:
    case PE_FrameLineEdit: paint::frame(*painter, *option, widget); return;
    case PE_FrameMenu:
    case PE_FrameTabWidget:
    case PE_FrameGroupBox:
    case PE_FrameStatusBarItem:
    case PE_IndicatorHeaderArrow: // the header's label draws it
    case PE_PanelStatusBar: return;
    case PE_PanelMenu: paint::menuPanel(*painter, *option); return;
    case PE_PanelTipLabel: paint::tip(*painter, *option); return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck: paint::checkIndicator(*painter, *option); return;
    case PE_IndicatorRadioButton: paint::radioIndicator(*painter, *option); return;
    case PE_FrameTabBarBase:
        painter->fillRect(QRect{option->rect.left(), option->rect.bottom(), option->rect.width(), 1}, theme[Role::LineStrong]);
        return;
    case PE_FrameFocusRect:
        if (qobject_cast<const QAbstractItemView*>(widget) == nullptr && !hasOuterRing(widget))
            paint::ring(*painter, QRectF{option->rect}.adjusted(-2, 0, 2, 0), kTagRadius, theme[Role::Focus]);
        return;
    case PE_IndicatorArrowDown: drawIcon(*painter, option->rect, Icon::ChevronDown, theme[Role::Text2]); return;
    case PE_IndicatorArrowUp: drawIcon(*painter, option->rect, Icon::ChevronUp, theme[Role::Text2]); return;
    case PE_IndicatorArrowLeft: drawIcon(*painter, option->rect, Icon::ChevronLeft, theme[Role::Text2]); return;
    case PE_IndicatorArrowRight: drawIcon(*painter, option->rect, Icon::ChevronRight, theme[Role::Text2]); return;
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void ScrutineerStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                                  const QWidget* widget) const
{
    const Theme& theme = themeOf(option->palette);
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
    const auto* menu = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
    const auto* progress = qstyleoption_cast<const QStyleOptionProgressBar*>(option);
    const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
    if (element == CE_PushButton && button != nullptr)
        paint::pushButton(*painter, *button, widget);
    else if (element == CE_ProgressBar && progress != nullptr)
        paint::progressBar(*painter, *progress);
    else if (element == CE_TabBarTab && tab != nullptr)
        paint::tab(*painter, *tab);
    else if (element == CE_HeaderSection || element == CE_HeaderEmptyArea)
        paint::headerSection(*painter, *option);
    else if (element == CE_HeaderLabel && header != nullptr)
        paint::headerLabel(*painter, *header);
    else if (element == CE_MenuItem && menu != nullptr)
        paint::menuItem(*painter, *menu);
    else if (element == CE_MenuBarItem && menu != nullptr)
        paint::menuBarItem(*painter, *menu);
    else if (element == CE_MenuBarEmptyArea)
        painter->fillRect(option->rect, theme[Role::Window]);
    else if (element == CE_Splitter)
        painter->fillRect(option->rect, theme[Role::LineStrong]);
    else if (element == CE_FocusFrame)
        paint::ring(*painter, option->rect, kRadius + 2, theme[Role::Focus]);
    else
        QProxyStyle::drawControl(element, option, painter, widget);
}

void ScrutineerStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                         const QWidget* widget) const
{
    const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    const auto* group = qstyleoption_cast<const QStyleOptionGroupBox*>(option);
    const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option);
    const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
    const auto* tool = qstyleoption_cast<const QStyleOptionToolButton*>(option);
    if (control == CC_ComboBox && combo != nullptr)
        paint::comboBox(*painter, *combo);
    else if (control == CC_GroupBox && group != nullptr && !(group->subControls & SC_GroupBoxCheckBox))
        paint::groupBox(*painter, *group);
    else if (control == CC_ScrollBar && slider != nullptr)
        paint::scrollBar(*painter, *slider, scrollHandle(*slider));
    else if (control == CC_Slider && slider != nullptr)
        paint::slider(*painter, *slider, slider->rect, subControlRect(control, option, SC_SliderHandle, widget));
    else if (control == CC_SpinBox && spin != nullptr)
        paint::spinBox(*painter, *spin, widget);
    else if (control == CC_ToolButton && tool != nullptr)
        paint::toolButton(*painter, *tool, widget);
    else
        QProxyStyle::drawComplexControl(control, option, painter, widget);
}

QRect ScrutineerStyle::subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const
{
    if (element == SE_LineEditContents) {
        const auto* panel = qstyleoption_cast<const QStyleOptionFrame*>(option);
        return panel != nullptr && panel->lineWidth > 0 ? option->rect.adjusted(6, 1, -6, -1) : option->rect;
    }
    if (element == SE_ProgressBarGroove || element == SE_ProgressBarContents)
        return option->rect;
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect ScrutineerStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl sub,
                                      const QWidget* widget) const
{
    if (control == CC_ScrollBar) {
        if (const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option))
            return scrollBarRect(*slider, sub);
    }
    if (control == CC_ComboBox && sub == SC_ComboBoxEditField)
        return option->rect.adjusted(8, 1, -24, -1);
    if (control == CC_SpinBox && sub == SC_SpinBoxEditField)
        return option->rect.adjusted(4, 1, -20, -1);
    if (control == CC_GroupBox && sub == SC_GroupBoxContents)
        return option->rect.adjusted(0, kGroupTitle, 0, 0);
    return QProxyStyle::subControlRect(control, option, sub, widget);
}

QSize ScrutineerStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                        const QWidget* widget) const
{
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    const auto* menu = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
    const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
    const auto* tool = qstyleoption_cast<const QStyleOptionToolButton*>(option);
    if (type == CT_PushButton && button != nullptr)
        return paint::pushButtonSize(*button, widget);
    if (type == CT_ToolButton && tool != nullptr)
        return paint::toolButtonSize(*tool);
    if (type == CT_MenuItem && menu != nullptr)
        return paint::menuItemSize(*menu);
    if (type == CT_TabBarTab && tab != nullptr)
        return paint::tabSize(*tab);
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    if (type == CT_LineEdit || type == CT_ComboBox || type == CT_SpinBox)
        result.setHeight(kButton);
    if (type == CT_ComboBox)
        result.rwidth() += kCellPadding;
    if (type == CT_HeaderSection)
        result.setHeight(kHeader);
    return result;
}

int ScrutineerStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent: return kScrollBar;
    case PM_ScrollBarSliderMin: return kScrollHandle;
    case PM_SplitterWidth: return 1;
    case PM_FocusFrameHMargin:
    case PM_FocusFrameVMargin: return kFocusMargin;
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: return kIndicator;
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing: return kGap;
    case PM_SmallIconSize:
    case PM_TabBarIconSize:
    case PM_ListViewIconSize: return kIcon;
    case PM_ButtonIconSize: return kButtonIcon;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return kGap;
    case PM_MenuPanelWidth: return 1;
    case PM_MenuVMargin: return 4;
    case PM_HeaderMargin: // the label keeps the distance that cells keep
    case PM_MenuHMargin:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    case PM_SliderLength: return kSliderLength;
    case PM_ToolTipLabelFrameWidth: return kGap;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int ScrutineerStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* result) const
{
    switch (hint) {
    case SH_ComboBox_Popup:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_EtchDisabledText:
    case SH_UnderlineShortcut:
    case SH_Widget_Animation_Duration:
    case SH_Widget_Animate:
    case SH_Menu_FadeOutOnHide:
    case SH_ScrollBar_Transient: return 0;
    case SH_ToolTipLabel_Opacity: return 255;
    case SH_Slider_AbsoluteSetButtons: return Qt::LeftButton;
    case SH_ScrollBar_LeftClickAbsolutePosition: return 0;
    case SH_TabBar_ElideMode: return Qt::ElideNone;
    case SH_TabBar_Alignment: return Qt::AlignLeft;
    case SH_Header_ArrowAlignment: return Qt::AlignRight | Qt::AlignVCenter;
    default: return QProxyStyle::styleHint(hint, option, widget, result);
    }
}

QIcon ScrutineerStyle::standardIcon(StandardPixmap pixmap, const QStyleOption* option, const QWidget* widget) const
{
    switch (pixmap) {
    case SP_LineEditClearButton:
    case SP_TitleBarCloseButton: return icon(Icon::Close);
    case SP_MessageBoxWarning: return icon(Icon::Warning, Role::WarningText);
    case SP_MessageBoxCritical: return icon(Icon::Fails, Role::DangerFill);
    case SP_MessageBoxInformation:
    case SP_MessageBoxQuestion: return icon(Icon::Info);
    default: return QProxyStyle::standardIcon(pixmap, option, widget);
    }
}

} // namespace scr::theme
