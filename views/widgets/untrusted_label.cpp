#include "widgets/untrusted_label.h"

#include <QFontMetrics>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "domain/visible_text.h"
#include "theme/tooltip.h"

namespace scr::widgets {

namespace {

constexpr int kLeastWidth = 24;

} // namespace

QString shownOf(const std::string& utf8)
{
    return QString::fromStdString(domain::visibleText(utf8));
}

UntrustedLabel::UntrustedLabel(QWidget* parent, theme::Type type, theme::Role role) : QWidget{parent}, m_role{role}
{
    setFont(theme::fontOf(type));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void UntrustedLabel::setUntrusted(const std::string& utf8)
{
    m_runs.clear();
    for (const domain::TextPiece& piece : domain::visiblePieces(utf8))
        m_runs.push_back({QString::fromStdString(piece.text), piece.isCode});
    setAccessibleName(shownText());
    updateGeometry();
    update();
}

QString UntrustedLabel::shownText() const
{
    QString text;
    for (const theme::TextRun& run : m_runs)
        text += run.isCode ? QStringLiteral("[%1]").arg(run.text) : run.text;
    return text;
}

QSize UntrustedLabel::sizeHint() const
{
    return {static_cast<int>(theme::widthOf(m_runs, font())) + 2, QFontMetrics{font()}.height()};
}

QSize UntrustedLabel::minimumSizeHint() const
{
    return {std::min(kLeastWidth, sizeHint().width()), sizeHint().height()};
}

void UntrustedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    const theme::Theme& theme = theme::themeOf(palette());
    painter.setPen(theme[isEnabled() ? m_role : theme::Role::Disabled]);
    painter.setFont(font());
    theme::drawRuns(painter, rect(), m_runs, theme);
}

bool UntrustedLabel::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip || !toolTip().isEmpty())
        return QWidget::event(event);
    if (theme::widthOf(m_runs, font()) > width())
        QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), theme::plainTip(shownText()), this);
    return true;
}

} // namespace scr::widgets
