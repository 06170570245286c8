#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "codec/flag_json.h"
#include "codec/told_json.h"

using namespace scr;
using namespace domain;

namespace {

Flag fullFlag()
{
    Flag flag;
    flag.detector = DetectorId::ConcurrentAttempts;
    flag.ruleVersion = "2026.1";
    flag.subject = {SubjectKind::Token, "tok_\"7\"\\\n", PostKey{"9007199254740993"}};
    flag.from = timeOf(1'773'325'207'123'456);
    flag.to = timeOf(1'773'325'207'123'457);
    flag.key = flagKeyOf(flag.detector, flag.subject, flag.from);
    flag.score = 0.1 + 0.2;
    flag.severity = Severity::Critical;
    flag.votes = {VoteKey{"1"}, VoteKey{"007"}, VoteKey{"9007199254740993"}};
    flag.extraVotes = {VoteKey{"007"}};
    flag.tokens = {TokenKey{"tok_\"7\"\\\n"}};
    flag.posts = {PostKey{"9007199254740993"}};
    flag.headline = "One token was counted 3 times on one post";
    flag.summary = "3 votes within 41 ms";
    flag.explanation = "<b>東京</b> \xe2\x80\xae";
    flag.counterEvidence = {"a", ""};
    flag.clearsIf = "never";
    flag.rule = {{"window", "250", "ms"}, {"attempts", "4", ""}};
    flag.rankImpact = RankImpact{PostKey{"9007199254740993"}, 3, 61, 1326, 664.5};
    AttemptWaterfall waterfall;
    waterfall.bars.push_back({flag.from, flag.to, AttemptOutcome::Accepted, true, "", VoteKey{"007"}, "10.0.0.1"});
    waterfall.bars.push_back({flag.from, std::nullopt, AttemptOutcome::Error, false, "40001", {}, ""});
    waterfall.fromVotes = waterfall.unlogged = true; // a mix that no detector makes, so that each is seen to be kept
    flag.evidence = waterfall;
    return flag;
}

} // namespace

class TestFlagJson : public QObject {
    Q_OBJECT
private slots:
    void whatWasToldIsReadBack();
    void brokenStateIsRefused();
    void readsBackExactly();
    void aRecordedFlagReadsBack();
    void everyKindOfEvidence();
    void evidenceOfGroups();
    void evidenceOfTimes();
    void aSiteRuleKeepsItsName();
    void keysInOrderOnOneLine();
    void hostileBytesBecomeReplacementCharacters();
    void unknownKeysArePassedOver();
    void refuses_data();
    void refuses();
};

void TestFlagJson::readsBackExactly()
{
    const Flag flag = fullFlag();
    const auto back = codec::flagFromJson(codec::flagToJson(flag));
    QVERIFY2(back.has_value(), back ? "" : back.error().detail.c_str());
    QVERIFY(*back == flag);
    const auto empty = codec::flagFromJson(codec::flagToJson(Flag{}));
    QVERIFY(empty.has_value());
    QVERIFY(*empty == Flag{});
}

void TestFlagJson::aRecordedFlagReadsBack()
{
    FlagReading reading;
    RecordedFlag& recorded = reading.recorded;
    recorded.flag = fullFlag();
    recorded.state = FlagState::Snoozed;
    recorded.lastReview = 7;
    recorded.actor = "mira";
    recorded.recordedAt = recorded.flag.to;
    recorded.recordedBy = "scanner";
    recorded.versions = 2;
    recorded.changedBy = "olga";
    recorded.changedAt = recorded.flag.from;
    recorded.subjectLabel = "\"Bob\"";
    recorded.postTitle = "<b>x</b>";
    const ReviewEntry first{6, recorded.flag.key, Decision::Confirm, "so it\nis", "olga", recorded.flag.from, std::nullopt};
    reading.decisions = {first, {7, recorded.flag.key, Decision::Snooze, "", "mira", recorded.flag.to, recorded.flag.to}};
    const auto read = codec::recordedFlagFromJson(codec::recordedFlagToJson(reading));
    QVERIFY2(read.has_value(), read ? "" : read.error().detail.c_str());
    QVERIFY(*read == reading);
    for (const char* broken : {"", "[]", "{}", "{\"flag\":{}}"})
        QCOMPARE(codec::recordedFlagFromJson(broken).error().fault, Fault::Corrupt);
}

void TestFlagJson::everyKindOfEvidence()
{
    Flag flag = fullFlag();
    flag.evidence = GapStrip{{{timeOf(1), 0.57, true}, {timeOf(2), 1e-6, false}}, 4.1, 48, 1.6};
    QVERIFY(codec::flagFromJson(codec::flagToJson(flag)).value() == flag);
    flag.evidence = CounterTrace{{{timeOf(-1), -3}, {timeOf(2), 1.0 / 3}}, 1204, 1187};
    QVERIFY(codec::flagFromJson(codec::flagToJson(flag)).value() == flag);
}

void TestFlagJson::evidenceOfGroups()
{
    Flag flag = fullFlag();
    flag.detector = DetectorId::Lockstep;
    flag.subject = {SubjectKind::Group, "4013", {}};
    flag.evidence = LockstepMatrix{{TokenKey{"a"}, TokenKey{"b"}}, {PostKey{"7"}}, {timeOf(5)}, {{1, 0, 2.5}, {0, 0, 0}}};
    const std::string line = codec::flagToJson(flag);
    QVERIFY(codec::flagFromJson(line).value() == flag);
    // a chart that trusts it would read beyond its list
    QByteArray beyond = QByteArray::fromStdString(line);
    beyond.replace("\"token\":1,", "\"token\":2,");
    QVERIFY(!codec::flagFromJson(beyond.toStdString()).has_value());
    flag.evidence = SubnetShare{"172.16.5.0/24", 0.25, {{PostKey{"7"}, 53, 0.16, 186}}};
    flag.subject.kind = SubjectKind::Subnet;
    QVERIFY(codec::flagFromJson(codec::flagToJson(flag)).value() == flag);
    flag.evidence = VoteMatrix{{TokenKey{"a"}}, {AuthorKey{"b"}, AuthorKey{"c"}}, {{0, 1, 12, 0.5}}};
    QVERIFY(codec::flagFromJson(codec::flagToJson(flag)).value() == flag);
    flag.evidence = CompositionContrast{timeOf(9), 600, {3, 2, {0, 3}}, {5, 5, {4, 1}}, 1.5};
    flag.subject = {SubjectKind::Post, "7", PostKey{"7"}};
    QVERIFY(codec::flagFromJson(codec::flagToJson(flag)).value() == flag);
}

void TestFlagJson::evidenceOfTimes()
{
    Flag flag = fullFlag();
    TimeHistogram histogram;
    histogram.counted = "votes on the post";
    histogram.flagged = "that cannot be";
    histogram.start = timeOf(9);
    histogram.binSeconds = 0.5;
    histogram.others = {0, 4};
    histogram.hits = {7, 1};
    histogram.marks = {{timeOf(10), "opened"}};
    flag.evidence = histogram;
    QVERIFY(codec::flagFromJson(codec::flagToJson(flag)).value() == flag);
    histogram.isOfTheHour = true;
    histogram.expected = {0.25, 3};
    flag.evidence = histogram;
    QVERIFY(codec::flagFromJson(codec::flagToJson(flag)).value() == flag);
    histogram.hits.push_back(1); // a chart would read beyond the others
    flag.evidence = histogram;
    QVERIFY(!codec::flagFromJson(codec::flagToJson(flag)));
}

void TestFlagJson::aSiteRuleKeepsItsName()
{
    Flag flag = fullFlag();
    QCOMPARE(codec::flagToJson(flag).find("site_rule"), std::string::npos); // what is on record must not look changed
    flag.detector = DetectorId::SiteRule;
    flag.siteRule = "night_votes";
    flag.subject = {SubjectKind::Group, "any name", {}};
    const auto back = codec::flagFromJson(codec::flagToJson(flag));
    QVERIFY2(back.has_value(), back ? "" : back.error().detail.c_str());
    QVERIFY(*back == flag);
}

void TestFlagJson::keysInOrderOnOneLine()
{
    const std::string line = codec::flagToJson(fullFlag());
    QCOMPARE(line.find('\n'), std::string::npos);
    QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(line)).isObject());
    std::size_t before = 0;
    for (const char* key :
         {"flag",      "detector",    "rule_version", "subject", "from",     "to",      "score",       "severity",
          "votes",     "extra_votes", "tokens",       "posts",   "headline", "summary", "explanation", "counter_evidence",
          "clears_if", "rule",        "rank_impact",  "evidence"}) {
        const std::size_t at = line.find(std::string{"\""} + key + "\":", before);
        QVERIFY2(at != std::string::npos, key);
        before = at;
    }
    QVERIFY(line.find("\"from\":\"2026-03-12T14:20:07.123456Z\"") != std::string::npos);
}

