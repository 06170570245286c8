#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "domain/visible_text.h"

using namespace scr::domain;

class TestVisibleText : public QObject {
    Q_OBJECT
private slots:
    void shows_data();
    void shows();
    void piecesKeepTextAndCodesApart();
    void nothingHiddenGetsThrough();
    void everyAttackStringIsHarmless();
    void linesKeepTheirBreaks();
    void tellsUtf8_data();
    void tellsUtf8();
};

namespace {

bool isHarmless(const QString& text)
{
    const QList<uint> points = text.toUcs4();
    return std::none_of(points.begin(), points.end(), [](uint point) {
        const QChar::Category category = QChar::category(point);
        return category == QChar::Other_Control || category == QChar::Other_Format || category == QChar::Separator_Line ||
               category == QChar::Separator_Paragraph;
    });
}

} // namespace

void TestVisibleText::shows_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("plain") << QByteArray{"Lumen 2.0"} << QByteArray{"Lumen 2.0"};
    QTest::newRow("markup stays") << QByteArray{"<img src=\"/dev/zero\">"} << QByteArray{"<img src=\"/dev/zero\">"};
    QTest::newRow("other scripts stay") << QByteArray{"Öffentliche 東京 خرائط кирпич 🎉"}
                                        << QByteArray{"Öffentliche 東京 خرائط кирпич 🎉"};
    QTest::newRow("right-to-left override") << QByteArray{"lucky\xe2\x80\xaerebmun"} << QByteArray{"lucky[U+202E]rebmun"};
    QTest::newRow("line feed and escape") << QByteArray{"a\n\x1b[2J"} << QByteArray{"a[U+000A][U+001B][2J"};
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray{"a[U+0000]b"};
    QTest::newRow("tag character") << QByteArray{"\xf3\xa0\x81\x81"} << QByteArray{"[U+E0041]"};
    QTest::newRow("byte that is not UTF-8") << QByteArray{"a\xff\xc3"} << QByteArray{"a[0xFF][0xC3]"};
    QTest::newRow("surrogate") << QByteArray{"\xed\xa0\x80"} << QByteArray{"[0xED][0xA0][0x80]"};
    QTest::newRow("overlong slash") << QByteArray{"\xc0\xaf"} << QByteArray{"[0xC0][0xAF]"};
    QTest::newRow("noncharacter") << QByteArray{"\xf4\x8f\xbf\xbf"} << QByteArray{"[U+10FFFF]"};
    QTest::newRow("byte order mark") << QByteArray{"\xef\xbb\xbfgood"} << QByteArray{"[U+FEFF]good"};
    QTest::newRow("hangul filler") << QByteArray{"\xe3\x85\xa4"} << QByteArray{"[U+3164]"};
}

void TestVisibleText::shows()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, shown);
    QCOMPARE(QByteArray::fromStdString(visibleText(text.toStdString())), shown);
}

void TestVisibleText::piecesKeepTextAndCodesApart()
{
    const std::vector<TextPiece> expected{{"lucky", false}, {"U+202E", true}, {"U+200B", true}, {"rebmun", false}};
    QCOMPARE(visiblePieces("lucky\xe2\x80\xae\xe2\x80\x8brebmun"), expected);
    QVERIFY(visiblePieces("").empty());
}

void TestVisibleText::nothingHiddenGetsThrough()
{
    for (uint point = 0; point <= 0x10FFFF; ++point) {
        if ((point >= 0xD800 && point <= 0xDFFF) || point == 0xFEFF) // Qt takes a byte order mark away before we see it
            continue;
        const char32_t character = point;
        const QString text = QString::fromUcs4(&character, 1);
        const QString shown = QString::fromStdString(visibleText(text.toStdString()));
        // Marks of the Arabic and other scripts are Format by category and yet stand visibly in the text.
        const bool isVisibleFormat = shown == text && QChar::category(point) == QChar::Other_Format;
        if (isVisibleFormat)
            QVERIFY2((point >= 0x600 && point <= 0x605) || point == 0x6DD || point == 0x70F || point == 0x890 || point == 0x891 ||
                         point == 0x8E2 || point == 0x110BD || point == 0x110CD || (point >= 0x13430 && point <= 0x1345F),
                     qPrintable(QString::number(point, 16)));
        else
            QVERIFY2(isHarmless(shown), qPrintable(QString::number(point, 16)));
    }
}

void TestVisibleText::everyAttackStringIsHarmless()
{
    QFile file{QStringLiteral(SCRUTINEER_SOURCE_DIR "/../shared/vectors/attack_strings.json")};
    if (!file.open(QIODevice::ReadOnly))
        QSKIP("the public test vectors do not lie beside this checkout");
    const QJsonArray strings = QJsonDocument::fromJson(file.readAll()).array();
    QVERIFY(strings.size() > 10);
    for (const QJsonValue& value : strings) {
        const QString text = value[QStringLiteral("text")].toString();
        const QString shown = QString::fromStdString(visibleText(text.toStdString()));
        QVERIFY2(isHarmless(shown), qPrintable(value[QStringLiteral("why")].toString()));
        if (isHarmless(text) && !text.contains(QChar{0x115F}))
            QCOMPARE(shown, text);
    }
}

void TestVisibleText::linesKeepTheirBreaks()
{
    QCOMPARE(visibleLines("SELECT 1;\nSELECT\t2;\n"), std::string{"SELECT 1;\nSELECT[U+0009]2;\n"});
    QCOMPARE(visibleLines("\x1b[31m\n\n\xe2\x80\xae"), std::string{"[U+001B][31m\n\n[U+202E]"});
    QCOMPARE(visibleLines(""), std::string{});
}

void TestVisibleText::tellsUtf8_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("good");
    QTest::newRow("empty") << QByteArray{} << true;
    QTest::newRow("four bytes") << QByteArray{"\xf0\x9f\x8e\x89"} << true;
    QTest::newRow("cut off") << QByteArray{"\xf0\x9f\x8e"} << false;
    QTest::newRow("lone continuation") << QByteArray{"\x80"} << false;
    QTest::newRow("overlong") << QByteArray{"\xe0\x80\x80"} << false;
    QTest::newRow("beyond Unicode") << QByteArray{"\xf4\x90\x80\x80"} << false;
    QTest::newRow("Latin-1") << QByteArray{"caf\xe9"} << false;
}

void TestVisibleText::tellsUtf8()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, good);
    QCOMPARE(isUtf8(text.toStdString()), good);
}

QTEST_APPLESS_MAIN(TestVisibleText)
#include "tst_visible_text.moc"
