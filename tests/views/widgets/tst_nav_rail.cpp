#include <QSignalSpy>
#include <QTest>

#include "widgets/nav_item.h"
#include "widgets/nav_rail.h"

using namespace scr;
using widgets::NavItem;
using widgets::NavRail;

class TestNavRail : public QObject {
    Q_OBJECT
private slots:
    void init();
    void keysMoveAndStopAtTheEnds();
    void clickOpensAndStaysOpen();
    void commandsOpenNothing();
    void compactShowsWordsInTooltips();
    void countIsRead();

private:
    [[nodiscard]] NavItem* itemOf(const QString& id) const
    {
        for (NavItem* item : m_rail->findChildren<NavItem*>()) {
            if (item->id() == id)
                return item;
        }
        return nullptr;
    }
    std::unique_ptr<NavRail> m_rail;
};

void TestNavRail::init()
{
    m_rail = std::make_unique<NavRail>(QStringLiteral("Scrutineer"));
    m_rail->addPage(QStringLiteral("flags"), theme::Icon::Flag, QStringLiteral("Flags"));
    m_rail->addPage(QStringLiteral("votes"), theme::Icon::Votes, QStringLiteral("Votes"));
    m_rail->addPage(QStringLiteral("voids"), theme::Icon::Void, QStringLiteral("Voids"));
    m_rail->addCommand(QStringLiteral("find"), theme::Icon::Search, QStringLiteral("Find"), QStringLiteral("Ctrl K"));
    m_rail->setCurrent(QStringLiteral("flags"));
    m_rail->resize(168, 600);
    m_rail->show();
    QCoreApplication::processEvents();
}

void TestNavRail::keysMoveAndStopAtTheEnds()
{
    const QSignalSpy changes{m_rail.get(), &NavRail::currentChanged};
    QTest::keyClick(m_rail.get(), Qt::Key_Down);
    QCOMPARE(m_rail->current(), QStringLiteral("votes"));
    QTest::keyClick(m_rail.get(), Qt::Key_End);
    QTest::keyClick(m_rail.get(), Qt::Key_Down);
    QCOMPARE(m_rail->current(), QStringLiteral("voids"));
    QTest::keyClick(m_rail.get(), Qt::Key_Home);
    QTest::keyClick(m_rail.get(), Qt::Key_Up);
    QCOMPARE(m_rail->current(), QStringLiteral("flags"));
    QCOMPARE(changes.count(), 3);
}

void TestNavRail::clickOpensAndStaysOpen()
{
    NavItem* votes = itemOf(QStringLiteral("votes"));
    QTest::mouseClick(votes, Qt::LeftButton);
    QTest::mouseClick(votes, Qt::LeftButton);
    QCOMPARE(m_rail->current(), QStringLiteral("votes"));
    QVERIFY(votes->isChecked());
    QVERIFY(!itemOf(QStringLiteral("flags"))->isChecked());
}

void TestNavRail::commandsOpenNothing()
{
    const QSignalSpy commands{m_rail.get(), &NavRail::commandTriggered};
    QTest::mouseClick(itemOf(QStringLiteral("find")), Qt::LeftButton);
    QCOMPARE(commands.count(), 1);
    QCOMPARE(m_rail->current(), QStringLiteral("flags"));
}

void TestNavRail::compactShowsWordsInTooltips()
{
    QCOMPARE(m_rail->width(), 168);
    m_rail->setCompact(true);
    QCOMPARE(m_rail->width(), 48);
    QCOMPARE(itemOf(QStringLiteral("votes"))->toolTip(), QStringLiteral("<qt>Votes</qt>"));
    m_rail->setCompact(false);
    QVERIFY(itemOf(QStringLiteral("votes"))->toolTip().isEmpty());
}

void TestNavRail::countIsRead()
{
    m_rail->setCount(QStringLiteral("flags"), 34);
    QCOMPARE(itemOf(QStringLiteral("flags"))->accessibleName(), QStringLiteral("Flags, 34"));
}

QTEST_MAIN(TestNavRail)
#include "tst_nav_rail.moc"
