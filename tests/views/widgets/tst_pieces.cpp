#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "theme/apply.h"
#include "widgets/banner.h"
#include "widgets/digest_view.h"
#include "widgets/nav_rail.h"
#include "widgets/segmented_button.h"
#include "widgets/slope_rows.h"
#include "widgets/state_pane.h"
#include "widgets/status_strip.h"
#include "widgets/text_label.h"
#include "widgets/time_range_button.h"
#include "widgets/time_range_popup.h"
#include "widgets/untrusted_label.h"

using namespace scr;
using namespace scr::widgets;

namespace {

constexpr std::int64_t kNow = 1773325200000000; // 2026-03-12 14:20 UTC

domain::ScoreChange changeOf(std::int64_t before, std::int64_t after, std::int64_t votes = 0)
{
    domain::ScoreChange change;
    change.rankBefore = before;
    change.rankAfter = after;
    change.votes = votes;
    change.scoreBefore = 10;
    change.scoreAfter = votes > 0 ? 1 : 10;
    return change;
}

} // namespace

class TestPieces : public QObject {
    Q_OBJECT
private slots:
    void presetReachesFromNowBack();
    void stepsByItsOwnLength();
    void openRangesDoNotStep();
    void spansAreWords_data();
    void spansAreWords();
    void popupRefusesWhatItCannotRead();
    void popupTakesARange();
    void slopeLaysOutBothSides();
    void movementsAreTold();
    void digestCopiesWithoutSpaces();
    void hiddenCharactersAreShown();
    void markupIsShownAsItIs();
    void bannerHasAtMostOneButton();
    void loadingIsQuietAtFirst();
    void stateButtonsGoWithTheState();
    void stripHidesWhatItDoesNotKnow();
    void segmentedHoldsExactlyOne();
    void everythingFollowsAChangeOfTheme();
};

void TestPieces::presetReachesFromNowBack()
{
    TimeRangeButton button{[] { return domain::timeOf(kNow); }};
    const QSignalSpy changes{&button, &TimeRangeButton::rangeChanged};
    button.setPreset(TimePreset::LastDay);
    QCOMPARE(changes.count(), 1);
    QCOMPARE(domain::microsOf(*button.range().to), kNow);
    QCOMPARE(domain::microsOf(*button.range().from), kNow - 86400000000);
    button.setPreset(TimePreset::LastDay);
    QCOMPARE(changes.count(), 1);
}

void TestPieces::stepsByItsOwnLength()
{
    TimeRangeButton button{[] { return domain::timeOf(kNow); }};
    button.setPreset(TimePreset::LastHour);
    button.step(-1);
    QCOMPARE(domain::microsOf(*button.range().to), kNow - 3600000000);
    QCOMPARE(button.preset(), TimePreset::Custom);
    button.step(1);
    QCOMPARE(domain::microsOf(*button.range().to), kNow);
}

void TestPieces::openRangesDoNotStep()
{
    TimeRangeButton button{[] { return domain::timeOf(kNow); }};
    const QSignalSpy changes{&button, &TimeRangeButton::rangeChanged};
    button.step(1);
    QCOMPARE(changes.count(), 0);
    QVERIFY(button.range().isAll());
}

void TestPieces::spansAreWords_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("to");
    QTest::addColumn<QString>("text");
    QTest::newRow("all") << QString{} << QString{} << QString{};
    QTest::newRow("closed") << QStringLiteral("2026-03-11 14:20") << QStringLiteral("2026-03-12 14:20")
                            << QStringLiteral("11 Mar 14:20 – 12 Mar 14:20 UTC");
    QTest::newRow("over a year") << QStringLiteral("2025-12-31") << QStringLiteral("2026-01-01")
                                 << QStringLiteral("31 Dec 2025 00:00 – 1 Jan 2026 00:00 UTC");
    QTest::newRow("until") << QString{} << QStringLiteral("2026-03-12 14:20") << QStringLiteral("until 12 Mar 2026 14:20 UTC");
    QTest::newRow("since") << QStringLiteral("2026-03-12 14:20") << QString{} << QStringLiteral("since 12 Mar 2026 14:20 UTC");
}

void TestPieces::spansAreWords()
{
    QFETCH(const QString, from);
    QFETCH(const QString, to);
    domain::TimeRange range;
    if (!from.isEmpty())
        range.from = domain::parseTime(from.toStdString()).value();
    if (!to.isEmpty())
        range.to = domain::parseTime(to.toStdString()).value();
    QTEST(spanText(range), "text");
}

