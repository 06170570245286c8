#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <QAbstractTableModel>
#include <QCoreApplication>

#include "tables/roles.h"

namespace scr::tables {

/// The facts of one column. `text` is required; the others are null where they say nothing.
template <class Row>
struct ColumnSpec {
    const char* id; ///< stable name, for saved layouts and exports
    const char* title;
    QString (*text)(const Row&);
    QVariant (*number)(const Row&); ///< NumberRole
    Meaning (*meaning)(const Row&);
    QString (*tooltip)(const Row&);
    bool isSigned; ///< numbers are shown with their sign
};

/// A table over plain rows, one ColumnSpec a column. Derived classes give the columns, and the roles of a row as a whole.
template <class Row>
class RowTableModel : public QAbstractTableModel {
public:
    RowTableModel(std::span<const ColumnSpec<Row>> columns, const char* context, QObject* parent) :
        QAbstractTableModel{parent}, m_columns{columns}, m_context{context}
    {
    }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override
    {
        return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
    }
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    [[nodiscard]] const std::vector<Row>& rows() const noexcept { return m_rows; }
    [[nodiscard]] const Row& row(int number) const { return m_rows[static_cast<std::size_t>(number)]; }
    void setRows(std::vector<Row> rows)
    {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
    }

protected:
    /// Roles that belong to the row, whatever the column: key, severity, second line …
    [[nodiscard]] virtual QVariant rowData(const Row& row, int column, int role) const
    {
        Q_UNUSED(row)
        Q_UNUSED(column)
        Q_UNUSED(role)
        return {};
    }

    std::vector<Row> m_rows;

private:
    std::span<const ColumnSpec<Row>> m_columns;
    const char* m_context;
};

template <class Row>
QVariant RowTableModel<Row>::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    const ColumnSpec<Row>& column = m_columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole)
        return QCoreApplication::translate(m_context, column.title);
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((column.number != nullptr ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == KeyRole)
        return QString::fromLatin1(column.id);
    return {};
}

template <class Row>
QVariant RowTableModel<Row>::data(const QModelIndex& index, int role) const
{
    if (!this->checkIndex(index, QAbstractItemModel::CheckIndexOption::IndexIsValid |
                                     QAbstractItemModel::CheckIndexOption::ParentIsInvalid))
        return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const ColumnSpec<Row>& column = m_columns[static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole: return column.text(row);
    case Qt::ToolTipRole: return column.tooltip != nullptr ? QVariant{column.tooltip(row)} : QVariant{};
    case Qt::TextAlignmentRole:
        return static_cast<int>((column.number != nullptr ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case NumberRole: return column.number != nullptr ? column.number(row) : QVariant{};
    case SignedRole: return column.isSigned;
    case SortRole: return column.number != nullptr ? column.number(row) : QVariant{column.text(row)};
    case MeaningRole: return static_cast<int>(column.meaning != nullptr ? column.meaning(row) : Meaning::Plain);
    default: return rowData(row, index.column(), role);
    }
}

} // namespace scr::tables
