#pragma once

#include <QString>

class QAbstractItemModel;
class QItemSelection;
class QTableView;

namespace scr::pages {

enum class CopyFormat { Tsv, Csv };

/// The selected rows as text, whole rows, with the header line; cells as the table shows them, CSV by RFC 4180.
[[nodiscard]] QString copiedText(const QAbstractItemModel& model, const QItemSelection& selection, CopyFormat format);

/// Makes every column as wide as its title and its first rows need, 320 at most; the last one takes what is left
/// unless it is one of numbers.
void fitColumns(QTableView& table);
/// From now on a column, that of the longest words, is as wide as the others leave it, and never narrower than a few words.
void giveRest(QTableView& table, int column);

/// Ctrl+C copies the selected rows as TSV; the context menu offers both forms.
void offerCopy(QTableView& table);

} // namespace scr::pages
