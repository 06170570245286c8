#pragma once

#include <QPointer>
#include <QProxyStyle>

#include "theme/icons.h"

class QAbstractButton;
class QFocusFrame;

namespace scr::theme {

/// Dynamic properties the style reads from a button.
inline constexpr char kKindProperty[] = "kind";       ///< "accent", "danger", "flat"; absent: normal
inline constexpr char kKeyHintProperty[] = "keyHint"; ///< text of the key shown at the right inside the button
inline constexpr char kSmallProperty[] = "small";     ///< true: 24 high
inline constexpr char kSegmentProperty[] = "segment"; ///< "first", "middle", "last": buttons that stand side by side
/// Dynamic property of a line edit: true draws it in danger.
inline constexpr char kInvalidProperty[] = "invalid";

enum class ButtonKind { Normal, Accent, Danger, Flat };
void setKind(QAbstractButton& button, ButtonKind kind);
void setKeyHint(QAbstractButton& button, const QString& key); ///< shows the key; the page's dispatcher acts on it
void setSmall(QAbstractButton& button, bool small = true);
void setInvalid(QWidget& field, bool invalid);

/// Fusion's behaviour with our drawing; every colour comes from themeOf(option.palette).
class ScrutineerStyle : public QProxyStyle {
    Q_OBJECT
public:
    ScrutineerStyle();

    void polish(QWidget* widget) override;
    void unpolish(QWidget* widget) override;
    using QProxyStyle::polish;
    using QProxyStyle::unpolish;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;
    [[nodiscard]] QRect subElementRect(SubElement element, const QStyleOption* option, const QWidget* widget) const override;
    [[nodiscard]] QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl sub,
                                       const QWidget* widget) const override;
    [[nodiscard]] QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& size,
                                         const QWidget* widget) const override;
    [[nodiscard]] int pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const override;
    [[nodiscard]] int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                                QStyleHintReturn* result) const override;
    [[nodiscard]] QIcon standardIcon(StandardPixmap pixmap, const QStyleOption* option, const QWidget* widget) const override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QPointer<QFocusFrame> m_ring; ///< one for the program: only one widget has focus
};

} // namespace scr::theme
