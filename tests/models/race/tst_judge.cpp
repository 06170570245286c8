#include <algorithm>

#include <QtTest>

#include "race/judge.h"

using namespace scr::race;

namespace {

Call castCall(const char* token, const char* post, const char* request, const char* outcome, const char* vote = "")
{
    Call call;
    call.token = token;
    call.post = post;
    call.requestKey = request;
    call.value = 1;
    call.sentAt = 1000;
    call.answeredAt = 2000;
    call.outcome = outcome;
    call.vote = vote;
    return call;
}

StoredVote stored(const char* vote, const char* token, const char* post)
{
    return {vote, token, post, 1, true, 0};
}

LoggedAttempt logged(const char* token, const char* post, const char* request, const char* outcome)
{
    return {token, post, "cast", outcome, request};
}

/// One round in which everything went as it should: accepted once, refused once.
struct Case {
    Journal journal;
    Evidence evidence;

    explicit Case(Pattern pattern)
    {
        journal.pattern = pattern;
        journal.rounds = 1;
        journal.calls = {castCall("t", "p", "r1", "accepted", "v1"), castCall("t", "p", "r2", "duplicate")};
        evidence.votes = {stored("v1", "t", "p")};
        evidence.attempts = {logged("t", "p", "r1", "accepted"), logged("t", "p", "r2", "duplicate")};
        evidence.scores = {{"p", 1}};
    }
    [[nodiscard]] std::vector<Breach> breaches() const
    {
        std::vector<Breach> kinds;
        for (const Violation& violation : judge(journal, evidence))
            kinds.push_back(violation.breach);
        std::ranges::sort(kinds);
        return kinds;
    }
    [[nodiscard]] Call& call(std::size_t index) { return journal.calls[index]; }
};

using Breaches = std::vector<Breach>;

/// Two votes of different tokens on "p", the second sent after the post was closed or the token revoked.
Case ended(Pattern pattern, Action action)
{
    Case round{pattern};
    Call end;
    end.action = action;
    end.token = action == Action::Revoke ? "t" : "";
    end.post = action == Action::Close ? "p" : "";
    end.sentAt = 1500;
    end.answeredAt = 2500;
    end.outcome = "done";
    end.votes = {"v1"};
    round.journal.calls.push_back(end);
    return round;
}

Case voided()
{
    Case round{Pattern::TwoVoids};
    Call call;
    call.action = Action::Void;
    call.post = "p";
    call.votes = {"v1"};
    call.outcome = "done";
    round.journal.calls.push_back(call);
    call.outcome = "changed";
    round.journal.calls.push_back(call);
    round.evidence.votes[0].counted = false;
    round.evidence.votes[0].voids = 1;
    round.evidence.scores[0].score = 0;
    return round;
}

} // namespace

/// Each kind of breach is found, and nothing is found where nothing is wrong.
class TestJudge : public QObject {
    Q_OBJECT
private slots:
    void namesArePatternsAgain();
    void nothingIsWrong_data();
    void nothingIsWrong();
    void votes();
    void scores();
    void theLog();
    void requests();
    void history();
    void ends();
    void limits();
    void voids();
    void failures();
};

void TestJudge::namesArePatternsAgain()
{
    for (const Pattern pattern : kPatterns) {
        QVERIFY(patternOf(nameOf(pattern)) == pattern);
        QVERIFY(!titleOf(pattern).empty());
    }
    QVERIFY(!patternOf("nonsense"));
}

void TestJudge::nothingIsWrong_data()
{
    QTest::addColumn<int>("pattern");
    for (const Pattern pattern :
         {Pattern::SamePost, Pattern::ChangeAndCast, Pattern::CloseAndCast, Pattern::VoidAndCast, Pattern::RevokeAndCast})
        QTest::newRow(nameOf(pattern).data()) << static_cast<int>(pattern);
}

void TestJudge::nothingIsWrong()
{
    QFETCH(int, pattern);
    QCOMPARE(Case{static_cast<Pattern>(pattern)}.breaches(), Breaches{});
}

