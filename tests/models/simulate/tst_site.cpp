#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "simulate/scenario.h"
#include "simulate/site.h"

using namespace scr;
using simulate::Site;
using simulate::SiteOptions;

namespace {

template <class Row>
simulate::OnRows<Row> into(std::vector<Row>& rows)
{
    return [&rows](std::span<const Row> more) -> domain::Status {
        rows.insert(rows.end(), more.begin(), more.end());
        return domain::Nothing{};
    };
}

Site siteOf(const SiteOptions& options)
{
    auto site = Site::make(options);
    if (!site)
        throw std::runtime_error{domain::sentenceOf(site.error())};
    return std::move(*site);
}

std::vector<domain::HistoryVote> votesOf(const Site& site)
{
    std::vector<domain::HistoryVote> votes;
    if (!site.votes(into(votes)))
        throw std::runtime_error{"no votes"};
    return votes;
}

/// FNV-1a over all that a row says.
struct Digest {
    std::uint64_t state = 0xcbf29ce484222325ULL;
    void add(std::string_view text)
    {
        for (const char c : text)
            state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
        state = (state ^ 0x1fU) * 0x100000001b3ULL;
    }
    void add(domain::UtcTime time) { add(std::to_string(domain::microsOf(time))); }
};

} // namespace

class TestSite : public QObject {
    Q_OBJECT

private slots:
    void exactlySoManyVotes_data();
    void exactlySoManyVotes();
    void refusesWhatCannotBe_data();
    void refusesWhatCannotBe();
    void sameSeedSameBytes();
    void otherSeedOtherSite();
    void looksLikePeople();
    void countersAreTheSums();
    void attemptsTellOfEveryVote();
    void anErrorEndsTheStream();
    void canBeStopped();
    void campaignsComeOnTop();
    void sameScenarioSameTruth();
};

void TestSite::exactlySoManyVotes_data()
{
    QTest::addColumn<int>("tokens");
    QTest::addColumn<int>("posts");
    QTest::addColumn<int>("votes");
    QTest::addColumn<int>("days");
    QTest::newRow("usual") << 2000 << 400 << 40'000 << 14;
    QTest::newRow("one of each") << 1 << 1 << 1 << 1;
    QTest::newRow("few tokens, dense") << 10 << 100 << 250 << 3;
    QTest::newRow("more tokens than votes") << 5000 << 50 << 100 << 2;
    QTest::newRow("a year") << 300 << 500 << 5000 << 365;
    QTest::newRow("everybody as much as possible") << 40 << 40 << 480 << 30;
}

void TestSite::exactlySoManyVotes()
{
    QFETCH(int, tokens);
    QFETCH(int, posts);
    QFETCH(int, votes);
    QFETCH(int, days);
    SiteOptions options;
    options.tokens = static_cast<std::uint64_t>(tokens);
    options.posts = static_cast<std::uint64_t>(posts);
    options.votes = static_cast<std::uint64_t>(votes);
    options.days = static_cast<std::uint64_t>(days);
    const Site site = siteOf(options);
    const auto rows = votesOf(site);
    QCOMPARE(rows.size(), options.votes);
    std::set<std::pair<std::string, std::string>> pairs;
    const domain::UtcTime end = options.start + std::chrono::hours{24 * days};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        QVERIFY(pairs.emplace(rows[i].token, rows[i].post).second);
        QVERIFY(i == 0 || rows[i - 1].castAt <= rows[i].castAt);
        QVERIFY(rows[i].castAt >= options.start && rows[i].castAt < end);
        QCOMPARE(rows[i].voteKey, std::to_string(i + 1));
        QVERIFY(std::stoi(rows[i].token) >= 1 && std::stoi(rows[i].token) <= tokens);
        QVERIFY(std::stoi(rows[i].post) >= 1 && std::stoi(rows[i].post) <= posts);
    }
}

void TestSite::refusesWhatCannotBe_data()
{
    QTest::addColumn<int>("tokens");
    QTest::addColumn<int>("posts");
    QTest::addColumn<int>("votes");
    QTest::addColumn<int>("days");
    QTest::newRow("no tokens") << 0 << 1 << 1 << 1;
    QTest::newRow("no votes") << 1 << 1 << 0 << 1;
    QTest::newRow("too many tokens") << 20'000'000 << 1 << 1 << 1;
    QTest::newRow("more votes than pairs") << 10 << 10 << 101 << 30;
    QTest::newRow("no time to vote so much") << 2 << 100'000 << 20'000 << 1;
}

void TestSite::refusesWhatCannotBe()
{
    QFETCH(int, tokens);
    QFETCH(int, posts);
    QFETCH(int, votes);
    QFETCH(int, days);
    SiteOptions options;
    options.tokens = static_cast<std::uint64_t>(tokens);
    options.posts = static_cast<std::uint64_t>(posts);
    options.votes = static_cast<std::uint64_t>(votes);
    options.days = static_cast<std::uint64_t>(days);
    const auto site = Site::make(options);
    QVERIFY(!site);
    QCOMPARE(site.error().fault, domain::Fault::Invalid);
    QVERIFY(!site.error().remedy.empty());
}

