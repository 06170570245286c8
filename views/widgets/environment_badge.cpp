#include "widgets/environment_badge.h"

#include <cmath>

#include <QFontMetricsF>
#include <QPainter>

#include "theme/fonts.h"
#include "theme/metrics.h"

namespace scr::widgets {

namespace {

using theme::Role;

constexpr int kPadding = 12;

Role roleOf(domain::Environment environment)
{
    switch (environment) {
    case domain::Environment::Production: return Role::Production;
    case domain::Environment::Staging: return Role::Staging;
    case domain::Environment::Demo: return Role::Demo;
    }
    return Role::Production;
}

QString wordOf(domain::Environment environment)
{
    const std::string_view name = domain::nameOf(environment);
    return QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
}

QFont badgeFont()
{
    QFont font = theme::fontOf(theme::Type::CaptionStrong);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.4);
    return font;
}

} // namespace

EnvironmentBadge::EnvironmentBadge(QWidget* parent) : QWidget{parent}
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    setVisible(false);
}

void EnvironmentBadge::present(domain::Environment environment)
{
    fill(wordOf(environment).toUpper(), roleOf(environment));
}

void EnvironmentBadge::presentEvidence(domain::Environment environment)
{
    fill(tr("EVIDENCE"), Role::Demo);
    setToolTip(tr("From a %1 site").arg(wordOf(environment)));
}

void EnvironmentBadge::fill(const QString& text, Role colour)
{
    m_text = text;
    m_fill = colour;
    setAccessibleName(m_text);
    setVisible(true);
    updateGeometry();
    update();
}

QSize EnvironmentBadge::sizeHint() const
{
    const QFontMetricsF metrics{badgeFont()};
    return {static_cast<int>(std::ceil(metrics.horizontalAdvance(m_text))) + 2 * kPadding,
            static_cast<int>(std::ceil(metrics.height())) + 4};
}

void EnvironmentBadge::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.fillRect(rect(), theme[m_fill]);
    painter.setFont(badgeFont());
    painter.setPen(theme[Role::OnFill]);
    painter.drawText(rect(), Qt::AlignCenter, m_text);
}

} // namespace scr::widgets
