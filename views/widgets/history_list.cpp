#include "widgets/history_list.h"

#include <QFontMetrics>
#include <QPainter>
#include <QTextLayout>

#include "theme/fonts.h"
#include "theme/theme.h"

namespace scr::widgets {

namespace {

using theme::Role;
using theme::Type;

constexpr int kTimeColumn = 40;
constexpr int kLineGap = 4;

/// "**actor** text" wrapped to the width; returns its height.
int drawEntry(const HistoryList::Line& entry, int width, QPainter* painter, const QPointF& place)
{
    QTextLayout layout{entry.actor + QLatin1Char{' '} + entry.text, theme::fontOf(Type::Dense)};
    QTextLayout::FormatRange strong;
    strong.start = 0;
    strong.length = static_cast<int>(entry.actor.size());
    strong.format.setFontWeight(QFont::DemiBold);
    layout.setFormats({strong});
    const int lineHeight = theme::lineHeightOf(Type::Dense);
    int y = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, y + (lineHeight - line.height()) / 2});
        y += lineHeight;
    }
    layout.endLayout();
    if (painter != nullptr)
        layout.draw(painter, place);
    return y;
}

} // namespace

HistoryList::HistoryList(QWidget* parent) : QWidget{parent}
{
    QSizePolicy policy{QSizePolicy::Preferred, QSizePolicy::Preferred};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void HistoryList::show(std::vector<Line> lines)
{
    m_lines = std::move(lines);
    QStringList words;
    for (const Line& line : m_lines)
        words.append(QStringLiteral("%1 %2 %3").arg(line.time, line.actor, line.text));
    setAccessibleName(tr("History"));
    setAccessibleDescription(words.join(QStringLiteral("; ")));
    updateGeometry();
    update();
}

void HistoryList::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

int HistoryList::heightForWidth(int width) const
{
    return layOut(width, nullptr);
}

QSize HistoryList::sizeHint() const
{
    return {200, layOut(200, nullptr)};
}

void HistoryList::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    if (!m_lines.empty()) {
        layOut(width(), &painter);
        return;
    }
    painter.setFont(theme::fontOf(Type::Dense));
    painter.setPen(theme::themeOf(palette())[Role::Text3]);
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_emptyText);
}

int HistoryList::layOut(int width, QPainter* painter) const
{
    const theme::Theme& theme = theme::themeOf(palette());
    const QFontMetrics metrics{theme::fontOf(Type::Dense)};
    int column = kTimeColumn;
    for (const Line& line : m_lines)
        column = std::max(column, metrics.horizontalAdvance(line.time) + 8);
    int y = 0;
    for (const Line& line : m_lines) {
        if (painter != nullptr) {
            painter->setFont(theme::fontOf(Type::Dense));
            painter->setPen(theme[Role::Text3]);
            painter->drawText(QRect{0, y, column, theme::lineHeightOf(Type::Dense)}, Qt::AlignLeft | Qt::AlignVCenter, line.time);
            painter->setPen(theme[Role::Text]);
        }
        y += drawEntry(line, std::max(width - column, 40), painter, QPointF(column, y)) + kLineGap;
    }
    return m_lines.empty() ? theme::lineHeightOf(Type::Dense) : y;
}

} // namespace scr::widgets
