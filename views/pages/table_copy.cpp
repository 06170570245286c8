#include "pages/table_copy.h"

#include <algorithm>

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QHeaderView>
#include <QItemSelection>
#include <QStringList>
#include <QTableView>

#include "domain/spreadsheet.h"

namespace scr::pages {

namespace {

/// What is copied lands in spreadsheets.
QString inert(const QString& text)
{
    return QString::fromStdString(domain::inertCell(text.toStdString()));
}

QString tsvCell(QString text)
{
    // A tab or a line break inside a cell would shift every cell behind it, and a quotation mark would open one.
    if (text.contains(QLatin1Char{'"'}))
        text = QLatin1Char{'"'} + text.replace(QStringLiteral("\""), QStringLiteral("\"\"")) + QLatin1Char{'"'};
    return text.replace(QLatin1Char{'\t'}, QLatin1Char{' '})
        .replace(QLatin1Char{'\n'}, QLatin1Char{' '})
        .remove(QLatin1Char{'\r'});
}

QString csvCell(QString text)
{
    const bool quoted = text.contains(QLatin1Char{','}) || text.contains(QLatin1Char{'"'}) || text.contains(QLatin1Char{'\n'}) ||
                        text.contains(QLatin1Char{'\r'});
    if (!quoted)
        return text;
    return QLatin1Char{'"'} + text.replace(QStringLiteral("\""), QStringLiteral("\"\"")) + QLatin1Char{'"'};
}

template <class CellText>
QString lineOf(int columns, CopyFormat format, CellText cellText)
{
    QStringList cells;
    for (int column = 0; column < columns; ++column)
        cells << (format == CopyFormat::Tsv ? tsvCell(inert(cellText(column))) : csvCell(inert(cellText(column))));
    return format == CopyFormat::Tsv ? cells.join(QLatin1Char{'\t'}) + QLatin1Char{'\n'}
                                     : cells.join(QLatin1Char{','}) + QStringLiteral("\r\n");
}

void copySelection(const QTableView& table, CopyFormat format)
{
    if (table.selectionModel() == nullptr || !table.selectionModel()->hasSelection())
        return;
    QGuiApplication::clipboard()->setText(copiedText(*table.model(), table.selectionModel()->selection(), format));
}

/// Widens and narrows one column with the table.
class RestKeeper : public QObject {
public:
    RestKeeper(QTableView& table, int column) : QObject{&table}, m_table{table}, m_column{column}
    {
        setObjectName(QLatin1String{kName});
        table.viewport()->installEventFilter(this);
    }

    static constexpr const char* kName = "restKeeper";

    void fit()
    {
        constexpr int kNarrowest = 160;
        QHeaderView& header = *m_table.horizontalHeader();
        header.setStretchLastSection(false);
        const int others = header.length() - header.sectionSize(m_column);
        header.resizeSection(m_column, std::max(kNarrowest, m_table.viewport()->width() - others));
    }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (event->type() == QEvent::Resize)
            fit();
        return QObject::eventFilter(watched, event);
    }

private:
    QTableView& m_table;
    int m_column;
};

} // namespace

QString copiedText(const QAbstractItemModel& model, const QItemSelection& selection, CopyFormat format)
{
    QList<QItemSelectionRange> ranges = selection; // ranges, since a list of a million indexes costs 180 MB
    std::sort(ranges.begin(), ranges.end(),
              [](const QItemSelectionRange& a, const QItemSelectionRange& b) { return a.top() < b.top(); });
    const int columns = model.columnCount();
    QString text = lineOf(columns, format, [&](int column) { return model.headerData(column, Qt::Horizontal).toString(); });
    int done = -1;
    for (const QItemSelectionRange& range : ranges) {
        for (int row = std::max(range.top(), done + 1); row <= range.bottom(); ++row) {
            text += lineOf(columns, format, [&](int column) { return model.index(row, column).data().toString(); });
            done = row;
        }
    }
    return text;
}

void fitColumns(QTableView& table)
{
    constexpr int kWidest = 320;
    constexpr int kTitlePadding = 24;
    constexpr int kLeastRest = 90;
    constexpr int kRowsMeasured = 100; // from the first in sight on: a flag may have many thousand votes
    QHeaderView& header = *table.horizontalHeader();
    const QFontMetrics titles = header.fontMetrics();
    header.setStretchLastSection(false); // else the last column keeps what it is given here, whatever the view's width becomes
    header.setResizeContentsPrecision(kRowsMeasured);
    table.resizeColumnsToContents();
    for (int column = 0; column < header.count(); ++column) {
        const QString title = table.model()->headerData(column, Qt::Horizontal).toString();
        const int needed = std::max(header.sectionSize(column), titles.horizontalAdvance(title) + kTitlePadding);
        header.resizeSection(column, std::min(needed, kWidest));
    }
    // Numbers stay beside the rest of their row; words may take what is left.
    const int last = header.count() - 1;
    const bool words = !(table.model()->headerData(last, Qt::Horizontal, Qt::TextAlignmentRole).toInt() & Qt::AlignRight);
    if (words) // what is left, and not so much that the table has to be scrolled
        header.resizeSection(last, std::min(header.sectionSize(last), kLeastRest));
    header.setStretchLastSection(words);
}

void giveRest(QTableView& table, int column)
{
    auto* keeper =
        static_cast<RestKeeper*>(table.findChild<QObject*>(QLatin1String{RestKeeper::kName}, Qt::FindDirectChildrenOnly));
    if (keeper == nullptr)
        keeper = new RestKeeper{table, column};
    keeper->fit();
}

void offerCopy(QTableView& table)
{
    auto* tsv = new QAction{QObject::tr("Copy rows"), &table};
    tsv->setShortcut(QKeySequence::Copy);
    tsv->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(tsv, &QAction::triggered, &table, [&table] { copySelection(table, CopyFormat::Tsv); });
    auto* csv = new QAction{QObject::tr("Copy rows as CSV"), &table};
    csv->setShortcut(QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_C});
    csv->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(csv, &QAction::triggered, &table, [&table] { copySelection(table, CopyFormat::Csv); });
    table.addActions({tsv, csv});
    table.setContextMenuPolicy(Qt::ActionsContextMenu);
}

} // namespace scr::pages
