#include "print/table.h"

#include <algorithm>
#include <utility>

namespace scr::print {

namespace {

using theme::Role;

constexpr double kPad = 4;          ///< left and right of a cell
constexpr double kBehindNumber = 8; ///< more on the right of a number, which the next column's text would touch
constexpr double kAir = 2.5;        ///< above and below
constexpr int kMostLines = 40;      ///< a cell longer than that is cut; the CSV files have it whole

double textWidth(const std::vector<TableColumn>& columns, std::size_t i) noexcept
{
    const bool nextIsNear = columns[i].right && i + 1 < columns.size();
    return columns[i].width - 2 * kPad - (nextIsNear ? kBehindNumber : 0);
}

} // namespace

Table::Table(Sheet& sheet, std::vector<TableColumn> columns) : m_sheet{sheet}, m_columns{std::move(columns)}
{
    double left = sheet.width();
    int sharing = 0;
    for (const TableColumn& column : m_columns) {
        left -= column.width;
        sharing += column.width <= 0 ? 1 : 0;
    }
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        TableColumn& column = m_columns[i];
        if (column.width <= 0)
            column.width = left / sharing;
        const Style style{7.5, 10.5, QFont::Medium, Role::Text2, false, column.right};
        m_head.push_back(sheet.block(column.title, style, textWidth(m_columns, i)));
    }
}

std::vector<Block> Table::blocksOf(const std::vector<TableCell>& cells) const
{
    std::vector<Block> blocks;
    for (std::size_t i = 0; i < std::min(cells.size(), m_columns.size()); ++i) {
        Style style = cells[i].mono ? styles::kKey : styles::kCell;
        style.ink = cells[i].ink;
        style.right = m_columns[i].right;
        if (cells[i].strong)
            style.weight = QFont::DemiBold;
        blocks.push_back(m_sheet.block(cells[i].text, style, textWidth(m_columns, i)));
        blocks.back().lines = std::min(blocks.back().lines, kMostLines);
    }
    return blocks;
}

double Table::heightOf(const std::vector<Block>& blocks) const
{
    double height = 0;
    for (const Block& block : blocks)
        height = std::max(height, block.height());
    return height + 2 * kAir;
}

void Table::draw(const std::vector<Block>& blocks)
{
    const double height = heightOf(blocks);
    double x = 0;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        m_sheet.drawBlock(blocks[i], x + kPad, m_sheet.y() + kAir, 0, blocks[i].lines);
        x += m_columns[i].width;
    }
    m_sheet.advance(height);
}

void Table::head()
{
    m_headPage = m_sheet.pages();
    draw(m_head);
    m_sheet.drawLine(0, m_sheet.y(), m_sheet.width(), m_sheet.y(), Role::LineStrong);
}

void Table::row(const std::vector<TableCell>& cells)
{
    const std::vector<Block> blocks = blocksOf(cells);
    const double height = heightOf(blocks);
    m_sheet.ensure(m_headPage == 0 ? heightOf(m_head) + height : height);
    if (m_headPage != m_sheet.pages())
        head();
    draw(blocks);
    m_sheet.drawLine(0, m_sheet.y(), m_sheet.width(), m_sheet.y(), Role::Line);
}

} // namespace scr::print