void TestPieces::popupRefusesWhatItCannotRead()
{
    TimeRangePopup popup{TimePreset::AllTime, {}, nullptr};
    popup.setAttribute(Qt::WA_DeleteOnClose, false);
    const QSignalSpy chosen{&popup, &TimeRangePopup::rangeChosen};
    const QList<QLineEdit*> fields = popup.findChildren<QLineEdit*>();
    QCOMPARE(fields.size(), 2);
    fields[0]->setText(QStringLiteral("tomorrow"));
    QTest::keyClick(fields[0], Qt::Key_Return);
    QVERIFY(fields[0]->property("invalid").toBool());
    fields[0]->setText(QStringLiteral("2026-03-12"));
    fields[1]->setText(QStringLiteral("2026-03-11"));
    QTest::keyClick(fields[1], Qt::Key_Return);
    QVERIFY(fields[1]->property("invalid").toBool());
    QCOMPARE(chosen.count(), 0);
}

void TestPieces::popupTakesARange()
{
    TimeRangePopup popup{TimePreset::AllTime, {}, nullptr};
    popup.setAttribute(Qt::WA_DeleteOnClose, false);
    const QSignalSpy chosen{&popup, &TimeRangePopup::rangeChosen};
    const QList<QLineEdit*> fields = popup.findChildren<QLineEdit*>();
    fields[0]->setText(QStringLiteral("2026-03-12 00:00+05:30"));
    QTest::keyClick(fields[0], Qt::Key_Return);
    QCOMPARE(chosen.count(), 1);
    const auto range = chosen.first().first().value<domain::TimeRange>();
    QCOMPARE(QString::fromStdString(domain::isoText(*range.from)), QStringLiteral("2026-03-11T18:30:00Z"));
    QVERIFY(!range.to);
}

void TestPieces::slopeLaysOutBothSides()
{
    const std::vector<domain::ScoreChange> changes{changeOf(1, 1), changeOf(2, 61, 5), changeOf(3, 2), changeOf(4, 3),
                                                   changeOf(90, 91)};
    const SlopeLayout layout = layoutOf(changes, 3);
    QCOMPARE(layout.before.size(), std::size_t{4});
    QCOMPARE(layout.before[3].change, std::size_t{3});
    QVERIFY(layout.before[3].afterGap);
    QCOMPARE(layout.after.size(), std::size_t{4});
    QCOMPARE(layout.after[1].change, std::size_t{2});
    QCOMPARE(layout.after[3].change, std::size_t{1});
    QCOMPARE(layout.rows, 4);
    QCOMPARE(layoutOf({}, 15).rows, 0);
}

void TestPieces::movementsAreTold()
{
    QCOMPARE(movementOf(changeOf(1, 1)), Movement::Stays);
    QCOMPARE(movementOf(changeOf(3, 2)), Movement::Rises);
    QCOMPARE(movementOf(changeOf(2, 3)), Movement::Falls);
    QCOMPARE(movementOf(changeOf(2, 3, 4)), Movement::Struck);
}

void TestPieces::digestCopiesWithoutSpaces()
{
    QCOMPARE(groupedDigest(QStringLiteral("0123456789ab"), 2), QStringLiteral("0123 4567\n89ab"));
    DigestView view;
    view.setDigest(QStringLiteral("0123456789ab"));
    QTest::mouseClick(&view, Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("0123456789ab"));
}

void TestPieces::hiddenCharactersAreShown()
{
    UntrustedLabel label;
    label.setUntrusted("lucky\xE2\x80\xAErebmun");
    QCOMPARE(label.shownText(), QStringLiteral("lucky[U+202E]rebmun"));
}

void TestPieces::markupIsShownAsItIs()
{
    const TextLabel label{QStringLiteral("<img src=\"/dev/zero\">")};
    QCOMPARE(label.textFormat(), Qt::PlainText);
    UntrustedLabel untrusted;
    untrusted.setUntrusted("<img src=\"/dev/zero\">");
    QVERIFY(!untrusted.grab().isNull());
}

