#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QPushButton>
#include <QStyleOption>
#include <QTest>

#include "theme/apply.h"
#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/shaped_text.h"
#include "theme/style.h"
#include "theme/text_paint.h"
#include "theme/theme.h"

using namespace scr::theme;

Q_DECLARE_METATYPE(scr::theme::Role)
Q_DECLARE_METATYPE(scr::theme::Scheme)

class TestTheme : public QObject {
    Q_OBJECT
private slots:
    void textIsReadable_data();
    void textIsReadable();
    void edgesAreVisible();
    void themeIsKnownByItsPalette();
    void everyIconDraws();
    void iconTakesTheColourAskedFor();
    void iconIsSharpAtTwice();
    void numbers_data();
    void numbers();
    void digitsHaveEqualCells();
    void textIsDrawnTheSameAgain();
    void textIsNeverMarkup();
    void longTextIsElided();
    void hiddenCharactersBecomeRuns();
    void buttonsHaveTheirHeight();
    void initials_data();
    void initials();
};

void TestTheme::textIsReadable_data()
{
    QTest::addColumn<Role>("text");
    QTest::addColumn<Role>("fill");
    const std::pair<Role, Role> pairs[] = {{Role::Text, Role::Window},
                                           {Role::Text, Role::Base},
                                           {Role::Text, Role::Rail},
                                           {Role::Text, Role::Raised},
                                           {Role::Text, Role::Hover},
                                           {Role::Text, Role::Press},
                                           {Role::Text, Role::Selection},
                                           {Role::Text, Role::SelectionInactive},
                                           {Role::Text2, Role::Window},
                                           {Role::Text2, Role::Base},
                                           {Role::Text2, Role::Rail},
                                           {Role::Text2, Role::Selection},
                                           {Role::Text3, Role::Base},
                                           {Role::Text3, Role::Window},
                                           {Role::Text3, Role::Selection},
                                           {Role::Text3, Role::SelectionInactive},
                                           {Role::OnFill, Role::AccentFill},
                                           {Role::OnFill, Role::DangerFill},
                                           {Role::OnFill, Role::Production},
                                           {Role::OnFill, Role::Staging},
                                           {Role::OnFill, Role::Demo},
                                           {Role::Link, Role::Base},
                                           {Role::Link, Role::InfoSoft},
                                           {Role::DangerText, Role::Base},
                                           {Role::DangerText, Role::DangerSoft},
                                           {Role::WarningText, Role::Base},
                                           {Role::WarningText, Role::WarningSoft},
                                           {Role::WarningText, Role::Selection},
                                           {Role::OkText, Role::Base},
                                           {Role::OkText, Role::OkSoft},
                                           {Role::OkText, Role::Selection},
                                           {Role::TooltipText, Role::TooltipFill},
                                           {Role::Text2, Role::InfoSoft}};
    for (const auto& [text, fill] : pairs)
        QTest::addRow("%d on %d", static_cast<int>(text), static_cast<int>(fill)) << text << fill;
}

void TestTheme::textIsReadable()
{
    QFETCH(const Role, text);
    QFETCH(const Role, fill);
    for (const Scheme scheme : {Scheme::Light, Scheme::Dark, Scheme::HighContrast}) {
        const Theme& theme = themeOf(scheme);
        const double contrast = contrastOf(theme[text], theme[fill]);
        QVERIFY2(contrast >= 4.5, qPrintable(QStringLiteral("scheme %1: %2").arg(static_cast<int>(scheme)).arg(contrast)));
    }
}

void TestTheme::edgesAreVisible()
{
    for (const Scheme scheme : {Scheme::Light, Scheme::Dark, Scheme::HighContrast}) {
        const Theme& theme = themeOf(scheme);
        for (const Role fill : {Role::Base, Role::Window}) {
            QVERIFY(contrastOf(theme[Role::ControlEdge], theme[fill]) >= 3.0);
            QVERIFY(contrastOf(theme[Role::Focus], theme[fill]) >= 3.0);
            QVERIFY(contrastOf(theme[Role::Mark], theme[fill]) >= 3.0);
        }
    }
}

void TestTheme::themeIsKnownByItsPalette()
{
    for (const Scheme scheme : {Scheme::Light, Scheme::Dark, Scheme::HighContrast}) {
        QCOMPARE(themeOf(paletteOf(themeOf(scheme))).scheme, scheme);
        QCOMPARE(themeOf(railPaletteOf(themeOf(scheme))).scheme, scheme);
    }
}

void TestTheme::everyIconDraws()
{
    for (int name = 0; name < static_cast<int>(Icon::Count); ++name) {
        const QImage image = icon(static_cast<Icon>(name)).pixmap(QSize{16, 16}, 1.0).toImage();
        int drawn = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                drawn += qAlpha(image.pixel(x, y)) > 0 ? 1 : 0;
        }
        QVERIFY2(drawn > 10, qPrintable(QString::number(name)));
    }
}

void TestTheme::iconTakesTheColourAskedFor()
{
    for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
        applyTheme(*qApp, scheme);
        const QImage disc = icon(Icon::Medium, Role::DangerText).pixmap(QSize{16, 16}, 1.0).toImage();
        QCOMPARE(disc.pixelColor(8, 8).name(), themeOf(scheme)[Role::DangerText].name());
        const QImage off = icon(Icon::Medium).pixmap(QSize{16, 16}, 1.0, QIcon::Disabled).toImage();
        QCOMPARE(off.pixelColor(8, 8).name(), themeOf(scheme)[Role::Disabled].name());
    }
}

