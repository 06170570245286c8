#include <QTemporaryDir>
#include <QtTest>

#include <future>
#include <thread>

#include "elevated/elevated_session.h"
#include "support/site.h"

using namespace scr;
using namespace scr::test;
using domain::Fault;
using elevated::ElevatedSession;

namespace {

constexpr const char* kAdapters[] = {"reference", "unprotected", "imported"};

QString words(const domain::Error& error)
{
    return QString::fromStdString(sentenceOf(error));
}

#define VERIFY_OK(result) QVERIFY2((result).has_value(), (result) ? "" : qPrintable(words((result).error())))

} // namespace

/// Voids and restores on a real server, through every adapter: what the console does, without a window.
class TestVoidAndRestore : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void exactlyBack_data() { adapters(); }
    void exactlyBack();
    void sameRequestTwice_data() { adapters(); }
    void sameRequestTwice();
    void otherPayloadSameId();
    void changedSinceReview();
    void twoSessionsAtOnce_data() { adapters(); }
    void twoSessionsAtOnce();
    void onlyConfirmedFlags();
    void flagStatesFollow();
    void reviewConflict();
    void twoPeople();
    void withdrawnProposal();
    void killedDuringCommit();
    void killedServer();
    void doubtStaysUntilTheDatabaseAnswers();
    void givenUpIsNeverCarriedOut();
    void changedAndDeletedVotesStayOut();
    void driftIsNotVoidedTwice();
    void readersCannotHoldARequest();
    void voidsOutliveACrash();
    void refusedInWords();
    void rolesFromBothSides();

private:
    static void adapters()
    {
        QTest::addColumn<QString>("adapter");
        for (const char* adapter : kAdapters)
            QTest::newRow(adapter) << QString::fromLatin1(adapter);
    }
    [[nodiscard]] ElevatedSession session(const std::string& database, const std::string& user = "admin") const
    {
        return {m_server.target(database, user), m_journal.path().toStdString()};
    }

    TestServer m_server;
    QTemporaryDir m_journal;
};

void TestVoidAndRestore::initTestCase()
{
    for (const char* adapter : kAdapters) {
        m_server.createSource(adapter, adapter);
        fillSite(m_server, adapter, 40, 5);
    }
    m_server.createSource("two_people", "imported", true);
    fillSite(m_server, "two_people", 10, 2);
}

void TestVoidAndRestore::exactlyBack()
{
    QFETCH(QString, adapter);
    const std::string db = adapter.toStdString();
    const auto before = scores(m_server, db);
    const auto rowsBefore = m_server.queryRows(db, "SELECT * FROM scrutineer.vote ORDER BY vote_key");
    const domain::VoidPlan plan = voidPlan(m_server, db, firstVotes(m_server, db, 13));
    const auto receipt = session(db).commit(plan, "thirteen votes of one hand");
    VERIFY_OK(receipt);
    QCOMPARE(receipt->votes, 13);
    QCOMPARE(receipt->posts, 5);
    QVERIFY(!receipt->repeated);
    QCOMPARE(receipt->actor, std::string{"admin"});
    QCOMPARE(m_server.queryText(db, "SELECT count(*) FROM scrutineer.vote WHERE state = 'voided'"), std::string{"13"});
    for (const auto& row : scores(m_server, db))
        QCOMPARE(row[1], row[2]); // the site's counter went along
    const auto restored = session(db).commit(restorePlan(m_server, db, plan), "it was somebody else");
    VERIFY_OK(restored);
    QCOMPARE(restored->votes, 13);
    QCOMPARE(scores(m_server, db), before);
    QCOMPARE(m_server.queryRows(db, "SELECT * FROM scrutineer.vote ORDER BY vote_key"), rowsBefore);
    const auto again = session(db).commit(voidPlan(m_server, db, firstVotes(m_server, db, 13)), "no, it was them");
    VERIFY_OK(again);
    QCOMPARE(m_server.queryText(db, "SELECT max(round) FROM scrutineer.vote_void"), std::string{"2"});
    QCOMPARE(m_server.queryText(db,
                                "SELECT string_agg(kind || ' ' || outcome, ', ' ORDER BY entry_key) FROM scrutineer.log_entry "
                                "WHERE kind IN ('void', 'restore')"),
             std::string{"void done, restore done, void done"});
}