void TestPieces::bannerHasAtMostOneButton()
{
    Banner banner;
    banner.present(Banner::Kind::Warning, QStringLiteral("Lost."), QStringLiteral("Trying again."), QStringLiteral("Try now"));
    QCOMPARE(banner.sentence(), QStringLiteral("Lost. Trying again."));
    QVERIFY(!banner.button()->isHidden());
    const QSignalSpy clicks{&banner, &Banner::buttonClicked};
    banner.button()->click();
    QCOMPARE(clicks.count(), 1);
    banner.present(Banner::Kind::Info, QStringLiteral("Fine."));
    QVERIFY(banner.button()->isHidden());
}

void TestPieces::loadingIsQuietAtFirst()
{
    StatePane pane;
    pane.resize(600, 400);
    pane.show();
    const QSignalSpy stops{&pane, &StatePane::stopRequested};
    pane.showLoading(QStringLiteral("Reading flags"));
    auto* stop = pane.findChild<QPushButton*>(QStringLiteral("stop"));
    QVERIFY(stop != nullptr);
    QVERIFY(!stop->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(stop->isVisible(), 4000);
    stop->click();
    QCOMPARE(stops.count(), 1);
    pane.showEmpty(theme::Icon::Check, QStringLiteral("Nothing left"), {});
    QVERIFY(!stop->isVisible());
}

void TestPieces::stateButtonsGoWithTheState()
{
    StatePane pane;
    pane.showError(QStringLiteral("Failed"), QStringLiteral("Nothing was changed."), QStringLiteral("57014"));
    const QPointer<QPushButton> again = pane.addAction(QStringLiteral("Try again"));
    QCOMPARE(pane.state(), StatePane::State::Error);
    pane.showLoading(QStringLiteral("Reading"));
    QVERIFY(again->isHidden());
    QTRY_VERIFY(again.isNull());
}

void TestPieces::stripHidesWhatItDoesNotKnow()
{
    StatusStrip strip;
    for (const StatusCell* cell : strip.findChildren<StatusCell*>())
        QVERIFY(cell->isHidden());
    strip.setLock(QStringLiteral("can write in 3 ways"), false);
    int shown = 0;
    for (const StatusCell* cell : strip.findChildren<StatusCell*>())
        shown += cell->isHidden() ? 0 : 1;
    QCOMPARE(shown, 1);
}

void TestPieces::segmentedHoldsExactlyOne()
{
    SegmentedButton button{{QStringLiteral("With"), QStringLiteral("Without")}};
    const QSignalSpy changes{&button, &SegmentedButton::currentChanged};
    QCOMPARE(button.current(), 0);
    button.setCurrent(1);
    button.setCurrent(1);
    QCOMPARE(button.current(), 1);
    QCOMPARE(changes.count(), 1);
    // Tab reaches the choice that holds, also before any of them had the focus.
    SegmentedButton chosen{{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")}};
    chosen.setCurrent(1);
    const auto parts = chosen.findChildren<QPushButton*>();
    QCOMPARE(parts.size(), qsizetype{3});
    for (qsizetype part = 0; part < parts.size(); ++part)
        QCOMPARE((parts[part]->focusPolicy() & Qt::TabFocus) != 0, part == 1);
}

void TestPieces::everythingFollowsAChangeOfTheme()
{
    theme::applyTheme(*qApp, theme::Scheme::Light);
    NavRail rail{QStringLiteral("Scrutineer")};
    auto* onRail = new TextLabel{QStringLiteral("inside"), theme::Type::Body, theme::Role::Text2, &rail};
    TextLabel label{QStringLiteral("alone"), theme::Type::Body, theme::Role::WarningText};
    rail.show();
    label.show();
    for (const theme::Scheme scheme : {theme::Scheme::Dark, theme::Scheme::HighContrast, theme::Scheme::Light}) {
        theme::applyTheme(*qApp, scheme);
        QCoreApplication::processEvents();
        const theme::Theme& theme = theme::themeOf(scheme);
        QCOMPARE(rail.palette().color(QPalette::Window), theme[theme::Role::Rail]);
        QCOMPARE(rail.palette().color(QPalette::Base), theme[theme::Role::Base]);
        QCOMPARE(label.palette().color(QPalette::WindowText), theme[theme::Role::WarningText]);
        QCOMPARE(onRail->palette().color(QPalette::WindowText), theme[theme::Role::Text2]);
    }
}

QTEST_MAIN(TestPieces)
#include "tst_pieces.moc"
