#include <atomic>
#include <stdexcept>

#include <QTest>

#include "domain/work_plan.h"

using namespace scr;

class TestWorkPlan : public QObject {
    Q_OBJECT
private slots:
    void stepsWaitForWhatTheyNeed();
    void aStoppedStepEndsThePlan();
    void wholeStepsCannotStop();
};

void TestWorkPlan::stepsWaitForWhatTheyNeed()
{
    for (const unsigned threads : {1U, 2U, 8U}) {
        domain::WorkPlan plan;
        std::atomic<int> first = 0;
        std::atomic<int> second = 0;
        std::vector<domain::WorkPlan::Step> before;
        for (int step = 0; step < 20; ++step)
            before.push_back(plan.add([&] { return ++first > 0; }));
        int seen = 0;
        const auto middle = plan.add(
            [&] {
                seen = first;
                return true;
            },
            before);
        for (int step = 0; step < 20; ++step)
            plan.add([&] { return seen == 20 && ++second > 0; }, {middle});
        QVERIFY(plan.run(threads));
        QCOMPARE(second.load(), 20);
    }
}

void TestWorkPlan::aStoppedStepEndsThePlan()
{
    for (const unsigned threads : {1U, 3U}) {
        domain::WorkPlan stopped;
        bool began = false;
        const auto step = stopped.add([] { return false; });
        stopped.add([&] { return began = true; }, {step});
        QVERIFY(!stopped.run(threads));
        QVERIFY(!began);
        domain::WorkPlan failing;
        failing.add([]() -> bool { throw std::runtime_error{"no room"}; });
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, static_cast<void>(failing.run(threads)));
    }
}

void TestWorkPlan::wholeStepsCannotStop()
{
    domain::WorkPlan plan;
    int done = 0;
    const auto step = plan.addWhole([&] { ++done; });
    plan.addWhole([&] { ++done; }, {step});
    QVERIFY(plan.run(2));
    QCOMPARE(done, 2);
    domain::WorkPlan failing;
    failing.addWhole([] { throw std::runtime_error{"no room"}; });
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, static_cast<void>(failing.run(2)));
}

QTEST_GUILESS_MAIN(TestWorkPlan)
#include "tst_work_plan.moc"