void TestVoidAndRestore::sameRequestTwice()
{
    QFETCH(QString, adapter);
    const std::string db = adapter.toStdString();
    const std::string vote =
        m_server.queryText(db, "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY vote_key LIMIT 1");
    const domain::VoidPlan plan = voidPlan(m_server, db, {vote});
    const auto first = session(db).commit(plan, "once");
    VERIFY_OK(first);
    const auto before = scores(m_server, db);
    const auto second = session(db).commit(plan, "once");
    VERIFY_OK(second);
    QVERIFY(second->repeated);
    QCOMPARE(second->committedAt, first->committedAt);
    QCOMPARE(scores(m_server, db), before);
}

void TestVoidAndRestore::otherPayloadSameId()
{
    const auto votes =
        m_server.queryRows("imported", "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY vote_key LIMIT 2");
    domain::VoidPlan plan = voidPlan(m_server, "imported", {votes[0][0]});
    VERIFY_OK(session("imported").commit(plan, "the first"));
    domain::VoidPlan other = voidPlan(m_server, "imported", {votes[1][0]});
    other.request = plan.request;
    const auto refused = session("imported").commit(other, "another");
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, Fault::Rejected);
    QVERIFY(words(refused.error()).contains(QStringLiteral("used for something else")));
    const auto proposal = session("imported").propose(other, "another");
    QVERIFY(!proposal);
    QCOMPARE(m_server.queryText("imported", "SELECT state FROM scrutineer.vote WHERE vote_key = '" + votes[1][0] + "'"),
             std::string{"counted"});
}

void TestVoidAndRestore::changedSinceReview()
{
    const auto votes =
        m_server.queryRows("imported", "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY vote_key LIMIT 3");
    const domain::VoidPlan mine = voidPlan(m_server, "imported", {votes[0][0], votes[1][0], votes[2][0]});
    VERIFY_OK(session("imported", "admin2").commit(voidPlan(m_server, "imported", {votes[1][0]}), "faster"));
    const auto before = scores(m_server, "imported");
    const auto refused = session("imported").commit(mine, "slower");
    QVERIFY(!refused);
    QCOMPARE(refused.error().fault, Fault::Rejected);
    QVERIFY2(words(refused.error()).contains(QString::fromStdString("vote " + votes[1][0] + " is voided now (V-")),
             qPrintable(words(refused.error())));
    QVERIFY(words(refused.error()).contains(QStringLiteral("by admin2")));
    QCOMPARE(scores(m_server, "imported"), before);
}

void TestVoidAndRestore::twoSessionsAtOnce()
{
    QFETCH(QString, adapter);
    const std::string db = adapter.toStdString();
    const std::string counted = m_server.queryText(db, "SELECT count(*) FROM scrutineer.vote WHERE state = 'counted'");
    std::vector<std::string> keys;
    for (const auto& row :
         m_server.queryRows(db, "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY vote_key LIMIT 50"))
        keys.push_back(row[0]);
    const domain::VoidPlan one = voidPlan(m_server, db, keys);
    const domain::VoidPlan two = voidPlan(m_server, db, keys);
    auto first = std::async(std::launch::async, [&] { return session(db, "admin").commit(one, "one"); });
    auto second = std::async(std::launch::async, [&] { return session(db, "admin2").commit(two, "two"); });
    const auto a = first.get();
    const auto b = second.get();
    QCOMPARE(int{a.has_value()} + int{b.has_value()}, 1);
    QCOMPARE((a ? b : a).error().fault, Fault::Rejected);
    QCOMPARE(m_server.queryText(db, "SELECT count(*) FROM scrutineer.vote WHERE state = 'counted'"),
             std::to_string(std::stoi(counted) - 50));
    for (const auto& row : scores(m_server, db))
        QCOMPARE(row[1], row[2]);
}

