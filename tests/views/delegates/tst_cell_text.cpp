#include <QHelpEvent>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTableView>
#include <QTest>
#include <QToolTip>

#include "delegates/cell_paint.h"
#include "delegates/dense_delegate.h"
#include "delegates/table_setup.h"
#include "domain/flag.h"
#include "tables/roles.h"

using namespace scr;

class TestCellText : public QObject {
    Q_OBJECT
private slots:
    void impact_data();
    void impact();
    void number_data();
    void number();
    void severityHasItsOwnShape();
    void rowsHaveTheirHeight();
    void rowUnderTheMouseIsHovered();
    void tooltipOfATitleIsText();
};

void TestCellText::impact_data()
{
    QTest::addColumn<qlonglong>("with");
    QTest::addColumn<qlonglong>("without");
    QTest::addColumn<QString>("text");
    QTest::newRow("falls") << 3LL << 61LL << QStringLiteral("#3 → #61");
    QTest::newRow("far") << 1204LL << 23188LL << QStringLiteral("#1,204 → #23,188");
    QTest::newRow("stays") << 9LL << 9LL << QStringLiteral("#9 stays");
    QTest::newRow("none") << 0LL << 0LL << QStringLiteral("none");
}

void TestCellText::impact()
{
    QFETCH(const qlonglong, with);
    QFETCH(const qlonglong, without);
    QTEST(delegates::impactText(tables::Impact{with, without}), "text");
}

void TestCellText::number_data()
{
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<bool>("isSigned");
    QTest::addColumn<QString>("text");
    QTest::newRow("count") << QVariant{1204LL} << false << QStringLiteral("1,204");
    QTest::newRow("plus") << QVariant{1} << true << QStringLiteral("+1");
    QTest::newRow("minus") << QVariant{-716.0} << true << QStringLiteral("−716");
    QTest::newRow("zero has no sign") << QVariant{0.0} << true << QStringLiteral("0");
}

void TestCellText::number()
{
    QFETCH(const QVariant, value);
    QFETCH(const bool, isSigned);
    QTEST(delegates::numberCellText(value, isSigned), "text");
}

void TestCellText::severityHasItsOwnShape()
{
    QCOMPARE(delegates::severityIcon(static_cast<int>(domain::Severity::Critical)), theme::Icon::Critical);
    QCOMPARE(delegates::severityIcon(static_cast<int>(domain::Severity::High)), theme::Icon::High);
    QCOMPARE(delegates::severityIcon(static_cast<int>(domain::Severity::Medium)), theme::Icon::Medium);
    QCOMPARE(delegates::severityIcon(static_cast<int>(domain::Severity::Low)), theme::Icon::Low);
}

void TestCellText::rowsHaveTheirHeight()
{
    QTableView table;
    QStandardItemModel model{3, 2};
    table.setModel(&model);
    delegates::dressDense(table);
    QCOMPARE(table.rowHeight(0), 24);
    delegates::dressQueue(table);
    QCOMPARE(table.rowHeight(0), 44);
}

void TestCellText::rowUnderTheMouseIsHovered()
{
    QTableView table;
    QStandardItemModel model{3, 2};
    table.setModel(&model);
    const delegates::DenseDelegate* delegate = delegates::dressDense(table);
    table.resize(300, 200);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    QTest::mouseMove(table.viewport(), table.visualRect(model.index(2, 1)).center());
    QTRY_COMPARE(delegate->hoverRow(), 2);
}

/// A title that names a device as its picture would make a tooltip read it without end.
void TestCellText::tooltipOfATitleIsText()
{
    QTableView table;
    QStandardItemModel model{1, 1};
    model.setItem(0, 0, new QStandardItem{QStringLiteral("x")});
    model.item(0, 0)->setToolTip(QStringLiteral("<img src=\"/dev/zero\"> & more\nits key"));
    table.setModel(&model);
    delegates::dressDense(table);
    table.resize(300, 200);
    table.show();
    QVERIFY(QTest::qWaitForWindowExposed(&table));
    const QPoint place = table.visualRect(model.index(0, 0)).center();
    QHelpEvent help{QEvent::ToolTip, place, table.viewport()->mapToGlobal(place)};
    QCoreApplication::sendEvent(table.viewport(), &help);
    QTRY_VERIFY(QToolTip::isVisible());
    QCOMPARE(QToolTip::text(), QStringLiteral("<qt>&lt;img src=&quot;/dev/zero&quot;&gt; &amp; more<br>its key</qt>"));
    QToolTip::hideText();
}

QTEST_MAIN(TestCellText)
#include "tst_cell_text.moc"
