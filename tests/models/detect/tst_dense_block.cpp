#include <QTest>

#include "detect/bounded_table.h"
#include "scan_asks.h"
#include "scan_builder.h"

using namespace scr;
using namespace domain;
using test::flagsOf;
using test::says;

namespace {

constexpr qint64 kSecond = 1'000'000;
constexpr qint64 kHour = 3600 * kSecond;
constexpr qint64 kDay = 24 * kHour;
constexpr qint64 kStart = 1'772'928'000'000'000;

/// Ten days, 600 people with some 40 votes each on 1,500 posts.
struct Site {
    test::ScanBuilder builder;

    Site()
    {
        for (int vote = 0; vote < 24'000; ++vote) {
            const std::uint64_t dice = detect::spread(std::uint64_t(vote));
            cast("person" + std::to_string(dice % 600), static_cast<int>(dice / 600 % 1500), vote * 36 * kSecond);
        }
    }
    void cast(const std::string& token, int post, qint64 at) { builder.vote(token, std::to_string(post), kStart + at); }

    /// Each member on most of the posts, at an hour of its own within six.
    void block(int members, int posts, qint64 from, qint64 length, int firstPost = 200)
    {
        for (int post = 0; post < posts; ++post) {
            for (int member = 0; member < members; ++member) {
                const std::uint64_t dice = detect::spread(std::uint64_t(post * 1000 + member));
                if (dice % 10 < 8)
                    cast("member" + std::to_string(member), firstPost + post,
                         from + length * post / posts + static_cast<qint64>(dice % std::uint64_t(5 * kHour)));
            }
        }
    }
    [[nodiscard]] std::vector<Flag> flags() const { return flagsOf(builder.input, DetectorId::DenseBlock); }
};

} // namespace

/// Groups that share posts over hours, where lockstep asks about minutes.
class TestDenseBlock : public QObject {
    Q_OBJECT
private slots:
    void aGroupOfOneDayIsNamed();
    void lockstepDoesNotSeeIt();
    void aTasteThatLastsIsNot();
    void readersOfOneAuthorAreNot();
    void aFewPostsAreNot();
};

void TestDenseBlock::aGroupOfOneDayIsNamed()
{
    Site site;
    site.block(20, 14, 4 * kDay, kDay);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    const Flag& flag = flags.front();
    QCOMPARE(flag.subject.kind, SubjectKind::Group);
    QCOMPARE(flag.tokens.size(), std::size_t{20});
    QCOMPARE(flag.posts.size(), std::size_t{14});
    QCOMPARE(flag.severity, Severity::High);
    QVERIFY(!flag.belowReviewLine);
    QVERIFY2(says(flag.explanation, "20 of the 20 cast most of their votes in these"), flag.explanation.c_str());
    QCOMPARE(std::get<LockstepMatrix>(flag.evidence).posts.size(), std::size_t{14});
}

void TestDenseBlock::lockstepDoesNotSeeIt()
{
    Site site;
    site.block(20, 14, 4 * kDay, kDay);
    QVERIFY(flagsOf(site.builder.input, DetectorId::Lockstep).empty());
}

/// The same posts again and again, all the time that was read.
void TestDenseBlock::aTasteThatLastsIsNot()
{
    Site site;
    site.block(20, 40, 0, 9 * kDay);
    QVERIFY(site.flags().empty());
}

void TestDenseBlock::readersOfOneAuthorAreNot()
{
    Site site;
    site.block(20, 14, 4 * kDay, kDay);
    for (int post = 0; post < 1500; ++post)
        site.builder.author(std::to_string(post), "author" + std::to_string(post >= 200 && post < 214 ? 1 : post % 300 + 2));
    QVERIFY(site.flags().empty());
}

void TestDenseBlock::aFewPostsAreNot()
{
    Site site;
    site.block(20, 5, 4 * kDay, kDay);
    QVERIFY(site.flags().empty());
}

QTEST_GUILESS_MAIN(TestDenseBlock)
#include "tst_dense_block.moc"