void TestVoidAndRestore::onlyConfirmedFlags()
{
    const auto votes = m_server.queryRows(
        "imported", "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY vote_key DESC LIMIT 4");
    const domain::Flag flag = flagOn("39", "1", {votes[0][0], votes[1][0], votes[2][0]});
    VERIFY_OK(session("imported", "moderator").record(elevated::newRequestId(), {flag}));
    const auto open = session("imported").commit(voidPlan(m_server, "imported", {votes[1][0]}, {flag.key}), "too early");
    QVERIFY(!open);
    QVERIFY(words(open.error()).contains(QStringLiteral("is open, not confirmed")));
    VERIFY_OK(
        session("imported", "moderator").review({elevated::newRequestId(), flag.key, domain::Decision::Confirm, "clear", {}, 0}));
    const auto alien = session("imported").commit(voidPlan(m_server, "imported", {votes[3][0]}, {flag.key}), "not of this flag");
    QVERIFY(!alien);
    QVERIFY(words(alien.error()).contains(QStringLiteral("is not an extra vote")));
    VERIFY_OK(session("imported").commit(voidPlan(m_server, "imported", {votes[1][0], votes[2][0]}, {flag.key}), "as confirmed"));
}

void TestVoidAndRestore::flagStatesFollow()
{
    const auto stateOf = [&](const domain::Flag& flag) {
        return m_server.queryText("unprotected",
                                  "SELECT state FROM scrutineer.flag_queue WHERE flag_key = '" + flag.key.text + "'", "reader");
    };
    const auto votes = m_server.queryRows(
        "unprotected", "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY vote_key DESC LIMIT 3");
    const domain::Flag flag = flagOn("38", "2", {votes[0][0], votes[1][0], votes[2][0]});
    const auto recorded = session("unprotected").record(elevated::newRequestId(), {flag});
    VERIFY_OK(recorded);
    QCOMPARE(recorded->recorded, 1);
    const auto known = session("unprotected").record(elevated::newRequestId(), {flag});
    VERIFY_OK(known);
    QCOMPARE(known->recorded, 0);
    QCOMPARE(known->known, 1);
    QCOMPARE(stateOf(flag), std::string{"open"});
    domain::ReviewOrder order{elevated::newRequestId(), flag.key, domain::Decision::Snooze, "later", {}, 0};
    order.snoozeUntil = domain::timeOf(4'000'000'000'000'000);
    const auto snoozed = session("unprotected").review(order);
    VERIFY_OK(snoozed);
    QCOMPARE(stateOf(flag), std::string{"snoozed"});
    const auto confirmed =
        session("unprotected")
            .review({elevated::newRequestId(), flag.key, domain::Decision::Confirm, "clear", {}, snoozed->review});
    VERIFY_OK(confirmed);
    QCOMPARE(stateOf(flag), std::string{"confirmed"});
    const domain::VoidPlan plan = voidPlan(m_server, "unprotected", {votes[1][0], votes[2][0]}, {flag.key});
    VERIFY_OK(session("unprotected").commit(plan, "out"));
    QCOMPARE(stateOf(flag), std::string{"voided"});
    const auto late = session("unprotected")
                          .review({elevated::newRequestId(), flag.key, domain::Decision::Dismiss, "hm", {}, confirmed->review});
    QVERIFY(!late);
    VERIFY_OK(session("unprotected").commit(restorePlan(m_server, "unprotected", plan), "back"));
    QCOMPARE(stateOf(flag), std::string{"confirmed"});
}

void TestVoidAndRestore::reviewConflict()
{
    const domain::Flag flag = flagOn("37", "3", {"1", "2"});
    VERIFY_OK(session("imported").record(elevated::newRequestId(), {flag}));
    VERIFY_OK(
        session("imported", "moderator").review({elevated::newRequestId(), flag.key, domain::Decision::Dismiss, "fine", {}, 0}));
    const auto late =
        session("imported", "admin").review({elevated::newRequestId(), flag.key, domain::Decision::Confirm, "bad", {}, 0});
    QVERIFY(!late);
    QCOMPARE(late.error().fault, Fault::Rejected);
    QVERIFY2(words(late.error()).startsWith(QStringLiteral("moderator decided \"dismiss\" at ")),
             qPrintable(words(late.error())));
}

void TestVoidAndRestore::twoPeople()
{
    const domain::VoidPlan plan = voidPlan(m_server, "two_people", firstVotes(m_server, "two_people", 4));
    const auto alone = session("two_people").commit(plan, "alone");
    QVERIFY(!alone);
    QVERIFY(words(alone.error()).contains(QStringLiteral("needs two people")));
    VERIFY_OK(session("two_people").propose(plan, "four votes"));
    const auto own = session("two_people").approve(plan);
    QVERIFY(!own);
    QVERIFY(words(own.error()).contains(QStringLiteral("yourself")));
    const auto approved = session("two_people", "admin2").approve(plan);
    VERIFY_OK(approved);
    QCOMPARE(approved->votes, 4);
    QCOMPARE(m_server.queryText("two_people",
                                "SELECT state || ' ' || requested_by || ' ' || approved_by FROM scrutineer.void_history"),
             std::string{"done admin admin2"});
    const auto again = session("two_people", "admin2").approve(plan);
    VERIFY_OK(again);
    QVERIFY(again->repeated);
}

void TestVoidAndRestore::withdrawnProposal()
{
    const std::string vote = m_server.queryText(
        "two_people", "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY vote_key LIMIT 1");
    const domain::VoidPlan plan = voidPlan(m_server, "two_people", {vote});
    VERIFY_OK(session("two_people", "admin").propose(plan, "one vote"));
    const auto foreign = session("two_people", "moderator").withdraw(plan.request, "not mine");
    QVERIFY(!foreign);
    VERIFY_OK(session("two_people", "admin").withdraw(plan.request, "a mistake"));
    const auto late = session("two_people", "admin2").approve(plan);
    QVERIFY(!late);
    QVERIFY(words(late.error()).contains(QStringLiteral("withdrawn already")));
}

/// A deferred trigger holds the COMMIT open; the backend is ended in the middle of it. The answer is in doubt, the same request
/// is sent again by itself, and in the end the votes are voided once.
void TestVoidAndRestore::killedDuringCommit()
{
    m_server.execute("imported",
                     "CREATE FUNCTION public.slow_commit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
                     "$$ BEGIN IF pg_try_advisory_lock(4711) THEN PERFORM pg_sleep(30); END IF; RETURN NULL; END $$;"
                     "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON scrutineer.void_execution DEFERRABLE INITIALLY DEFERRED "
                     "FOR EACH ROW EXECUTE FUNCTION public.slow_commit()");
    const std::string vote =
        m_server.queryText("imported", "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY vote_key LIMIT 1");
    const domain::VoidPlan plan = voidPlan(m_server, "imported", {vote});
    auto answer = std::async(std::launch::async, [&] { return session("imported").commit(plan, "in doubt"); });
    const std::string waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'admin' AND query ILIKE 'commit%' AND state = 'active'";
    QTRY_COMPARE_WITH_TIMEOUT(m_server.queryText("imported", waiting), std::string{"1"}, 10000);
    // The lock keeps the retry from waiting as well.
    m_server.execute("imported",
                     "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'admin' AND query ILIKE 'commit%';"
                     "DROP TRIGGER slow ON scrutineer.void_execution");
    const auto receipt = answer.get();
    VERIFY_OK(receipt);
    QCOMPARE(receipt->votes, 1);
    QCOMPARE(m_server.queryText("imported",
                                "SELECT count(*) FROM scrutineer.vote_void WHERE request_id = '" + plan.request.text + "'"),
             std::string{"1"});
    const auto open = session("imported").unfinished();
    VERIFY_OK(open);
    QVERIFY(open->empty());
}

void TestVoidAndRestore::killedServer()
{
    const std::string vote =
        m_server.queryText("imported", "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY vote_key LIMIT 1");
    const domain::VoidPlan plan = voidPlan(m_server, "imported", {vote});
    VERIFY_OK(m_server.server().stop());
    const auto down = session("imported").commit(plan, "no server");
    QVERIFY(!down);
    QCOMPARE(down.error().fault, Fault::Unavailable);
    QVERIFY(!down.error().remedy.empty());
    VERIFY_OK(m_server.server().start());
    VERIFY_OK(session("imported").commit(plan, "no server"));
}

/// What was in doubt stays so however often it is sent to a server that does not answer, and is settled by the first answer.
void TestVoidAndRestore::doubtStaysUntilTheDatabaseAnswers()
{
    const std::string vote =
        m_server.queryText("imported", "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY vote_key LIMIT 1");
    const domain::VoidPlan plan = voidPlan(m_server, "imported", {vote});
    const elevated::RequestJournal journal{m_journal.path().toStdString()};
    const elevated::WriteCall call{plan.request, "void_votes", {"{\"" + vote + "\"}", plan.digest, "lost on the way", "{}"}};
    VERIFY_OK(journal.sending(call, domain::labelOf(m_server.target("imported", "admin"))));
    const elevated::ElevatedSession admin{m_server.target("imported", "admin"), m_journal.path().toStdString()};
    VERIFY_OK(m_server.server().stop());
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto open = admin.unfinished();
        VERIFY_OK(open);
        QCOMPARE(open->size(), std::size_t{1});
        const auto resent = admin.resend(open->front());
        QVERIFY(!resent);
        QCOMPARE(resent.error().fault, Fault::InDoubt);
    }
    VERIFY_OK(m_server.server().start());
    const auto open = admin.unfinished();
    VERIFY_OK(open);
    QCOMPARE(open->size(), std::size_t{1});
    const auto resent = admin.resend(open->front());
    VERIFY_OK(resent);
    QVERIFY(resent->find("was carried out now") != std::string::npos);
    QVERIFY(admin.unfinished()->empty());
    QCOMPARE(m_server.queryText("imported", "SELECT state FROM scrutineer.vote WHERE vote_key = '" + vote + "'"),
             std::string{"voided"});
}