void TestJudge::votes()
{
    Case twice{Pattern::SamePost};
    twice.evidence.votes.push_back(stored("v2", "t", "p"));
    twice.evidence.scores[0].score = 2;
    QCOMPARE(twice.breaches(), Breaches{Breach::SecondVote});

    Case told{Pattern::SamePost};
    told.call(1).outcome = "accepted";
    told.evidence.attempts[1].outcome = "accepted";
    QCOMPARE(told.breaches(), Breaches{Breach::AcceptedTwice});

    Case lost{Pattern::SamePost};
    lost.evidence.votes.clear();
    lost.evidence.scores[0].score = 0;
    QCOMPARE(lost.breaches(), Breaches{Breach::LostVote});

    Case invented{Pattern::SamePost};
    invented.call(0).outcome = "duplicate";
    invented.evidence.attempts[0].outcome = "duplicate";
    QCOMPARE(invented.breaches(), Breaches{Breach::InventedVote});

    Case another{Pattern::SamePost};
    another.evidence.votes[0].value = -1;
    another.evidence.scores[0].score = -1;
    QCOMPARE(another.breaches(), Breaches{Breach::WrongValue});

    Case stranger{Pattern::SamePost};
    stranger.evidence.votes.push_back(stored("v9", "somebody", "p"));
    stranger.evidence.attempts.push_back(logged("somebody", "p", "x", "accepted"));
    stranger.evidence.scores[0].score = 2;
    QCOMPARE(stranger.breaches(), Breaches{});

    Case lostAnswer{Pattern::LostConnections};
    lostAnswer.journal.calls = {castCall("t", "p", "r1", ""), castCall("t", "p", "r1", "accepted", "v1")};
    lostAnswer.journal.calls[0].reports = 1;
    lostAnswer.evidence.attempts = {logged("t", "p", "r1", "accepted"), logged("t", "p", "r1", "error"),
                                    logged("t", "p", "r1", "duplicate")};
    QCOMPARE(lostAnswer.breaches(), Breaches{}); // it had been carried out the first time
    lostAnswer.journal.calls.pop_back();
    lostAnswer.evidence.attempts.pop_back();
    QCOMPARE(lostAnswer.breaches(), Breaches{Breach::Failed}); // whoever asks again and again is answered
}

void TestJudge::scores()
{
    Case drift{Pattern::SamePost};
    drift.evidence.scores[0].score = 0;
    QCOMPARE(drift.breaches(), Breaches{Breach::WrongScore});
    drift.evidence.scores.clear();
    QCOMPARE(drift.breaches(), Breaches{});
}

void TestJudge::theLog()
{
    Case missing{Pattern::SamePost};
    missing.evidence.attempts.pop_back();
    QCOMPARE(missing.breaches(), Breaches{Breach::NotLogged});

    Case other{Pattern::SamePost};
    other.evidence.attempts[1].outcome = "closed";
    QCOMPARE(other.breaches(), Breaches{Breach::NotLogged});

    Case often{Pattern::SamePost};
    often.evidence.attempts.push_back(often.evidence.attempts[0]);
    QCOMPARE(often.breaches(), Breaches{Breach::LoggedTooOften});

    Case stranger{Pattern::SamePost};
    stranger.evidence.attempts.push_back(logged("t", "p", "r9", "duplicate"));
    QCOMPARE(stranger.breaches(), Breaches{Breach::LoggedTooOften});
}

void TestJudge::requests()
{
    Case again{Pattern::SameRequest};
    again.call(1) = again.call(0);
    again.evidence.attempts[1].requestKey = "r1";
    QCOMPARE(again.breaches(), Breaches{});
    again.call(1).vote = "v2";
    QCOMPARE(again.breaches(), Breaches{Breach::DifferentAnswers});
    again.call(1).vote = "v1";
    again.evidence.attempts[1].outcome = "accepted";
    QCOMPARE(again.breaches(), Breaches{Breach::AcceptedTwice});
    again.evidence.attempts.pop_back();
    QCOMPARE(again.breaches(), Breaches{Breach::NotLogged});
    again.evidence.attempts.insert(again.evidence.attempts.end(), 2, logged("t", "p", "r1", "duplicate"));
    QCOMPARE(again.breaches(), Breaches{Breach::LoggedTooOften});
}