void TestFlagJson::hostileBytesBecomeReplacementCharacters()
{
    Flag flag = fullFlag();
    flag.subject.key = "bad\xff\xc3(";
    flag.counterEvidence = {std::string("\0\x1b[2J", 5)};
    const std::string line = codec::flagToJson(flag);
    QCOMPARE(QString::fromStdString(line).toStdString(), line); // that is: UTF-8
    const auto back = codec::flagFromJson(line);
    QVERIFY(back.has_value());
    QVERIFY(back->subject.key.find("bad\xef\xbf\xbd") == 0);
    QCOMPARE(back->counterEvidence, flag.counterEvidence);
}

void TestFlagJson::unknownKeysArePassedOver()
{
    std::string line = codec::flagToJson(fullFlag());
    line.insert(1, "\"later\":{\"x\":1},");
    QVERIFY(codec::flagFromJson(line).value() == fullFlag());
}

void TestFlagJson::refuses_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("told");
    const QByteArray good = QByteArray::fromStdString(codec::flagToJson(fullFlag()));
    const auto with = [&](const char* from, const char* to) { return QByteArray{good}.replace(from, to); };
    QTest::newRow("empty") << QByteArray{} << QByteArray{"not a line of JSON"};
    QTest::newRow("cut off") << good.left(good.size() / 2) << QByteArray{"not a line of JSON"};
    QTest::newRow("a list") << QByteArray{"[]"} << QByteArray{"\"flag\" is missing"};
    QTest::newRow("a missing key") << with("\"score\":", "\"points\":") << QByteArray{"\"score\" is missing"};
    QTest::newRow("unknown severity") << with("\"critical\"", "\"dire\"") << QByteArray{"\"severity\" has an unknown value"};
    QTest::newRow("unknown detector") << with("\"concurrent_attempts\"", "\"magic\"") << QByteArray{"\"detector\""};
    QTest::newRow("bad time") << with("2026-03-12T14:20:07.123456Z\",\"to\"", "soon\",\"to\"") << QByteArray{"\"from\""};
    QTest::newRow("votes as numbers") << with("\"votes\":[\"1\"", "\"votes\":[1")
                                      << QByteArray{"\"votes\" holds something that is not text"};
    QTest::newRow("rank as text") << with("\"rank_with\":3", "\"rank_with\":\"3\"") << QByteArray{"\"rank_with\""};
    QTest::newRow("unknown evidence") << with("attempt_waterfall", "crystal_ball") << QByteArray{"evidence"};
    QTest::newRow("deep nesting") << QByteArray{100'000, '['} << QByteArray{"not a line of JSON"};
}

void TestFlagJson::refuses()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, told);
    const auto flag = codec::flagFromJson(line.toStdString());
    QVERIFY(!flag.has_value());
    QCOMPARE(flag.error().fault, Fault::Corrupt);
    QVERIFY2(QByteArray::fromStdString(flag.error().detail).contains(told), flag.error().detail.c_str());
}

void TestFlagJson::whatWasToldIsReadBack()
{
    domain::ToldFlags told;
    told[domain::FlagKey{"F-1"}] = {12,
                                    domain::Severity::High,
                                    true,
                                    "lockstep\x1fgroup",
                                    domain::timeOf(1'773'000'000'000'007),
                                    domain::timeOf(1'773'000'001'000'000)};
    told[domain::FlagKey{"F-2"}] = {3, domain::Severity::Low, false, "x", domain::timeOf(0), domain::timeOf(1)};
    const auto read = codec::toldFromJson(codec::toldToJson(told));
    QVERIFY(read);
    QVERIFY(*read == told);
}

void TestFlagJson::brokenStateIsRefused()
{
    for (const char* text : {"", "{", "[]", R"({"told": {"F-1": {}}})", R"({"told": {"F-1": {"votes": "x"}}})"}) {
        const auto read = codec::toldFromJson(text);
        QVERIFY2(!read, text);
        QVERIFY(!read.error().remedy.empty());
    }
    QVERIFY(codec::toldFromJson(R"({"told": {}})")->empty());
}

QTEST_APPLESS_MAIN(TestFlagJson)
#include "tst_flag_json.moc"
