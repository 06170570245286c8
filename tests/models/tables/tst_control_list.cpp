#include <QAbstractItemModelTester>
#include <QtTest>

#include "tables/control_list_model.h"
#include "tables/roles.h"

using namespace scr;
using domain::Control;
using domain::ControlState;
using tables::ControlListModel;

namespace {

constexpr domain::UtcTime kNow = domain::UtcTime{std::chrono::hours{500'000}};

Control control(const char* name, const char* group, const char* title)
{
    Control one;
    one.name = name;
    one.group = group;
    one.title = title;
    one.about = std::string{"why "} + name;
    return one;
}

Control checked(Control one, ControlState state, const char* evidence)
{
    one.state = state;
    one.evidence = evidence;
    one.checkedAt = kNow - std::chrono::minutes{3};
    return one;
}

} // namespace

class TestControlList : public QObject {
    Q_OBJECT
private slots:
    void init();
    void groupsHaveHeads();
    void whatWasNotCheckedSaysWhy();
    void resultsTakeTheirPlaces();
    void filters_data();
    void filters();
    void foreignFiltersAreRefused();

private:
    [[nodiscard]] QString text(int row, ControlListModel::Column column, int role = Qt::DisplayRole) const
    {
        return m_model->index(row, static_cast<int>(column)).data(role).toString();
    }
    [[nodiscard]] QString listed() const
    {
        QStringList names;
        for (int row = 0; row < m_model->rowCount(); ++row) {
            const Control* one = m_model->control(row);
            names << (one == nullptr ? QStringLiteral("[%1]").arg(text(row, ControlListModel::Column::Control))
                                     : QString::fromStdString(one->name));
        }
        return names.join(QLatin1Char{' '});
    }

    std::unique_ptr<ControlListModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
};

void TestControlList::init()
{
    m_tester.reset();
    m_model = std::make_unique<ControlListModel>();
    m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    m_model->setNow(kNow);
    m_model->setControls(
        {control("key", "Votes", "One vote"), control("lock", "Votes", "A lock"), control("sealed", "Log", "It is sealed")});
}

void TestControlList::groupsHaveHeads()
{
    QCOMPARE(listed(), QStringLiteral("[Votes] key lock [Log] sealed"));
    QVERIFY(!(m_model->flags(m_model->index(0, 0)) & Qt::ItemIsSelectable));
    QVERIFY(m_model->flags(m_model->index(1, 0)) & Qt::ItemIsSelectable);
    QCOMPARE(m_model->rowOf("sealed"), 4);
    QCOMPARE(m_model->rowOf("nothing"), -1);
    QVERIFY(m_model->control(-1) == nullptr && m_model->control(99) == nullptr);
}

void TestControlList::whatWasNotCheckedSaysWhy()
{
    QCOMPARE(text(1, ControlListModel::Column::Result), QStringLiteral("not checked"));
    QCOMPARE(text(1, ControlListModel::Column::Control, tables::SecondLineRole), QStringLiteral("why key"));
    QCOMPARE(m_model->unchecked(), 3);
    QCOMPARE(m_model->count(ControlState::Unknown), 0);
}

void TestControlList::resultsTakeTheirPlaces()
{
    m_model->update({checked(control("lock", "Votes", "A lock"), ControlState::Fails, "no lock\u202e"),
                     checked(control("stranger", "X", "X"), ControlState::Holds, "")});
    QCOMPARE(listed(), QStringLiteral("[Votes] key lock [Log] sealed"));
    QCOMPARE(text(2, ControlListModel::Column::Result), QStringLiteral("fails"));
    QCOMPARE(text(2, ControlListModel::Column::Checked), QStringLiteral("3 m"));
    QCOMPARE(text(2, ControlListModel::Column::Control, tables::SecondLineRole), QStringLiteral("no lock[U+202E]"));
    QCOMPARE(m_model->count(ControlState::Fails), 1);
    QCOMPARE(m_model->unchecked(), 2);
    m_model->setNow(kNow + std::chrono::hours{2});
    QCOMPARE(text(2, ControlListModel::Column::Checked), QStringLiteral("2 h"));
}

void TestControlList::filters_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("rows");
    QTest::newRow("none") << QString{} << QStringLiteral("[Votes] key lock [Log] sealed");
    QTest::newRow("by result") << QStringLiteral("result=fails") << QStringLiteral("[Votes] lock");
    QTest::newRow("not checked is no result") << QStringLiteral("result=unknown") << QString{};
    QTest::newRow("by a word") << QStringLiteral("SEALED") << QStringLiteral("[Log] sealed");
    QTest::newRow("by the group") << QStringLiteral("votes") << QStringLiteral("[Votes] key lock");
    QTest::newRow("by both") << QStringLiteral("result=fails sealed") << QString{};
}

void TestControlList::filters()
{
    QFETCH(QString, filter);
    QFETCH(QString, rows);
    m_model->update({checked(control("lock", "Votes", "A lock"), ControlState::Fails, "none")});
    const auto parsed = tables::parseControlFilter(filter.toStdString());
    QVERIFY(parsed);
    m_model->setFilter(*parsed);
    QCOMPARE(listed(), rows);
}

void TestControlList::foreignFiltersAreRefused()
{
    for (const char* text : {"result=maybe", "result>fails", "token=7", "\"open"})
        QVERIFY2(!tables::parseControlFilter(text), text);
}

QTEST_GUILESS_MAIN(TestControlList)
#include "tst_control_list.moc"
