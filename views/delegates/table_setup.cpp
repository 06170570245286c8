#include "delegates/table_setup.h"

#include <QHeaderView>
#include <QTableView>

#include "delegates/dense_delegate.h"
#include "delegates/queue_delegate.h"
#include "tables/flag_queue_model.h"
#include "theme/metrics.h"

namespace scr::delegates {

namespace {

using Column = tables::FlagQueueModel::Column;

constexpr int kTwoLineRow = 42;

struct Width {
    Column column;
    int pixels;
};
constexpr Width kQueueWidths[] = {
    {Column::Severity, 36}, {Column::Votes, 58}, {Column::RankImpact, 100}, {Column::Age, 48}, {Column::State, 92}};

void dress(QTableView& table, int rowHeight, RowDelegate* delegate)
{
    table.setItemDelegate(delegate);
    table.setShowGrid(false);
    table.setFrameShape(QFrame::NoFrame);
    table.setAlternatingRowColors(false);
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::ExtendedSelection);
    table.setEditTriggers(QAbstractItemView::NoEditTriggers);
    table.setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table.setTabKeyNavigation(false); // Tab leaves the table
    table.setWordWrap(false);
    table.setCornerButtonEnabled(false);
    table.verticalHeader()->setVisible(false);
    table.verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table.verticalHeader()->setMinimumSectionSize(rowHeight);
    table.verticalHeader()->setDefaultSectionSize(rowHeight);
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setFixedHeight(theme::kHeader);
    table.horizontalHeader()->setMinimumSectionSize(24);
}

} // namespace

DenseDelegate* dressDense(QTableView& table)
{
    auto* delegate = new DenseDelegate{table};
    dress(table, theme::kDenseRow, delegate);
    return delegate;
}

QueueDelegate* dressQueue(QTableView& table)
{
    auto* delegate = new QueueDelegate{table};
    dress(table, theme::kQueueRow, delegate);
    QHeaderView& header = *table.horizontalHeader();
    header.setStretchLastSection(false);
    if (header.count() == static_cast<int>(Column::Count)) {
        header.setSectionResizeMode(QHeaderView::Fixed);
        header.setSectionResizeMode(static_cast<int>(Column::Subject), QHeaderView::Stretch);
        for (const Width& width : kQueueWidths)
            header.resizeSection(static_cast<int>(width.column), width.pixels);
    }
    return delegate;
}

TwoLineDelegate* dressTwoLine(QTableView& table, int subjectColumn)
{
    auto* delegate = new TwoLineDelegate{table, subjectColumn};
    dress(table, kTwoLineRow, delegate);
    return delegate;
}

} // namespace scr::delegates
