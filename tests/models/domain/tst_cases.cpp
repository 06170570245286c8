#include <QTest>

#include "domain/cases.h"

using namespace scr;

namespace {

domain::Flag flagOf(std::initializer_list<const char*> tokens, std::initializer_list<const char*> posts)
{
    domain::Flag flag;
    for (const char* token : tokens)
        flag.tokens.emplace_back(token);
    for (const char* post : posts)
        flag.posts.emplace_back(post);
    return flag;
}

std::vector<std::size_t> casesOf(const std::vector<domain::Flag>& flags)
{
    std::vector<const domain::Flag*> all;
    for (const domain::Flag& flag : flags)
        all.push_back(&flag);
    return domain::casesOf(all);
}

using Firsts = std::vector<std::size_t>;

} // namespace

class TestCases : public QObject {
    Q_OBJECT
private slots:
    void tokenAndPostJoin() { QCOMPARE(casesOf({flagOf({"t"}, {"p"}), flagOf({"t"}, {"q", "p"})}), (Firsts{0, 0})); }
    void oneTokenAloneDoesNot() { QCOMPARE(casesOf({flagOf({"t"}, {"p"}), flagOf({"t"}, {"q"})}), (Firsts{0, 1})); }
    void onePostAloneDoesNot() { QCOMPARE(casesOf({flagOf({"t"}, {"p"}), flagOf({"u"}, {"p"})}), (Firsts{0, 1})); }
    void twoTokensJoin() { QCOMPARE(casesOf({flagOf({"t", "u"}, {"p"}), flagOf({"u", "v", "t"}, {"q"})}), (Firsts{0, 0})); }
    void othersJoinThemThroughThird()
    {
        QCOMPARE(casesOf({flagOf({"t"}, {"p"}), flagOf({"u"}, {"q"}), flagOf({"x"}, {"y"}), flagOf({"t", "u"}, {"p", "q"})}),
                 (Firsts{0, 0, 2, 0}));
    }
    void keysAreNotRunTogether() { QCOMPARE(casesOf({flagOf({"ab"}, {"c"}), flagOf({"a"}, {"bc"})}), (Firsts{0, 1})); }
    void nothing() { QCOMPARE(casesOf({}), Firsts{}); }
};

QTEST_GUILESS_MAIN(TestCases)
#include "tst_cases.moc"
