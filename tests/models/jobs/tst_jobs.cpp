#include <atomic>
#include <new>
#include <semaphore>
#include <stdexcept>

#include <QSignalSpy>
#include <QTest>

#include "jobs/leaderboard_job.h"
#include "jobs/report_job.h"
#include "jobs/scan_job.h"
#include "support/held_back.h"

using namespace scr;

namespace {

class HeldBackReadings final : public ports::ReportSource {
public:
    QFuture<domain::Result<domain::AuditReading>> read(const domain::TimeRange& /*period*/,
                                                       const std::shared_ptr<std::atomic<int>>& /*percent*/) override
    {
        return readings.ask();
    }
    test::HeldBack<domain::AuditReading> readings;
};

class HeldBackScores final : public ports::LeaderboardSource {
public:
    QFuture<domain::Result<domain::ScoreHistory>> scoreHistory(const domain::TimeRange& /*range*/, int /*bins*/) override
    {
        return scores.ask();
    }
    test::HeldBack<domain::ScoreHistory> scores;
};

/// Goes on until it is told to stop, or throws.
class EndlessVotes final : public ports::ScanSource {
public:
    domain::Result<domain::ScanInput> read(const domain::TimeRange& /*range*/, const domain::KeepGoing& keepGoing) override
    {
        if (throws)
            throw std::bad_alloc{};
        for (std::uint64_t votes = 1; keepGoing(votes, 2 * votes); ++votes)
            std::this_thread::yield();
        return domain::failure(domain::Fault::Cancelled, "stopped");
    }
    bool throws = false;
};

jobs::LeaderboardQuestion inBins(int bins)
{
    jobs::LeaderboardQuestion question;
    question.bins = bins;
    return question;
}

domain::Status statusOf(const QSignalSpy& finished)
{
    return finished[0][1].value<domain::Status>();
}

} // namespace

class TestJobs : public QObject {
    Q_OBJECT
private slots:
    void reportStoppedWhileReadingWritesNothing();
    void reportStoppedWhileWritingSaysThatItIsThere();
    void defectOfAWriterIsAnError();
    void scanStops();
    void scanOutOfMemoryIsAnError();
    void leaderboardAnswersTheLastQuestion();

private:
    QThreadPool m_pool;
};

void TestJobs::reportStoppedWhileReadingWritesNothing()
{
    HeldBackReadings source;
    jobs::ReportJob job{source, m_pool};
    const QSignalSpy finished{&job, &jobs::ReportJob::finished};
    std::atomic<bool> written{false};
    job.start({}, "a.html", [&](const report::Report&, const std::string&) {
        written = true;
        return domain::Status{domain::Nothing{}};
    });
    QTRY_COMPARE(source.readings.asked(), std::size_t{1});
    job.cancel();
    QTRY_VERIFY(source.readings.isCancelled(0));
    source.readings.answer(0, domain::AuditReading{});
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(statusOf(finished).error().fault, domain::Fault::Cancelled);
    QVERIFY(!written);
}

/// What is on the disk is not called nothing, however late somebody pressed Stop.
void TestJobs::reportStoppedWhileWritingSaysThatItIsThere()
{
    HeldBackReadings source;
    jobs::ReportJob job{source, m_pool};
    const QSignalSpy finished{&job, &jobs::ReportJob::finished};
    std::binary_semaphore begun{0};
    std::binary_semaphore goOn{0};
    job.start({}, "a.html", [&](const report::Report&, const std::string&) {
        begun.release();
        goOn.acquire();
        return domain::Status{domain::Nothing{}};
    });
    QTRY_COMPARE(source.readings.asked(), std::size_t{1});
    source.readings.answer(0, domain::AuditReading{});
    begun.acquire();
    job.cancel();
    goOn.release();
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(statusOf(finished).has_value());
}

void TestJobs::defectOfAWriterIsAnError()
{
    HeldBackReadings source;
    jobs::ReportJob job{source, m_pool};
    const QSignalSpy finished{&job, &jobs::ReportJob::finished};
    job.start({}, "a.html", [](const report::Report&, const std::string&) -> domain::Status { throw std::runtime_error{"odd"}; });
    QTRY_COMPARE(source.readings.asked(), std::size_t{1});
    source.readings.answer(0, domain::AuditReading{});
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(statusOf(finished).error().detail.find("odd") != std::string::npos);
}

void TestJobs::scanStops()
{
    EndlessVotes source;
    jobs::ScanJob job{source, m_pool};
    const QSignalSpy progressed{&job, &jobs::ScanJob::progressed};
    const QSignalSpy finished{&job, &jobs::ScanJob::finished};
    job.start({}, [] { return domain::Result<detect::Rules>{detect::defaultRules()}; });
    QTRY_VERIFY(!progressed.isEmpty());
    job.cancel();
    QTRY_COMPARE(finished.count(), 1);
    const auto answer = finished[0][0].value<domain::Result<detect::ScanReport>>();
    QCOMPARE(answer.error().fault, domain::Fault::Cancelled);
    QVERIFY(!job.isRunning());
}

void TestJobs::scanOutOfMemoryIsAnError()
{
    EndlessVotes source;
    source.throws = true;
    jobs::ScanJob job{source, m_pool};
    const QSignalSpy finished{&job, &jobs::ScanJob::finished};
    job.start({}, [] { return domain::Result<detect::Rules>{detect::defaultRules()}; });
    QTRY_COMPARE(finished.count(), 1);
    const auto answer = finished[0][0].value<domain::Result<detect::ScanReport>>();
    QCOMPARE(answer.error().fault, domain::Fault::Unavailable);
    QVERIFY(answer.error().detail.find("memory") != std::string::npos);
}

void TestJobs::leaderboardAnswersTheLastQuestion()
{
    HeldBackScores source;
    jobs::LeaderboardJob job{source, m_pool};
    const QSignalSpy answered{&job, &jobs::LeaderboardJob::answered};
    const QSignalSpy failed{&job, &jobs::LeaderboardJob::failed};
    job.ask(inBins(10));
    job.ask(inBins(20));
    QVERIFY(source.scores.isCancelled(0));
    source.scores.answer(0, domain::failure(domain::Fault::Unavailable, "an old question"));
    domain::ScoreHistory history;
    history.bins = 20;
    source.scores.answer(1, history);
    QTRY_COMPARE(answered.count(), 1);
    QVERIFY(failed.isEmpty());
    job.forgetHistory();
    job.ask(inBins(20));
    source.scores.answer(2, domain::failure(domain::Fault::Unavailable, "no server"));
    QTRY_COMPARE(failed.count(), 1);
}

QTEST_GUILESS_MAIN(TestJobs)
#include "tst_jobs.moc"