void TestSite::sameSeedSameBytes()
{
    const Site site = siteOf({});
    Digest digest;
    QVERIFY(site.votes([&](std::span<const domain::HistoryVote> rows) -> domain::Status {
                    for (const auto& row : rows) {
                        digest.add(row.token + "," + row.post + "," + std::to_string(static_cast<int>(row.value)) + "," +
                                   row.author + "," + row.origin);
                        digest.add(row.castAt);
                    }
                    return domain::Nothing{};
                })
                .has_value());
    QVERIFY(site.attempts([&](std::span<const domain::HistoryAttempt> rows) -> domain::Status {
                    for (const auto& row : rows) {
                        digest.add(row.token + "," + row.post + "," + row.voteKey + "," + row.origin + "," + row.requestKey);
                        digest.add(row.attemptedAt);
                        digest.add(*row.finishedAt);
                    }
                    return domain::Nothing{};
                })
                .has_value());
    std::vector<domain::HistoryPost> posts;
    std::vector<domain::HistoryToken> tokens;
    QVERIFY(site.posts(into(posts)).has_value());
    QVERIFY(site.tokens(into(tokens)).has_value());
    for (const auto& post : posts)
        digest.add(post.title + post.author);
    for (const auto& token : tokens)
        digest.add(token.label);
    // written down once; a change of it is a change of every simulated history there is
    QCOMPARE(QString::number(digest.state, 16), QStringLiteral("12ca2d27a9f44db2"));
}

void TestSite::otherSeedOtherSite()
{
    SiteOptions options;
    const auto first = votesOf(siteOf(options));
    options.seed = 2;
    QVERIFY(votesOf(siteOf(options)) != first);
}

void TestSite::looksLikePeople()
{
    SiteOptions options;
    options.tokens = 5000;
    options.posts = 800;
    options.votes = 100'000;
    const auto votes = votesOf(siteOf(options));
    std::map<std::string, std::vector<domain::UtcTime>> timesOf;
    std::map<std::string, std::set<std::string>> tokensAt;
    std::map<std::string, int> votesOn;
    int up = 0;
    for (const auto& vote : votes) {
        timesOf[vote.token].push_back(vote.castAt);
        tokensAt[vote.origin].insert(vote.token);
        ++votesOn[vote.post];
        up += vote.value > 0 ? 1 : 0;
    }
    const double share = up / static_cast<double>(votes.size());
    QVERIFY2(share > 0.82 && share < 0.90, qPrintable(QString::number(share)));
    std::vector<double> gaps;
    std::size_t most = 0;
    for (const auto& [token, times] : timesOf) {
        most = std::max(most, times.size());
        for (std::size_t i = 1; i < times.size(); ++i) {
            if (times[i] - times[i - 1] < std::chrono::minutes{15})
                gaps.push_back(static_cast<double>((times[i] - times[i - 1]).count()) / 1e6);
        }
    }
    QVERIFY(most > 150); // lognormal activity: the busiest votes many times the mean of 20
    std::sort(gaps.begin(), gaps.end());
    const double median = gaps[gaps.size() / 2];
    QVERIFY2(median > 7 && median < 12, qPrintable(QString::number(median)));
    const auto tooFast = std::lower_bound(gaps.begin(), gaps.end(), 0.3) - gaps.begin();
    QVERIFY2(tooFast == 0, qPrintable(QString::number(tooFast)));
    std::size_t sharing = 0;
    for (const auto& [origin, tokens] : tokensAt)
        sharing += tokens.size() >= 2 ? tokens.size() : 0;
    QVERIFY(sharing > options.tokens / 6 && sharing < options.tokens / 2);
    std::vector<int> byPost;
    for (const auto& [post, count] : votesOn)
        byPost.push_back(count);
    std::sort(byPost.rbegin(), byPost.rend());
    QVERIFY(byPost.front() > 4 * static_cast<int>(options.votes / options.posts));
}

void TestSite::countersAreTheSums()
{
    const Site site = siteOf({});
    std::map<std::string, double> sums;
    for (const auto& vote : votesOf(site))
        sums[vote.post] += vote.value;
    std::vector<domain::HistoryPost> posts;
    QVERIFY(site.posts(into(posts)).has_value());
    QCOMPARE(posts.size(), site.options().posts);
    std::set<std::string> titles;
    for (const auto& post : posts) {
        QCOMPARE(post.counter.value(), sums[post.post]);
        QVERIFY(!post.title.empty());
        titles.insert(post.title);
    }
    QVERIFY(titles.size() > posts.size() / 3);
}

