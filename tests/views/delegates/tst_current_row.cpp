#include <QScreen>
#include <QStandardItemModel>
#include <QTableView>
#include <QTest>

#include "delegates/dense_delegate.h"
#include "delegates/table_setup.h"

using namespace scr;

class TestCurrentRow : public QObject {
    Q_OBJECT
private slots:
    void itsLinesGoWithIt();
};

void TestCurrentRow::itsLinesGoWithIt()
{
    QStandardItemModel model{6, 4};
    QTableView table;
    table.setModel(&model);
    delegates::dressDense(table);
    table.resize(500, 200);
    table.show();
    table.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&table));
    table.setFocus();
    // Current and not selected: a line above the row and one below it.
    table.selectionModel()->setCurrentIndex(model.index(1, 0), QItemSelectionModel::NoUpdate);
    const auto onScreen = [&] {
        const QPoint at = table.viewport()->mapTo(&table, QPoint{0, 0});
        return table.screen()->grabWindow(table.winId(), at.x(), at.y(), table.viewport()->width(), table.viewport()->height());
    };
    const auto isAsDrawnAnew = [&] { return onScreen().toImage() == table.viewport()->grab().toImage(); };
    QTRY_VERIFY(isAsDrawnAnew());
    const QImage withLines = onScreen().toImage();
    table.selectionModel()->setCurrentIndex(model.index(4, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    QTRY_VERIFY(onScreen().toImage() != withLines);
    QTRY_VERIFY(isAsDrawnAnew());
}

QTEST_MAIN(TestCurrentRow)
#include "tst_current_row.moc"
