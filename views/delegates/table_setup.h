#pragma once

class QTableView;

namespace scr::delegates {

class DenseDelegate;
class QueueDelegate;
class TwoLineDelegate;

/// Makes a table look and behave as the design has it (no grid, row selection, fixed row height, keyboard) and gives it its
/// delegate, which the table owns. The model is set before, so that the columns are there.
DenseDelegate* dressDense(QTableView& table);
QueueDelegate* dressQueue(QTableView& table); ///< with the columns' widths and the selection bar
TwoLineDelegate* dressTwoLine(QTableView& table, int subjectColumn);

} // namespace scr::delegates
