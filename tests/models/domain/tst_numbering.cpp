#include <QTest>

#include "domain/numbering.h"

using namespace scr;
using domain::Index;
using domain::kNoIndex;

class TestNumbering : public QObject {
    Q_OBJECT
private slots:
    void keysAreInOrderAndRowsMeanTheSame();
    void nothing();
};

void TestNumbering::keysAreInOrderAndRowsMeanTheSame()
{
    domain::ScanInput input;
    domain::VoteColumns& votes = input.votes;
    const auto vote = [&](const char* token, const char* post) {
        votes.token.push_back(votes.tokens.intern(std::string_view{token}));
        votes.post.push_back(votes.posts.intern(std::string_view{post}));
    };
    vote("zoe", "9");
    vote("10", "7");
    vote("-3", "9");
    vote("abe", "p");
    votes.setAuthor(votes.posts.intern(std::string_view{"9"}), votes.tokens.intern(std::string_view{"abe"}));
    input.attempts.token = {kNoIndex, votes.tokens.find("10")};
    input.attempts.post = {votes.posts.find("p"), votes.posts.find("7")};
    input.posts.post = {votes.posts.find("p")};
    domain::numberByKey(input);
    std::vector<std::string> tokens;
    for (Index index = 0; index < votes.tokens.size(); ++index)
        tokens.push_back(votes.tokens.key(index));
    QCOMPARE(tokens, (std::vector<std::string>{"-3", "10", "abe", "zoe"}));
    QCOMPARE(votes.posts.key(0), std::string{"7"});
    QCOMPARE(votes.tokens.key(votes.token[0]), std::string{"zoe"});
    QCOMPARE(votes.posts.key(votes.post[0]), std::string{"9"});
    QCOMPARE(votes.tokens.key(votes.authorOf(votes.post[0])), std::string{"abe"});
    QCOMPARE(votes.authorOf(votes.post[1]), kNoIndex);
    QCOMPARE(input.attempts.token[0], kNoIndex);
    QCOMPARE(votes.tokens.key(input.attempts.token[1]), std::string{"10"});
    QCOMPARE(votes.posts.key(input.attempts.post[0]), std::string{"p"});
    QCOMPARE(votes.posts.key(input.posts.post[0]), std::string{"p"});
    QCOMPARE(votes.tokens.find("zoe"), Index{3});
}

void TestNumbering::nothing()
{
    domain::ScanInput input;
    domain::numberByKey(input);
    QVERIFY(input.votes.empty());
}

QTEST_GUILESS_MAIN(TestNumbering)
#include "tst_numbering.moc"
