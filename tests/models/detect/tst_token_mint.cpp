#include <numeric>

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

/// Ten days: 300 regulars, and 1000 passers-by from 250 networks, a fifth of them from one campus.
struct Site {
    test::ScanBuilder builder;

    Site()
    {
        for (int vote = 0; vote < 6000; ++vote) {
            const std::uint64_t dice = detect::spread(std::uint64_t(vote));
            cast("regular" + std::to_string(vote % 300), static_cast<int>(dice % 200), vote * 144 * kSecond,
                 "10.0." + std::to_string(vote % 250) + ".3");
        }
        for (int passer = 0; passer < 1000; ++passer) {
            const std::uint64_t dice = detect::spread(std::uint64_t(passer) + 50'000);
            cast("passer" + std::to_string(passer), static_cast<int>(dice % 200),
                 static_cast<qint64>(dice % std::uint64_t(10 * kDay)),
                 passer % 5 == 0 ? "192.0.2." + std::to_string(dice % 30) : "10.0." + std::to_string(dice % 250) + ".9");
        }
    }
    void cast(const std::string& token, int post, qint64 at, const std::string& origin)
    {
        builder.vote(token, std::to_string(post), kStart + at, 1, origin);
    }
    /// A token after the other, each on a post of its own, within an hour.
    void mint(int tokens, const std::string& network, qint64 at)
    {
        for (int token = 0; token < tokens; ++token)
            cast(network + std::to_string(token), 1000 + token, at + token * 100 * kSecond, network + std::to_string(1 + token));
    }
    [[nodiscard]] std::vector<Flag> flags() const { return flagsOf(builder.input, DetectorId::TokenMint); }
};

} // namespace

/// Tokens that one network makes to vote once.
class TestTokenMint : public QObject {
    Q_OBJECT
private slots:
    void aCrowdOfThrowawaysIsNamed();
    void aFewAreNot();
    void aCampusIsNot();
    void aCrowdThatStaysIsNot();
    void withoutAddressesItSaysSo();
};

void TestTokenMint::aCrowdOfThrowawaysIsNamed()
{
    Site site;
    site.mint(24, "203.0.113.", 5 * kDay);
    const auto flags = site.flags();
    QCOMPARE(flags.size(), std::size_t{1});
    const Flag& flag = flags.front();
    QCOMPARE(flag.subject.kind, SubjectKind::Subnet);
    QCOMPARE(flag.subject.key, std::string{"203.0.113.0/24"});
    QCOMPARE(flag.severity, Severity::High);
    QCOMPARE(flag.votes.size(), std::size_t{24});
    QCOMPARE(flag.tokens.size(), std::size_t{24});
    QVERIFY(!flag.belowReviewLine);
    QVERIFY(says(flag.counterEvidence, "spread over 24 posts"));
    const auto& histogram = std::get<TimeHistogram>(flag.evidence);
    QCOMPARE(std::accumulate(histogram.hits.begin(), histogram.hits.end(), std::int64_t{0}), std::int64_t{24});
    QCOMPARE(histogram.expected.size(), histogram.hits.size());
}

void TestTokenMint::aFewAreNot()
{
    Site site;
    site.mint(6, "203.0.113.", 5 * kDay);
    QVERIFY(site.flags().empty());
}

/// A fifth of all who pass by come from there, ten in this hour.
void TestTokenMint::aCampusIsNot()
{
    Site site;
    site.mint(8, "192.0.2.1", 5 * kDay);
    for (int passer = 0; passer < 30; ++passer) // while others come too
        site.cast("guest" + std::to_string(passer), passer, 5 * kDay + passer * 60 * kSecond,
                  "10.0." + std::to_string(passer) + ".7");
    QVERIFY(site.flags().empty());
}

void TestTokenMint::aCrowdThatStaysIsNot()
{
    Site site;
    site.mint(24, "203.0.113.", 5 * kDay);
    for (int token = 0; token < 24; ++token)
        site.cast("203.0.113." + std::to_string(token), 7, 6 * kDay + token * kHour, "203.0.113.5");
    QVERIFY(site.flags().empty());
}

void TestTokenMint::withoutAddressesItSaysSo()
{
    test::ScanBuilder builder;
    builder.vote("1", "1", kStart);
    const auto report = detect::scan(builder.input, detect::defaultRules(), {}, {});
    QVERIFY(report && std::any_of(report->skipped.begin(), report->skipped.end(), [](const detect::SkippedDetector& skipped) {
                return skipped.detector == DetectorId::TokenMint && says(skipped.reason, "from where the votes came");
            }));
}

QTEST_GUILESS_MAIN(TestTokenMint)
#include "tst_token_mint.moc"