void TestJudge::history()
{
    Case changed{Pattern::ChangeAndCast};
    changed.journal.calls.push_back(castCall("t", "p", "r3", "accepted", "v1"));
    changed.journal.calls.back().action = Action::Withdraw;
    changed.evidence.attempts.push_back(logged("t", "p", "r3", "accepted"));
    QCOMPARE(changed.breaches(), Breaches{Breach::WrongValue}); // withdrawn, and counted all the same
    changed.evidence.votes[0].counted = false;
    changed.evidence.scores[0].score = 0;
    QCOMPARE(changed.breaches(), Breaches{});

    Case value{Pattern::ChangeAndCast};
    value.evidence.votes[0].value = -1;
    value.evidence.scores[0].score = -1;
    QCOMPARE(value.breaches(), Breaches{Breach::WrongValue});
}

void TestJudge::ends()
{
    for (const auto& [pattern, action, breach] : {std::tuple{Pattern::CloseAndCast, Action::Close, Breach::AfterClosing},
                                                  std::tuple{Pattern::RevokeAndCast, Action::Revoke, Breach::AfterRevoking}}) {
        QCOMPARE(ended(pattern, action).breaches(), Breaches{});
        Case storedLate = ended(pattern, action);
        storedLate.journal.calls.back().votes.clear();
        QCOMPARE(storedLate.breaches(), Breaches{breach});
        Case sentLate = ended(pattern, action);
        sentLate.call(0).sentAt = 2501;
        QCOMPARE(sentLate.breaches(), Breaches{breach});
        sentLate.journal.calls.back().outcome = "refused"; // it never happened
        QCOMPARE(sentLate.breaches(), Breaches{});
    }
}

void TestJudge::limits()
{
    Case edge{Pattern::RateEdge};
    edge.call(1) = castCall("t", "p2", "r2", "rate_limited");
    edge.evidence.attempts[1] = logged("t", "p2", "r2", "rate_limited");
    edge.journal.limit = RateLimit{0.5, 1};
    QCOMPARE(edge.breaches(), Breaches{});
    edge.journal.limit = RateLimit{0.5, 2};
    QCOMPARE(edge.breaches(), Breaches{Breach::UnderLimit});
    edge.journal.limit = RateLimit{0.5, 1};
    edge.call(1).outcome = "accepted";
    edge.evidence.attempts[1].outcome = "accepted";
    edge.evidence.votes.push_back(stored("v2", "t", "p2"));
    QCOMPARE(edge.breaches(), Breaches{Breach::OverLimit});
    edge.journal.limit = RateLimit{1000, 1}; // one more for the millisecond that it took
    QCOMPARE(edge.breaches(), Breaches{});
    edge.journal.limit.reset();
    QCOMPARE(edge.breaches(), Breaches{Breach::OverLimit});
}

void TestJudge::voids()
{
    QCOMPARE(voided().breaches(), Breaches{});
    Case twice = voided();
    twice.journal.calls.back().outcome = "done";
    twice.evidence.votes[0].voids = 2;
    QCOMPARE(twice.breaches(), Breaches{Breach::VoidedTwice});
    Case untold = voided();
    untold.journal.calls[2].outcome = "changed";
    QCOMPARE(untold.breaches(), Breaches{Breach::VoidNotWhole});
    Case counted = voided();
    counted.evidence.votes[0].counted = true;
    counted.evidence.scores[0].score = 1;
    QCOMPARE(counted.breaches(), Breaches{Breach::VoidNotWhole});
}

void TestJudge::failures()
{
    Case error{Pattern::SamePost};
    error.call(1).outcome = "error";
    error.evidence.attempts[1].outcome = "error";
    QCOMPARE(error.breaches(), Breaches{Breach::Failed});
    error.call(1).outcome = "";
    error.call(1).error = "deadlock detected";
    QCOMPARE(error.breaches(), Breaches{Breach::Failed});
    QVERIFY(QString::fromStdString(judge(error.journal, error.evidence)[0].what).contains(QStringLiteral("deadlock")));
}

QTEST_GUILESS_MAIN(TestJudge)
#include "tst_judge.moc"