/// Given up, a request that arrives late is refused; one that had been carried out is told, and stands.
void TestVoidAndRestore::givenUpIsNeverCarriedOut()
{
    const std::string vote =
        m_server.queryText("imported", "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY vote_key LIMIT 1");
    const std::string state = "SELECT state FROM scrutineer.vote WHERE vote_key = '" + vote + "'";
    const elevated::RequestJournal journal{m_journal.path().toStdString()};
    const elevated::ElevatedSession admin = session("imported");
    const std::string here = domain::labelOf(m_server.target("imported", "admin"));
    const auto lost = [&](const domain::VoidPlan& plan) {
        return elevated::WriteCall{plan.request, "void_votes", {"{\"" + vote + "\"}", plan.digest, "lost on the way", "{}"}};
    };

    const domain::VoidPlan unwanted = voidPlan(m_server, "imported", {vote});
    VERIFY_OK(journal.sending(lost(unwanted), here));
    VERIFY_OK(m_server.server().stop());
    const auto down = admin.giveUp(admin.unfinished()->front());
    QVERIFY(!down);
    QCOMPARE(down.error().fault, Fault::InDoubt);
    VERIFY_OK(m_server.server().start());
    const auto never = admin.giveUp(admin.unfinished()->front());
    VERIFY_OK(never);
    QCOMPARE(*never, std::string{"The void, \"lost on the way\" was not carried out, and never will be"});
    QVERIFY(admin.unfinished()->empty());
    const auto late = admin.commit(unwanted, "lost on the way");
    QVERIFY(!late);
    QVERIFY(words(late.error()).contains(QStringLiteral("admin gave this request up")));
    QCOMPARE(m_server.queryText("imported", state), std::string{"counted"});

    const domain::VoidPlan done = voidPlan(m_server, "imported", {vote});
    VERIFY_OK(admin.commit(done, "lost on the way"));
    VERIFY_OK(journal.sending(lost(done), here));
    const auto carriedOut = admin.giveUp(admin.unfinished()->front());
    VERIFY_OK(carriedOut);
    QVERIFY(carriedOut->find("had been carried out before (V-") != std::string::npos);
    QVERIFY(admin.unfinished()->empty());
    QCOMPARE(m_server.queryText("imported", state), std::string{"voided"});
}