void TestTheme::iconIsSharpAtTwice()
{
    const QPixmap pixmap = icon(Icon::Flag).pixmap(QSize{16, 16}, 2.0);
    QCOMPARE(pixmap.size(), QSize(32, 32));
    QCOMPARE(pixmap.devicePixelRatio(), 2.0);
}

void TestTheme::numbers_data()
{
    QTest::addColumn<double>("value");
    QTest::addColumn<QString>("text");
    QTest::newRow("zero") << 0.0 << QStringLiteral("0");
    QTest::newRow("thousands") << 1204.0 << QStringLiteral("1,204");
    QTest::newRow("millions") << 12345678.0 << QStringLiteral("12,345,678");
    QTest::newRow("minus") << -716.0 << QStringLiteral("−716");
    QTest::newRow("decimals") << 0.57 << QStringLiteral("0.57");
    QTest::newRow("no needless zero") << 18.20 << QStringLiteral("18.2");
    QTest::newRow("minus that rounds away") << -0.0001 << QStringLiteral("0");
    QTest::newRow("minus thousands with decimals") << -1234.5 << QStringLiteral("−1,234.5");
}

void TestTheme::numbers()
{
    QFETCH(const double, value);
    QTEST(numberText(value), "text");
}

void TestTheme::digitsHaveEqualCells()
{
    const QFont font = fontOf(Type::Body);
    QCOMPARE(cellsWidth(QStringLiteral("1,111"), font), cellsWidth(QStringLiteral("8,888"), font));
}

namespace {

QImage drawn(const QString& text, double width, bool cells = false)
{
    QImage image{300, 24, QImage::Format_ARGB32_Premultiplied};
    image.fill(Qt::white);
    QPainter painter{&image};
    painter.setFont(fontOf(Type::Dense));
    if (cells)
        drawCells(painter, {0, 0, width, 24}, Qt::AlignRight, text);
    else
        drawLine(painter, {0, 0, width, 24}, text);
    return image;
}

} // namespace

void TestTheme::textIsDrawnTheSameAgain()
{
    for (const bool cells : {false, true}) {
        const QImage first = drawn(QStringLiteral("12,345.6 votes"), 300, cells);
        QVERIFY(first != drawn(QStringLiteral("12,345.7 votes"), 300, cells));
        QCOMPARE(drawn(QStringLiteral("12,345.6 votes"), 300, cells), first);
    }
    // Words of no known width in this font take the way of ordinary text.
    QVERIFY(drawn(QStringLiteral("東京"), 300, true) != drawn({}, 300, true));
}

void TestTheme::textIsNeverMarkup()
{
    const QFont font = fontOf(Type::Dense);
    QVERIFY(lineWidth(QStringLiteral("<b>x</b>"), font) > lineWidth(QStringLiteral("x"), font) * 3);
    QVERIFY(drawn(QStringLiteral("<b>x</b>"), 300) != drawn(QStringLiteral("x"), 300));
}

void TestTheme::longTextIsElided()
{
    const QString title = QStringLiteral("a title that is much longer than its column is wide");
    QVERIFY(lineWidth(title, fontOf(Type::Dense)) > 100);
    const QImage image = drawn(title, 100);
    for (int x = 101; x < image.width(); ++x) {
        for (int y = 0; y < image.height(); ++y)
            QCOMPARE(image.pixel(x, y), qRgb(255, 255, 255));
    }
    QVERIFY(image != drawn(title, 120));
}

void TestTheme::hiddenCharactersBecomeRuns()
{
    const std::vector<TextRun> runs = runsOf(QStringLiteral("lucky[U+202E]rebmun [not a code]"));
    QCOMPARE(runs.size(), std::size_t{3});
    QCOMPARE(runs[1].text, QStringLiteral("U+202E"));
    QVERIFY(runs[1].isCode);
    QCOMPARE(runs[2].text, QStringLiteral("rebmun [not a code]"));
    QVERIFY(runsOf({}).empty());
}

void TestTheme::buttonsHaveTheirHeight()
{
    applyTheme(*qApp, Scheme::Light);
    QPushButton button{QStringLiteral("Confirm")};
    QCOMPARE(button.sizeHint().height(), 28);
    const int plain = button.sizeHint().width();
    setKeyHint(button, QStringLiteral("C"));
    QVERIFY(button.sizeHint().width() > plain);
    setSmall(button);
    QCOMPARE(button.sizeHint().height(), 24);
}

void TestTheme::initials_data()
{
    QTest::addColumn<QString>("login");
    QTest::addColumn<QString>("text");
    QTest::newRow("number") << QStringLiteral("moderator-2") << QStringLiteral("M2");
    QTest::newRow("two words") << QStringLiteral("anna.berg") << QStringLiteral("AB");
    QTest::newRow("one word") << QStringLiteral("root") << QStringLiteral("RO");
    QTest::newRow("one letter") << QStringLiteral("x") << QStringLiteral("X");
    QTest::newRow("nobody") << QString{} << QString{};
}

void TestTheme::initials()
{
    QFETCH(const QString, login);
    QTEST(initialsOf(login), "text");
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
