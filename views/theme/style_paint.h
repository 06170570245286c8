#pragma once

#include <QSize>
#include <QString>

class QPainter;
class QRectF;
class QStyleOption;
class QStyleOptionButton;
class QStyleOptionComboBox;
class QStyleOptionGroupBox;
class QStyleOptionHeader;
class QStyleOptionMenuItem;
class QStyleOptionProgressBar;
class QStyleOptionSlider;
class QStyleOptionSpinBox;
class QStyleOptionTab;
class QStyleOptionToolButton;
class QWidget;

#include "theme/theme.h"

/// The drawing behind ScrutineerStyle, one function a control.
namespace scr::theme::paint {

enum class Corners { All, Left, Right, None };
void box(QPainter& painter, const QRectF& rect, const QColor& fill, const QColor& line, Corners corners = Corners::All);
void ring(QPainter& painter, const QRectF& rect, double radius, const QColor& color);

void pushButton(QPainter& painter, const QStyleOptionButton& option, const QWidget* widget);
[[nodiscard]] QSize pushButtonSize(const QStyleOptionButton& option, const QWidget* widget);
void toolButton(QPainter& painter, const QStyleOptionToolButton& option, const QWidget* widget);
[[nodiscard]] QSize toolButtonSize(const QStyleOptionToolButton& option);
void checkIndicator(QPainter& painter, const QStyleOption& option);
void radioIndicator(QPainter& painter, const QStyleOption& option);

void field(QPainter& painter, const QStyleOption& option, const QWidget* widget);
void frame(QPainter& painter, const QStyleOption& option, const QWidget* widget);
void comboBox(QPainter& painter, const QStyleOptionComboBox& option);
void spinBox(QPainter& painter, const QStyleOptionSpinBox& option, const QWidget* widget);
void slider(QPainter& painter, const QStyleOptionSlider& option, const QRectF& groove, const QRectF& handle);
void scrollBar(QPainter& painter, const QStyleOptionSlider& option, const QRectF& handle);
void progressBar(QPainter& painter, const QStyleOptionProgressBar& option);

void tab(QPainter& painter, const QStyleOptionTab& option);
[[nodiscard]] QSize tabSize(const QStyleOptionTab& option);
void headerSection(QPainter& painter, const QStyleOption& option);
void headerLabel(QPainter& painter, const QStyleOptionHeader& option);
void menuPanel(QPainter& painter, const QStyleOption& option);
void menuItem(QPainter& painter, const QStyleOptionMenuItem& option);
[[nodiscard]] QSize menuItemSize(const QStyleOptionMenuItem& option);
void menuBarItem(QPainter& painter, const QStyleOptionMenuItem& option);
void groupBox(QPainter& painter, const QStyleOptionGroupBox& option);
void tip(QPainter& painter, const QStyleOption& option);

} // namespace scr::theme::paint