void TestVoidAndRestore::changedAndDeletedVotesStayOut()
{
    const auto rows =
        m_server.queryRows("imported", "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY 1 LIMIT 4");
    const std::string same = rows[0][0];
    const std::string later = rows[1][0];
    const std::string changed = rows[2][0];
    const std::string gone = rows[3][0];
    const domain::VoidPlan plan = voidPlan(m_server, "imported", {same, later, changed, gone});
    VERIFY_OK(session("imported").commit(plan, "v"));
    m_server.execute("imported", "UPDATE imported.vote SET value = 1000 WHERE vote_key = '" + changed + "'");
    m_server.execute("imported", "DELETE FROM imported.vote WHERE vote_key = '" + gone + "'");

    const domain::VoidPlan reviewed = restorePlan(m_server, "imported", plan);
    QCOMPARE(reviewed.votes.size(), std::size_t{2});
    m_server.execute("imported", "UPDATE imported.vote SET value = 1000 WHERE vote_key = '" + later + "'");
    const auto stale = session("imported").commit(reviewed, "back");
    QVERIFY(!stale);
    QCOMPARE(stale.error().fault, Fault::Rejected);
    QVERIFY2(words(stale.error()).contains(QString::fromStdString(later)), qPrintable(words(stale.error())));
    QVERIFY2(words(stale.error()).contains(QStringLiteral("when it was voided")), qPrintable(words(stale.error())));

    const auto restored = session("imported").commit(restorePlan(m_server, "imported", plan), "back");
    VERIFY_OK(restored);
    QCOMPARE(restored->votes, 1);
    QCOMPARE(
        m_server.queryText("imported", "SELECT string_agg(vote_key || ' ' || state, ', ' ORDER BY vote_key) FROM scrutineer.vote "
                                       "WHERE vote_key IN ('" +
                                           same + "', '" + later + "', '" + changed + "')"),
        same + " counted, " + later + " voided, " + changed + " voided");
    const auto none = session("imported").commit(restorePlan(m_server, "imported", plan), "back");
    QVERIFY(!none);
    QCOMPARE(none.error().fault, Fault::Rejected);
    m_server.execute("imported", "UPDATE imported.vote SET value = 1 WHERE value = 1000");
    const auto rest = session("imported").commit(restorePlan(m_server, "imported", plan), "the rest");
    VERIFY_OK(rest);
    QCOMPARE(rest->votes, 2);
}

