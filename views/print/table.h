#pragma once

#include <vector>

#include <QString>

#include "print/sheet.h"

namespace scr::print {

struct TableColumn {
    QString title;
    double width; ///< in points; 0: an equal share of what is left
    bool right = false;
};

struct TableCell {
    QString text;
    theme::Role ink = theme::Role::Text;
    bool mono = false;
    bool strong = false;
};

/// A table laid out row by row, its head again on each page.
class Table {
public:
    Table(Sheet& sheet, std::vector<TableColumn> columns);

    void row(const std::vector<TableCell>& cells);

private:
    void head();
    [[nodiscard]] std::vector<Block> blocksOf(const std::vector<TableCell>& cells) const;
    [[nodiscard]] double heightOf(const std::vector<Block>& blocks) const;
    void draw(const std::vector<Block>& blocks);

    Sheet& m_sheet;
    std::vector<TableColumn> m_columns;
    std::vector<Block> m_head;
    int m_headPage = 0;
};

} // namespace scr::print
