#include "delegates/cell_paint.h"

#include <algorithm>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QModelIndex>
#include <QPainter>

#include "domain/flag.h"
#include "theme/fonts.h"
#include "theme/metrics.h"
#include "theme/shaped_text.h"
#include "theme/text_paint.h"

namespace scr::delegates {

namespace {

using tables::Impact;
using tables::Meaning;
using theme::Role;
using theme::Type;

constexpr double kImpactLeft = 32;
constexpr double kImpactArrow = 14;
constexpr double kImpactGap = 4;

Meaning meaningOf(const QModelIndex& index)
{
    return static_cast<Meaning>(index.data(tables::MeaningRole).toInt());
}

QFont cellFont(Meaning meaning)
{
    switch (meaning) {
    case Meaning::Key: return theme::fontOf(Type::Mono);
    case Meaning::Strong: return theme::fontOf(Type::DenseStrong);
    case Meaning::Plain:
    case Meaning::Muted:
    case Meaning::Good:
    case Meaning::Warning:
    case Meaning::Bad: break;
    }
    return theme::fontOf(Type::Dense);
}

QString rankText(std::int64_t rank)
{
    return QLatin1Char{'#'} + theme::numberText(static_cast<double>(rank));
}

QString staysText()
{
    return QCoreApplication::translate("Impact", "stays");
}

QString noneText()
{
    return QCoreApplication::translate("Impact", "none");
}

} // namespace

theme::Role roleOf(Meaning meaning)
{
    switch (meaning) {
    case Meaning::Plain:
    case Meaning::Strong: return Role::Text;
    case Meaning::Muted: return Role::Text3;
    case Meaning::Good: return Role::OkText;
    case Meaning::Warning: return Role::WarningText;
    case Meaning::Bad: return Role::DangerText;
    case Meaning::Key: return Role::Text2;
    }
    return Role::Text;
}

theme::Icon severityIcon(int severity)
{
    switch (static_cast<domain::Severity>(severity)) {
    case domain::Severity::Critical: return theme::Icon::Critical;
    case domain::Severity::High: return theme::Icon::High;
    case domain::Severity::Medium: return theme::Icon::Medium;
    case domain::Severity::Low: break;
    }
    return theme::Icon::Low;
}

QString impactText(const Impact& impact)
{
    if (impact.with <= 0)
        return noneText();
    if (impact.with == impact.without)
        return QStringLiteral("%1 %2").arg(rankText(impact.with), staysText());
    return QStringLiteral("%1 → %2").arg(rankText(impact.with), rankText(impact.without));
}

QString numberCellText(const QVariant& number, bool isSigned)
{
    const double value = number.toDouble();
    const QString text = theme::numberText(value);
    return isSigned && value > 0 ? QLatin1Char{'+'} + text : text;
}

void drawImpact(QPainter& painter, const QRectF& rect, const Impact& impact, const theme::Theme& theme)
{
    painter.setFont(theme::fontOf(Type::Dense));
    const QRectF left{rect.left(), rect.top(), kImpactLeft, rect.height()};
    const QRectF rest{left.right() + kImpactGap, rect.top(), rect.right() - left.right() - kImpactGap, rect.height()};
    if (impact.with <= 0) {
        painter.setPen(theme[Role::Text3]);
        painter.drawText(left, Qt::AlignRight | Qt::AlignVCenter, noneText());
        return;
    }
    painter.setFont(theme::fontOf(Type::Header));
    painter.setPen(theme[Role::Text]);
    theme::drawCells(painter, left, Qt::AlignRight, rankText(impact.with));
    if (impact.with == impact.without) {
        painter.setFont(theme::fontOf(Type::Dense));
        painter.setPen(theme[Role::Text3]);
        painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, staysText());
        return;
    }
    const QRectF arrow{rest.left(), rect.center().y() - kImpactArrow / 2, kImpactArrow, kImpactArrow};
    theme::drawIcon(painter, arrow, theme::Icon::Arrow, theme[Role::Text3]);
    painter.setPen(theme[impact.without > impact.with ? Role::WarningText : Role::Text]);
    theme::drawCells(painter, rest.adjusted(kImpactArrow + kImpactGap, 0, 0, 0), Qt::AlignLeft, rankText(impact.without));
}

void drawCell(QPainter& painter, const QRectF& rect, const QModelIndex& index, const theme::Theme& theme, bool enabled)
{
    const QRectF inner = rect.adjusted(theme::kCellPadding, 0, -theme::kCellPadding, 0);
    if (inner.width() <= 0)
        return;
    const QVariant impact = index.data(tables::ImpactRole);
    if (impact.canConvert<Impact>() && impact.isValid()) {
        drawImpact(painter, inner, impact.value<Impact>(), theme);
        return;
    }
    const Meaning meaning = meaningOf(index);
    painter.setFont(cellFont(meaning));
    painter.setPen(theme[enabled ? roleOf(meaning) : Role::Disabled]);
    const QVariant number = index.data(tables::NumberRole);
    if (number.isValid()) {
        theme::drawCells(painter, inner, Qt::AlignRight, numberCellText(number, index.data(tables::SignedRole).toBool()));
        return;
    }
    const QString text = index.data(Qt::DisplayRole).toString();
    const bool right = index.data(Qt::TextAlignmentRole).toInt() & Qt::AlignRight;
    if (right)
        theme::drawCells(painter, inner, Qt::AlignRight, text);
    else
        theme::drawRuns(painter, inner, theme::runsOf(text), theme);
}

} // namespace scr::delegates