/// Raced votes whose updates of the score were lost are in the rows only: a void must not take them off the score again.
void TestVoidAndRestore::driftIsNotVoidedTwice()
{
    const auto votes = m_server.queryRows("unprotected", "SELECT vote_key, post_key FROM scrutineer.vote WHERE state = 'counted' "
                                                         "AND post_key = (SELECT min(post_key) FROM scrutineer.vote) ORDER BY 1");
    QVERIFY(votes.size() >= 3);
    m_server.execute("unprotected", "UPDATE unprotected.post SET score = score - 2 WHERE post_key = " + votes[0][1]);
    const auto score = [&] {
        return m_server.queryText("unprotected",
                                  "SELECT p.counter = (SELECT sum(v.value) FROM scrutineer.vote v WHERE v.state = 'counted' AND "
                                  "v.post_key = p.post_key) FROM scrutineer.post p WHERE post_key = " +
                                      votes[0][1]);
    };
    QCOMPARE(score(), std::string{"f"});
    const domain::VoidPlan plan = voidPlan(m_server, "unprotected", {votes[0][0], votes[1][0]});
    VERIFY_OK(session("unprotected").commit(plan, "raced"));
    QCOMPARE(score(), std::string{"t"});
    VERIFY_OK(session("unprotected").commit(restorePlan(m_server, "unprotected", plan), "not raced"));
    QCOMPARE(score(), std::string{"t"});
}