void TestSite::attemptsTellOfEveryVote()
{
    SiteOptions options;
    options.votes = 60'000;
    options.posts = 800;
    const Site site = siteOf(options);
    const auto votes = votesOf(site);
    std::vector<domain::HistoryAttempt> attempts;
    QVERIFY(site.attempts(into(attempts)).has_value());
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < attempts.size(); ++i) {
        const auto& attempt = attempts[i];
        QVERIFY(i == 0 || attempts[i - 1].attemptedAt <= attempt.attemptedAt);
        QVERIFY(attempt.finishedAt > attempt.attemptedAt);
        if (attempt.outcome != domain::AttemptOutcome::Accepted) {
            QVERIFY(attempt.voteKey.empty());
            continue;
        }
        const auto& vote = votes.at(std::stoul(attempt.voteKey) - 1);
        QCOMPARE(attempt.token, vote.token);
        QCOMPARE(attempt.post, vote.post);
        QVERIFY(attempt.attemptedAt < vote.castAt && vote.castAt < *attempt.finishedAt);
        ++accepted;
    }
    QCOMPARE(accepted, votes.size());
    const double more = static_cast<double>(attempts.size() - accepted) / static_cast<double>(votes.size());
    QVERIFY2(more > 0.009 && more < 0.015, qPrintable(QString::number(more)));
}

void TestSite::anErrorEndsTheStream()
{
    const Site site = siteOf({});
    int calls = 0;
    const domain::Status ended = site.votes([&](std::span<const domain::HistoryVote>) -> domain::Status {
        ++calls;
        return domain::failure(domain::Fault::Unavailable, "the disk is full");
    });
    QVERIFY(!ended);
    QCOMPARE(ended.error().detail, std::string{"the disk is full"});
    QCOMPARE(calls, 1);
}

void TestSite::canBeStopped()
{
    const auto site = Site::make(SiteOptions{}, [](std::uint64_t, std::uint64_t) { return false; });
    QVERIFY(!site);
    QCOMPARE(site.error().fault, domain::Fault::Cancelled);
}

namespace {

simulate::Scenario smallScenario()
{
    simulate::Scenario scenario;
    scenario.site.votes = 40'000;
    for (const simulate::Family family : simulate::kFamilies)
        scenario.attacks.push_back({family, 25});
    scenario.controls = simulate::usualControls();
    return scenario;
}

std::vector<simulate::TruthRow> truthOf(const Site& site)
{
    std::vector<simulate::TruthRow> rows;
    if (!site.truth(into(rows)))
        throw std::runtime_error{"no truth"};
    return rows;
}

} // namespace

/// Every family and every control leaves votes, the truth names votes that exist, and only races repeat a token on a post.
void TestSite::campaignsComeOnTop()
{
    const auto made = Site::make(smallScenario());
    QVERIFY(made.has_value());
    const auto votes = votesOf(*made);
    QCOMPARE(votes.size(), made->voteCount());
    QVERIFY(made->voteCount() > 41'000);
    std::map<std::string, std::uint64_t> attacks;
    std::map<std::uint64_t, simulate::TruthRow> truth;
    for (const simulate::TruthRow& row : truthOf(*made)) {
        QVERIFY(row.voteKey >= 1 && row.voteKey <= votes.size());
        truth[row.voteKey] = row;
        attacks[made->campaigns()[row.campaign].kind] += 1;
    }
    for (const simulate::Family family : simulate::kFamilies)
        QVERIFY2(attacks[std::string{nameOf(family)}] > 0, std::string{nameOf(family)}.c_str());
    for (const simulate::Control control :
         {simulate::Control::ViralPost, simulate::Control::PowerUser, simulate::Control::FanCommunity,
          simulate::Control::ReleaseDay, simulate::Control::LateBatch})
        QVERIFY2(attacks[std::string{nameOf(control)}] > 0, std::string{nameOf(control)}.c_str());
    std::set<std::pair<std::string, std::string>> pairs;
    for (std::size_t i = 0; i < votes.size(); ++i) {
        if (pairs.emplace(votes[i].token, votes[i].post).second)
            continue;
        QVERIFY(truth.contains(i + 1));
        QCOMPARE(made->campaigns()[truth[i + 1].campaign].kind, std::string{"race_duplicates"});
        QVERIFY(truth[i + 1].label == simulate::Label::Attack);
    }
}

void TestSite::sameScenarioSameTruth()
{
    const auto one = Site::make(smallScenario());
    const auto other = Site::make(smallScenario());
    QVERIFY(one.has_value() && other.has_value());
    QVERIFY(votesOf(*one) == votesOf(*other));
    const auto left = truthOf(*one);
    const auto right = truthOf(*other);
    QVERIFY(std::equal(left.begin(), left.end(), right.begin(), right.end(), [](const auto& a, const auto& b) {
        return a.voteKey == b.voteKey && a.label == b.label && a.campaign == b.campaign;
    }));
}

QTEST_APPLESS_MAIN(TestSite)
#include "tst_site.moc"
