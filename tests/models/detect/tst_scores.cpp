#include <QTest>

#include "detect/bounded_table.h"
#include "detect/reliability.h"
#include "detect/scores.h"
#include "scan_asks.h"
#include "scan_builder.h"

using namespace scr;
using namespace domain;

namespace {

constexpr qint64 kSecond = 1'000'000;
constexpr qint64 kStart = 1'773'000'000'000'007;

/// 100 tokens that vote on 40 of 50 posts within ten days and mostly agree.
test::ScanBuilder site()
{
    test::ScanBuilder builder;
    for (int vote = 0; vote < 4000; ++vote) {
        const int token = vote % 100;
        const int post = (vote / 100 + 7 * token) % 50;
        const std::uint64_t dice = detect::spread(std::uint64_t(vote));
        const bool disagrees = dice % 10 == 0;
        builder.vote(std::to_string(token), std::to_string(post),
                     kStart + (vote / 100 * 21'600 + static_cast<int>(dice % 21'600)) * kSecond,
                     (post % 2 == 0) != disagrees ? 1 : -1);
    }
    return builder;
}

float of(const std::vector<float>& scores, const ScanInput& input, std::string_view token)
{
    for (Index index = 0; index < input.votes.tokens.size(); ++index) {
        if (input.votes.tokens.key(index) == token)
            return scores[index];
    }
    return -2;
}

} // namespace

/// The order of suspicion, also among those that no flag names.
class TestScores : public QObject {
    Q_OBJECT
private slots:
    void whoDisagreesBrieflyIsTheLeastReliable();
    void whoAgreesForLongIsReliable();
    void anAuthorWithoutVotesHasNoScore();
    void aFlaggedVoteComesFirst();
    void oneValueTellsNothing();
};

void TestScores::whoDisagreesBrieflyIsTheLeastReliable()
{
    test::ScanBuilder builder = site();
    for (int post = 0; post < 4; ++post) // against everybody
        builder.vote("stranger", std::to_string(post), kStart + post * 300 * kSecond, post % 2 == 0 ? -1 : 1);
    for (int post = 0; post < 4; ++post) // as few and as short, but with everybody
        builder.vote("visitor", std::to_string(post), kStart + post * 300 * kSecond, post % 2 == 0 ? 1 : -1);
    const auto scores = detect::tokenUnreliability(builder.input.votes);
    const float stranger = of(scores, builder.input, "stranger");
    const float visitor = of(scores, builder.input, "visitor");
    QVERIFY(stranger > 0.99F && stranger > visitor);
    for (int token = 0; token < 100; ++token)
        QVERIFY(of(scores, builder.input, std::to_string(token)) < visitor);
}

void TestScores::whoAgreesForLongIsReliable()
{
    test::ScanBuilder builder = site();
    for (int day = 0; day < 300; ++day)
        builder.vote("pillar", std::to_string(day % 50), kStart + day * 3000 * kSecond, day % 2 == 0 ? 1 : -1);
    const auto scores = detect::tokenUnreliability(builder.input.votes);
    for (int token = 0; token < 100; ++token)
        QVERIFY(of(scores, builder.input, std::to_string(token)) > of(scores, builder.input, "pillar"));
}

void TestScores::anAuthorWithoutVotesHasNoScore()
{
    test::ScanBuilder builder = site();
    builder.author("3", "author");
    const auto report = detect::scan(builder.input, detect::defaultRules(), {}, {});
    QVERIFY(report.has_value());
    const auto tokens = detect::tokenScores(builder.input, detect::voteScores(builder.input, *report));
    QVERIFY(of(tokens, builder.input, "author") < 0);
    QVERIFY(of(tokens, builder.input, "7") >= 0);
}

void TestScores::aFlaggedVoteComesFirst()
{
    test::ScanBuilder builder = site();
    for (int vote = 0; vote < 3; ++vote)
        builder.vote("7", "8", kStart + 9 * 86'400 * kSecond + vote * 5000);
    builder.vote("stranger", "2", kStart, -1);
    const auto report = detect::scan(builder.input, detect::defaultRules(), {}, {});
    QVERIFY(report && !report->flags.empty());
    const auto scores = detect::voteScores(builder.input, *report);
    const float flagged = scores[builder.input.votes.size() - 2];
    QVERIFY(flagged > 0.5F);
    const float stranger = scores.back();
    QVERIFY(stranger > 0 && stranger < 0.4F);
    QVERIFY(stranger > scores[50]);
}

/// A site where everybody votes up: only time and number are left.
void TestScores::oneValueTellsNothing()
{
    test::ScanBuilder builder;
    for (int vote = 0; vote < 100; ++vote)
        builder.vote(std::to_string(vote % 10), std::to_string(vote / 10), kStart + vote * kSecond);
    const auto scores = detect::tokenUnreliability(builder.input.votes);
    for (const float score : scores)
        QVERIFY(score > 0.3F && score < 0.8F);
    QVERIFY(detect::tokenUnreliability({}).empty());
}

QTEST_GUILESS_MAIN(TestScores)
#include "tst_scores.moc"