/// Readers see request ids; they must not be able to keep one from being answered.
void TestVoidAndRestore::readersCannotHoldARequest()
{
    const std::string refused = "DO $$ BEGIN PERFORM 1 FROM scrutineer.request_gate FOR KEY SHARE; RAISE 'held'; "
                                "EXCEPTION WHEN insufficient_privilege THEN NULL; END $$";
    m_server.execute("imported", "SET ROLE reader; " + refused);
    QCOMPARE(m_server.queryText("imported", "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
                                            "WHERE n.nspname = 'scrutineer' AND prosrc ILIKE '%advisory%'"),
             std::string{"0"});
}

/// A site may let its voters' commits be lost in a crash; a void that was reported as done may not.
void TestVoidAndRestore::voidsOutliveACrash()
{
    m_server.execute("imported", "ALTER DATABASE imported SET synchronous_commit = off");
    m_server.execute("imported",
                     "CREATE TABLE public.seen (setting text); GRANT ALL ON public.seen TO PUBLIC;"
                     "CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
                     "$$ BEGIN INSERT INTO public.seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;"
                     "CREATE TRIGGER see AFTER INSERT ON scrutineer.void_execution FOR EACH ROW EXECUTE FUNCTION public.see()");
    VERIFY_OK(
        session("imported")
            .commit(voidPlan(m_server, "imported",
                             {m_server.queryText(
                                 "imported", "SELECT vote_key FROM scrutineer.vote WHERE state = 'counted' ORDER BY 1 LIMIT 1")}),
                    "kept"));
    QCOMPARE(m_server.queryText("imported", "SELECT DISTINCT setting FROM public.seen"), std::string{"on"});
    m_server.execute("imported", "DROP TRIGGER see ON scrutineer.void_execution; DROP TABLE public.seen;"
                                 "ALTER DATABASE imported RESET synchronous_commit");
}

void TestVoidAndRestore::refusedInWords()
{
    domain::VoidPlan none = voidPlan(m_server, "imported", {});
    QCOMPARE(session("imported").commit(none, "nothing").error().fault, Fault::Rejected);
    domain::VoidPlan blank = voidPlan(m_server, "imported", firstVotes(m_server, "imported", 1));
    QVERIFY(words(session("imported").commit(blank, "  ").error()).contains(QStringLiteral("without a reason")));
    domain::VoidPlan odd = voidPlan(m_server, "reference", {});
    odd.votes.push_back({});
    odd.votes.back().key = domain::VoteKey{"not a \"number\\"};
    QVERIFY(words(session("reference").commit(odd, "odd").error()).contains(QStringLiteral("not one of this source")));
    m_server.createDatabase("bare");
    const auto bare = session("bare", "scrutineer_dba").logExport(elevated::newRequestId(), "x");
    QVERIFY2(words(bare.error()).contains(QStringLiteral("scrutineerctl init")), qPrintable(words(bare.error())));
}

void TestVoidAndRestore::rolesFromBothSides()
{
    const domain::VoidPlan plan =
        voidPlan(m_server, "imported",
                 {m_server.queryText("imported", "SELECT max(vote_key) FROM scrutineer.vote WHERE state = 'counted'")});
    for (const char* user : {"reader", "moderator", "auditor"}) {
        const auto refused = session("imported", user).commit(plan, "not allowed");
        QVERIFY(!refused);
        QCOMPARE(refused.error().fault, Fault::Rejected);
        QCOMPARE(refused.error().sqlstate, std::string{"42501"});
    }
    VERIFY_OK(session("imported", "moderator").propose(plan, "a moderator may propose"));
    VERIFY_OK(session("imported", "auditor").logExport(elevated::newRequestId(), "report.html"));
    VERIFY_OK(session("imported", "admin").approve(plan));
    for (const char* statement :
         {"DELETE FROM imported.vote", "UPDATE scrutineer.vote SET value = 0", "SELECT * FROM imported.vote",
          "INSERT INTO scrutineer.log_entry (kind, subject, outcome, detail) VALUES ('void', '', '', '')",
          "SELECT scrutineer.carry_out(NULL, false)", "CREATE TEMP TABLE t (i int)", "SELECT lo_create(0)"})
        QVERIFY_EXCEPTION_THROWN(m_server.executeAs("imported", "admin", statement), std::runtime_error);
}

QTEST_GUILESS_MAIN(TestVoidAndRestore)
#include "tst_void_and_restore.moc"
