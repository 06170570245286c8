#include <stdexcept>

#include <QSignalSpy>
#include <QTest>

#include "actions/export_action.h"
#include "held_back_moderation.h"

using namespace scr;

class TestExportAction : public QObject {
    Q_OBJECT
private slots:
    void whatWasWrittenIsLogged();
    void whatWasNotWrittenIsNot();
    void aLogThatCannotBeToldIsSaid();

private:
    [[nodiscard]] static domain::Status statusOf(const QSignalSpy& finished) { return finished[0][1].value<domain::Status>(); }

    QThreadPool m_pool;
};

void TestExportAction::whatWasWrittenIsLogged()
{
    test::HeldBackModeration moderation;
    actions::ExportAction action{moderation, m_pool};
    const QSignalSpy finished{&action, &actions::ExportAction::finished};
    QVERIFY(action.start(QStringLiteral("a.csv"), "leaderboard, a.csv", [] { return domain::Status{domain::Nothing{}}; }));
    QVERIFY(!action.start(QStringLiteral("b.csv"), "another", [] { return domain::Status{domain::Nothing{}}; }));
    QTRY_COMPARE(moderation.exports.size(), std::size_t{1});
    QCOMPARE(moderation.exports[0], std::string{"leaderboard, a.csv"});
    QVERIFY(finished.isEmpty());
    moderation.statuses.answer(0, domain::Nothing{});
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(statusOf(finished));
}

void TestExportAction::whatWasNotWrittenIsNot()
{
    test::HeldBackModeration moderation;
    actions::ExportAction action{moderation, m_pool};
    const QSignalSpy finished{&action, &actions::ExportAction::finished};
    action.start(QStringLiteral("a.csv"), "detail", []() -> domain::Status { throw std::runtime_error{"a defect"}; });
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(!statusOf(finished));
    QVERIFY(statusOf(finished).error().detail.find("a defect") != std::string::npos);
    QVERIFY(moderation.exports.empty());
    QVERIFY(!action.isRunning());
}

void TestExportAction::aLogThatCannotBeToldIsSaid()
{
    test::HeldBackModeration moderation;
    actions::ExportAction action{moderation, m_pool};
    const QSignalSpy finished{&action, &actions::ExportAction::finished};
    action.start(QStringLiteral("a.csv"), "detail", [] { return domain::Status{domain::Nothing{}}; });
    QTRY_COMPARE(moderation.exports.size(), std::size_t{1});
    moderation.statuses.answer(0, domain::failure(domain::Fault::Unavailable, "no server"));
    QTRY_COMPARE(finished.count(), 1);
    QVERIFY(!statusOf(finished));
    QCOMPARE(statusOf(finished).error().detail, std::string{"a.csv was written, but the audit log does not say so: no server"});
}

QTEST_GUILESS_MAIN(TestExportAction)
#include "tst_export_action.moc"
