#include "widgets/tag.h"

#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

#include "theme/fonts.h"
#include "theme/metrics.h"

namespace scr::widgets {

namespace {

using theme::Role;

constexpr int kHeight = 18;
constexpr int kPadding = 6;
constexpr int kIconSide = 12;

struct Look {
    Role fill;
    Role line;
    Role text;
};

Look lookOf(Tag::Kind kind)
{
    switch (kind) {
    case Tag::Kind::Plain: return {Role::Raised, Role::LineStrong, Role::Text2};
    case Tag::Kind::Info: return {Role::InfoSoft, Role::InfoLine, Role::Link};
    case Tag::Kind::Ok: return {Role::OkSoft, Role::OkLine, Role::OkText};
    case Tag::Kind::Warning: return {Role::WarningSoft, Role::WarningLine, Role::WarningText};
    case Tag::Kind::Danger: return {Role::DangerSoft, Role::DangerLine, Role::DangerText};
    }
    return {Role::Raised, Role::LineStrong, Role::Text2};
}

} // namespace

Tag::Tag(QWidget* parent) : QWidget{parent}
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

Tag::Tag(const QString& text, Kind kind, QWidget* parent) : Tag{parent}
{
    present(text, kind);
}

void Tag::present(const QString& text, Kind kind, std::optional<theme::Icon> icon)
{
    m_text = text;
    m_kind = kind;
    m_icon = icon;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize Tag::sizeHint() const
{
    const QFontMetricsF metrics{theme::fontOf(theme::Type::Caption)};
    const int icon = m_icon ? kIconSide + 3 : 0;
    return {static_cast<int>(std::ceil(metrics.horizontalAdvance(m_text))) + 2 * kPadding + icon, kHeight};
}

void Tag::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    const Look look = lookOf(m_kind);
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen{theme[look.line], 1});
    painter.setBrush(theme[look.fill]);
    painter.drawRoundedRect(QRectF{rect()}.adjusted(0.5, 0.5, -0.5, -0.5), theme::kTagRadius, theme::kTagRadius);
    int x = kPadding;
    if (m_icon) {
        theme::drawIcon(painter, QRectF(x - 1, (height() - kIconSide) / 2.0, kIconSide, kIconSide), *m_icon,
                        theme[theme::roleOf(*m_icon)]);
        x += kIconSide + 2;
    }
    painter.setFont(theme::fontOf(theme::Type::Caption));
    painter.setPen(theme[look.text]);
    painter.drawText(rect().adjusted(x, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, m_text);
}

} // namespace scr::widgets
