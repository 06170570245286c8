#include <QTest>

#include "audit/entry.h"

using namespace scr::audit;

namespace {

/// Double quotes are written as single ones, so that it can be read.
std::string quoted(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

const std::string kAttempt =
    quoted("{'action':'cast','at':1795968643693862,'finished':null,'key':'1','kind':'attempt','origin':null,"
           "'outcome':'accepted','post':'1','request':'k\\'\\n\\\\x\\u0007é','sqlstate':null,"
           "'token':'88160a361745baa890f787d8c52f14f0','v':1,'value':'0.1','vote':'1'}");
const std::string kReview = quoted("{'actor':'alice','at':-5,'detail':'no','digest':null,'key':'7','kind':'review',"
                                   "'outcome':'dismiss','subject':'F-1','v':1}");

std::string with(std::string text, std::string_view what, std::string_view by)
{
    const auto at = text.find(what);
    return at == std::string::npos ? "not there" : text.replace(at, what.size(), by);
}

} // namespace

class TestEntry : public QObject {
    Q_OBJECT
private slots:
    void readsWhatTheDatabaseWrites()
    {
        const auto attempt = Entry::decode(kAttempt);
        QVERIFY(attempt.has_value());
        QCOMPARE(attempt->encode(), kAttempt);
        QVERIFY(attempt->isAttempt());
        QCOMPARE(attempt->number("at"), std::optional<std::int64_t>{1795968643693862});
        QCOMPARE(attempt->text("request"), std::string{"k\"\n\\x\aé"});
        QVERIFY(!attempt->optionalText("origin"));
        const auto review = Entry::decode(kReview);
        QVERIFY(review.has_value());
        QVERIFY(!review->isAttempt());
        QCOMPARE(review->encode(), kReview);
        auto fields = review->fields();
        std::reverse(fields.begin(), fields.end());
        QCOMPARE(Entry::of(fields)->encode(), kReview);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto row = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes);
        };
        row("nothing", "");
        row("a space", with(kReview, ",\"at\"", ", \"at\""));
        row("names out of order", with(with(kReview, "\"actor\":\"alice\",", ""), "\"at\":-5", "\"at\":-5,\"actor\":\"alice\""));
        row("a name twice", with(kReview, "\"at\":-5", "\"at\":-5,\"at\":-5"));
        row("a name too few", with(kReview, "\"digest\":null,", ""));
        row("a name too many", with(kReview, "\"detail\":\"no\"", "\"deed\":1,\"detail\":\"no\""));
        row("another version", with(kReview, "\"v\":1", "\"v\":2"));
        row("a fraction", with(kReview, "\"at\":-5", "\"at\":-5.0"));
        row("an exponent", with(kReview, "\"at\":-5", "\"at\":5e1"));
        row("a leading zero", with(kReview, "\"at\":-5", "\"at\":05"));
        row("minus zero", with(kReview, "\"at\":-5", "\"at\":-0"));
        row("beyond 2^53", with(kReview, "\"at\":-5", "\"at\":9007199254740992"));
        row("beyond every number", with(kReview, "\"at\":-5", "\"at\":99999999999999999999999999"));
        row("text for a number", with(kReview, "\"at\":-5", "\"at\":\"5\""));
        row("null where there is none", with(kReview, "\"detail\":\"no\"", "\"detail\":null"));
        row("a slash escaped", with(kReview, "no", "\\/"));
        row("a letter escaped", with(kReview, "no", "\\u006e"));
        row("a tab as \\u0009", with(kReview, "no", "\\u0009"));
        row("capital hex", with(kReview, "no", "\\u001F"));
        row("a bare tab", with(kReview, "no", "\t"));
        row("a zero", with(kReview, "no", "\\u0000"));
        row("not UTF-8", with(kReview, "no", "\xff"));
        row("a surrogate", with(kReview, "no", "\xed\xa0\x80"));
        row("a long form", with(kReview, "no", "\xc0\xaf"));
        row("cut off", kReview.substr(0, kReview.size() - 1));
        row("something after it", kReview + "\n");
        row("nested", with(kReview, "\"no\"", "{}"));
        row("true", with(kReview, "\"no\"", "true"));
        row("longer than 65535 bytes", with(kReview, "no", std::string(65'535, 'x')));
    }
    void refuses()
    {
        QFETCH(QByteArray, bytes);
        const auto entry = Entry::decode(bytes.toStdString());
        QVERIFY(!entry.has_value());
        QVERIFY(!entry.error().detail.empty());
    }

    /// Whatever is done to a byte, what is read is written the same, or it is refused.
    void everyChangedByteIsRefusedOrKept()
    {
        for (const std::string& good : {kAttempt, kReview}) {
            for (std::size_t at = 0; at < good.size(); ++at) {
                for (int byte = 0; byte < 256; ++byte) {
                    std::string changed = good;
                    changed[at] = static_cast<char>(byte);
                    const auto entry = Entry::decode(changed);
                    if (entry)
                        QCOMPARE(entry->encode(), changed);
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestEntry)
#include "tst_entry.moc"
