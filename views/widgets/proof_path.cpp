#include "widgets/proof_path.h"

#include <QPainter>

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/theme.h"

namespace scr::widgets {

namespace {

using theme::Role;
using theme::Type;

constexpr int kBoxWidth = 92;
constexpr int kBoxHeight = 20;
constexpr int kRow = 27;
constexpr int kApart = 30; ///< between a box and the one beside it
constexpr int kTop = 12;
constexpr int kLegend = 36;
constexpr int kLeast = 4 * kBoxWidth;

} // namespace

ProofPath::ProofPath(QWidget* parent) : QWidget{parent}
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ProofPath::show(const QString& leaf, const QString& leafHash, std::vector<Step> steps, const QString& root, bool isGood)
{
    m_leaf = leaf;
    m_leafHash = leafHash;
    m_steps = std::move(steps);
    m_root = root;
    m_isGood = isGood;
    setAccessibleName(tr("Inclusion proof"));
    setAccessibleDescription(tr("%1, %2 hashes, %3").arg(leaf).arg(m_steps.size()).arg(root));
    updateGeometry();
    update();
}

QSize ProofPath::sizeHint() const
{
    return {kLeast + 40, kTop + static_cast<int>(m_steps.size() + 1) * kRow + kLegend};
}

QSize ProofPath::minimumSizeHint() const
{
    return {kLeast, sizeHint().height()};
}

/// Row 0 is the root; side -1 left of the way, 1 right of it.
QRectF ProofPath::boxAt(std::size_t row, int side) const
{
    const double middle = width() / 2.0 + side * (kBoxWidth + kApart);
    return {middle - kBoxWidth / 2.0, kTop + static_cast<double>(row) * kRow, kBoxWidth, kBoxHeight};
}

void ProofPath::paintBox(QPainter& painter, const QRectF& box, const QString& text, bool isComputed, bool isEnd) const
{
    const theme::Theme& theme = theme::themeOf(palette());
    const Role fill = !isComputed ? Role::Base : isEnd ? (m_isGood ? Role::OkSoft : Role::DangerSoft) : Role::InfoSoft;
    const Role edge = !isComputed ? Role::LineStrong : isEnd ? (m_isGood ? Role::OkText : Role::DangerText) : Role::InfoLine;
    painter.setPen(theme[edge]);
    painter.setBrush(theme[fill]);
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
    painter.setPen(theme[Role::Text]);
    painter.setFont(theme::fontOf(Type::MonoSmall));
    painter.drawText(box, Qt::AlignCenter, text);
}

void ProofPath::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    QPainter painter{this};
    painter.fillRect(rect(), theme[Role::Base]);
    if (m_leafHash.isEmpty())
        return;
    const std::size_t rows = m_steps.size() + 1;
    painter.setPen(QPen{theme[Role::Link], 2});
    painter.drawLine(boxAt(0, 0).center(), boxAt(rows - 1, 0).center());
    for (std::size_t row = 0; row < rows; ++row) {
        // A step's result stands one row above what it was computed from.
        const QRectF box = boxAt(row, 0);
        const QString hash = row + 1 == rows ? m_leafHash : m_steps[rows - 2 - row].result;
        if (row > 0) {
            const Step& step = m_steps[rows - 1 - row];
            const QRectF given = boxAt(row, step.givenIsLeft ? -1 : 1);
            painter.setPen(theme[Role::LineStrong]);
            painter.drawLine(
                step.givenIsLeft ? QPointF{given.right(), given.center().y()} : QPointF{box.right(), box.center().y()},
                step.givenIsLeft ? QPointF{box.left(), box.center().y()} : QPointF{given.left(), given.center().y()});
            paintBox(painter, given, step.given, false, false);
        }
        paintBox(painter, box, hash, true, row == 0);
    }
    painter.setFont(theme::fontOf(Type::CaptionStrong));
    painter.setPen(theme[m_isGood ? Role::Text : Role::DangerText]);
    const QRectF top = boxAt(0, 1);
    painter.drawText(QRectF{top.left() - 14, top.top(), width() - top.left() + 8, top.height()}, Qt::AlignLeft | Qt::AlignVCenter,
                     m_root);
    painter.setFont(theme::fontOf(Type::Caption));
    painter.setPen(theme[Role::Text2]);
    const bool leafIsRight = !m_steps.empty() && m_steps.front().givenIsLeft;
    const QRectF beside = boxAt(rows - 1, leafIsRight ? 1 : -1);
    painter.drawText(leafIsRight ? beside.adjusted(-18, 0, 60, 0) : beside.adjusted(-60, 0, 18, 0),
                     (leafIsRight ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, m_leaf);
    const double legend = kTop + static_cast<double>(rows) * kRow + 8;
    paintBox(painter, QRectF{theme::kPanePadding + 0.0, legend, 14, 12}, {}, true, false);
    paintBox(painter, QRectF{theme::kPanePadding + 130.0, legend, 14, 12}, {}, false, false);
    painter.setFont(theme::fontOf(Type::Caption));
    painter.setPen(theme[Role::Text2]);
    painter.drawText(QRectF{theme::kPanePadding + 20.0, legend - 3, 110, 18}, Qt::AlignLeft | Qt::AlignVCenter,
                     tr("computed here"));
    painter.drawText(QRectF{theme::kPanePadding + 150.0, legend - 3, 150, 18}, Qt::AlignLeft | Qt::AlignVCenter,
                     tr("given by the proof"));
}

} // namespace scr::widgets
