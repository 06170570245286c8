#include <algorithm>
#include <thread>

#include <QTest>
#include <sys/resource.h>

#include "jobs/background.h"

using namespace scr;

class TestBackground : public QObject {
    Q_OBJECT

private slots:
    void onlyTheCallingThreadGivesWay()
    {
        const int before = getpriority(PRIO_PROCESS, 0);
        int inside = before;
        int started = before;
        std::thread worker{[&] {
            jobs::giveWay();
            jobs::giveWay(); // a pool's thread does one job after the other
            inside = getpriority(PRIO_PROCESS, 0);
            std::thread{[&] { started = getpriority(PRIO_PROCESS, 0); }}.join();
        }};
        worker.join();
        QCOMPARE(inside, std::min(19, before + 10)); // the test itself may run nicely
        QCOMPARE(started, inside);
        QCOMPARE(getpriority(PRIO_PROCESS, 0), before);
    }
};

QTEST_APPLESS_MAIN(TestBackground)
#include "tst_background.moc"
