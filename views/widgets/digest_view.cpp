#include "widgets/digest_view.h"

#include <QClipboard>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "theme/fonts.h"
#include "theme/theme.h"

namespace scr::widgets {

namespace {

constexpr int kGroup = 4;
constexpr int kPerLine = 8;
constexpr int kInset = 4; // room for the focus ring

} // namespace

QString groupedDigest(const QString& hex, int perLine)
{
    QString text;
    for (qsizetype at = 0; at < hex.size(); at += kGroup) {
        if (at > 0)
            text += (at / kGroup) % perLine == 0 ? QLatin1Char{'\n'} : QLatin1Char{' '};
        text += hex.mid(at, kGroup);
    }
    return text;
}

DigestView::DigestView(QWidget* parent) : QWidget{parent}
{
    setFont(theme::fontOf(theme::Type::Mono));
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    setToolTip(tr("Click to copy"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void DigestView::setDigest(const QString& hex)
{
    m_hex = hex;
    setAccessibleName(tr("Digest %1").arg(hex));
    updateGeometry();
    update();
}

QSize DigestView::sizeHint() const
{
    const QStringList lines = groupedDigest(m_hex, kPerLine).split(QLatin1Char{'\n'});
    return {QFontMetrics{font()}.horizontalAdvance(lines.constFirst()) + 2 * kInset + 2,
            static_cast<int>(lines.size()) * theme::lineHeightOf(theme::Type::Mono) + 2 * kInset};
}

void DigestView::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.setPen(theme[theme::Role::Text]);
    const int line = theme::lineHeightOf(theme::Type::Mono);
    int y = kInset;
    for (const QString& text : groupedDigest(m_hex, kPerLine).split(QLatin1Char{'\n'})) {
        painter.drawText(QRect{kInset, y, width() - kInset, line}, Qt::AlignLeft | Qt::AlignVCenter, text);
        y += line;
    }
    if (hasFocus()) {
        painter.setPen(QPen{theme[theme::Role::Focus], 2});
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void DigestView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->position().toPoint()))
        copy();
}

void DigestView::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        copy();
    else
        QWidget::keyPressEvent(event);
}

void DigestView::copy()
{
    QGuiApplication::clipboard()->setText(m_hex);
}

} // namespace scr::widgets
