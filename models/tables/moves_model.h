#pragma once

#include "rank/leaderboard.h"
#include "tables/row_table_model.h"

namespace scr::tables {

/// Posts whose rank or score differs without flagged votes.
class MovesModel : public RowTableModel<rank::WhatIfRow> {
    Q_OBJECT
public:
    enum class Column { Post, With, Without, Move, Votes, Count };
    explicit MovesModel(QObject* parent = nullptr);

protected:
    [[nodiscard]] QVariant rowData(const rank::WhatIfRow& row, int column, int role) const override;
};

} // namespace scr::tables
