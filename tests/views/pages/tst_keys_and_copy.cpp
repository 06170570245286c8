#include <QItemSelection>
#include <QKeyEvent>
#include <QLineEdit>
#include <QStandardItemModel>
#include <QTest>
#include <QVBoxLayout>

#include "pages/key_dispatcher.h"
#include "pages/table_copy.h"

using namespace scr;

class TestKeysAndCopy : public QObject {
    Q_OBJECT
private slots:
    void keyActsByItsLetterOrItsPlace_data();
    void keyActsByItsLetterOrItsPlace();
    void fieldsKeepTheirKeys();
    void copiedCells_data();
    void copiedCells();
};

void TestKeysAndCopy::keyActsByItsLetterOrItsPlace_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<quint32>("scanCode");
    QTest::addColumn<Qt::KeyboardModifiers>("modifiers");
    QTest::addColumn<bool>("acts");
    const Qt::KeyboardModifiers none = Qt::NoModifier;
    QTest::newRow("the letter") << int{Qt::Key_C} << 54U << none << true;
    QTest::newRow("the letter in another place") << int{Qt::Key_C} << 31U << none << true;
    QTest::newRow("Cyrillic es in its place") << 0x421 << 54U << none << true;
    QTest::newRow("Cyrillic ve in another place") << 0x412 << 40U << none << false;
    QTest::newRow("another Latin letter in its place") << int{Qt::Key_J} << 54U << none << false;
    QTest::newRow("with Ctrl") << int{Qt::Key_C} << 54U << Qt::KeyboardModifiers{Qt::ControlModifier} << false;
}

void TestKeysAndCopy::keyActsByItsLetterOrItsPlace()
{
    QFETCH(int, key);
    QFETCH(quint32, scanCode);
    QFETCH(Qt::KeyboardModifiers, modifiers);
    QFETCH(bool, acts);
    QWidget page;
    int acted = 0;
    (new pages::KeyDispatcher{page})->on(Qt::Key_C, [&] { ++acted; });
    page.show();
    page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    QKeyEvent press{QEvent::KeyPress, key, modifiers, scanCode, 0, 0};
    QCoreApplication::sendEvent(&page, &press);
    QCOMPARE(acted, acts ? 1 : 0);
}

void TestKeysAndCopy::fieldsKeepTheirKeys()
{
    QWidget page;
    auto* layout = new QVBoxLayout{&page};
    auto* field = new QLineEdit;
    layout->addWidget(field);
    int acted = 0;
    (new pages::KeyDispatcher{page})->on(Qt::Key_C, [&] { ++acted; });
    page.show();
    page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    field->setFocus();
    QTest::keyClick(field, Qt::Key_C);
    QCOMPARE(acted, 0);
    QCOMPARE(field->text(), QStringLiteral("c"));
}

void TestKeysAndCopy::copiedCells_data()
{
    QTest::addColumn<QString>("cell");
    QTest::addColumn<QString>("tsv");
    QTest::addColumn<QString>("csv");
    QTest::newRow("plain") << QStringLiteral("abc") << QStringLiteral("abc") << QStringLiteral("abc");
    QTest::newRow("a formula is made inert") << QStringLiteral("=1+1") << QStringLiteral("'=1+1") << QStringLiteral("'=1+1");
    QTest::newRow("a formula behind a quotation mark")
        << QStringLiteral("\"=1+1\"") << QStringLiteral("\"'\"\"=1+1\"\"\"") << QStringLiteral("\"'\"\"=1+1\"\"\"");
    QTest::newRow("a signed number is a number") << QStringLiteral("+1") << QStringLiteral("+1") << QStringLiteral("+1");
    QTest::newRow("tab") << QStringLiteral("a\tb") << QStringLiteral("a b") << QStringLiteral("a\tb");
    QTest::newRow("comma") << QStringLiteral("a,b") << QStringLiteral("a,b") << QStringLiteral("\"a,b\"");
    QTest::newRow("line end") << QStringLiteral("a\nb") << QStringLiteral("a b") << QStringLiteral("\"a\nb\"");
}

void TestKeysAndCopy::copiedCells()
{
    QFETCH(QString, cell);
    QFETCH(QString, tsv);
    QFETCH(QString, csv);
    QStandardItemModel model{1, 2};
    model.setHorizontalHeaderLabels({QStringLiteral("A"), QStringLiteral("B")});
    model.setItem(0, 0, new QStandardItem{cell});
    model.setItem(0, 1, new QStandardItem{QStringLiteral("z")});
    const QItemSelection all{model.index(0, 0), model.index(0, 1)};
    QCOMPARE(pages::copiedText(model, all, pages::CopyFormat::Tsv), QStringLiteral("A\tB\n") + tsv + QStringLiteral("\tz\n"));
    QCOMPARE(pages::copiedText(model, all, pages::CopyFormat::Csv), QStringLiteral("A,B\r\n") + csv + QStringLiteral(",z\r\n"));
}

QTEST_MAIN(TestKeysAndCopy)
#include "tst_keys_and_copy.moc"
