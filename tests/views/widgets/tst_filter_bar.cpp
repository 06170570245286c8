#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

#include "widgets/chip.h"
#include "widgets/filter_bar.h"

using scr::widgets::Chip;
using scr::widgets::FilterBar;
using scr::widgets::FilterChip;

namespace {

/// "field=value" words; a word without "=" is refused.
std::vector<FilterChip> parse(const QString& text)
{
    std::vector<FilterChip> chips;
    for (const QString& word : text.split(QLatin1Char{' '}, Qt::SkipEmptyParts)) {
        const QStringList parts = word.split(QLatin1Char{'='});
        if (parts.size() == 2)
            chips.push_back({parts[0], QStringLiteral("="), parts[1], {}, word});
        else
            chips.push_back({{}, {}, word, QStringLiteral("a term is field=value"), word});
    }
    return chips;
}

} // namespace

class TestFilterBar : public QObject {
    Q_OBJECT
private slots:
    void init();
    void enterMakesChips();
    void badTermStaysAndSaysWhy();
    void backspaceTakesTheLastChip();
    void backspaceInTextTakesNoChip();
    void escapeLeavesTheField();
    void settingTextDoesNotEmit();
    void clickOnCrossRemoves();
    void clickOnChipEditsIt();

private:
    [[nodiscard]] QLineEdit& input() const { return *m_bar->findChild<QLineEdit*>(); }
    [[nodiscard]] Chip* chipAt(int index) const
    {
        QList<Chip*> shown;
        for (Chip* chip : m_bar->findChildren<Chip*>()) {
            if (!chip->isHidden())
                shown.append(chip);
        }
        return shown.value(index);
    }

    std::unique_ptr<FilterBar> m_bar;
    std::unique_ptr<QSignalSpy> m_changes;
};

void TestFilterBar::init()
{
    m_changes.reset();
    m_bar = std::make_unique<FilterBar>();
    m_bar->setParser(parse);
    m_bar->resize(600, 28);
    m_bar->show();
    m_bar->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_bar.get()));
    m_bar->focusInput();
    m_changes = std::make_unique<QSignalSpy>(m_bar.get(), &FilterBar::filterChanged);
}

void TestFilterBar::enterMakesChips()
{
    QTest::keyClicks(&input(), QStringLiteral("state=open token=tok_7"));
    QTest::keyClick(&input(), Qt::Key_Return);
    QCOMPARE(m_bar->chips().size(), std::size_t{2});
    QCOMPARE(m_changes->count(), 1);
    QCOMPARE(m_changes->first().first().toString(), QStringLiteral("state=open token=tok_7"));
    QVERIFY(input().text().isEmpty());
}

void TestFilterBar::badTermStaysAndSaysWhy()
{
    const QSignalSpy refused{m_bar.get(), &FilterBar::refused};
    QTest::keyClicks(&input(), QStringLiteral("state=open nonsense"));
    QTest::keyClick(&input(), Qt::Key_Return);
    QCOMPARE(m_bar->chips().size(), std::size_t{2});
    QCOMPARE(m_bar->filterText(), QStringLiteral("state=open"));
    QCOMPARE(refused.count(), 1);
    QVERIFY(chipAt(1) != nullptr);
    QCOMPARE(chipAt(1)->toolTip(), QStringLiteral("<qt>a term is field=value</qt>"));
}

void TestFilterBar::backspaceTakesTheLastChip()
{
    m_bar->setFilterText(QStringLiteral("a=1 b=2"));
    QTest::keyClick(&input(), Qt::Key_Backspace);
    QCOMPARE(m_bar->filterText(), QStringLiteral("a=1"));
    QCOMPARE(m_changes->count(), 1);
    QTest::keyClick(&input(), Qt::Key_Backspace);
    QTest::keyClick(&input(), Qt::Key_Backspace);
    QCOMPARE(m_changes->count(), 2);
    QVERIFY(m_bar->chips().empty());
}

void TestFilterBar::backspaceInTextTakesNoChip()
{
    m_bar->setFilterText(QStringLiteral("a=1"));
    QTest::keyClicks(&input(), QStringLiteral("x"));
    QTest::keyClick(&input(), Qt::Key_Backspace);
    QCOMPARE(m_bar->chips().size(), std::size_t{1});
}

void TestFilterBar::escapeLeavesTheField()
{
    QTest::keyClicks(&input(), QStringLiteral("half"));
    QTest::keyClick(&input(), Qt::Key_Escape);
    QVERIFY(input().text().isEmpty());
    QVERIFY(!input().hasFocus());
}

void TestFilterBar::settingTextDoesNotEmit()
{
    m_bar->setFilterText(QStringLiteral("a=1"));
    QCOMPARE(m_changes->count(), 0);
    QCOMPARE(m_bar->filterText(), QStringLiteral("a=1"));
}

void TestFilterBar::clickOnCrossRemoves()
{
    m_bar->setFilterText(QStringLiteral("a=1 b=2"));
    QCoreApplication::processEvents();
    Chip* first = chipAt(0);
    QTest::mouseClick(first, Qt::LeftButton, {}, QPoint{first->width() - 8, first->height() / 2});
    QCOMPARE(m_bar->filterText(), QStringLiteral("b=2"));
}

void TestFilterBar::clickOnChipEditsIt()
{
    m_bar->setFilterText(QStringLiteral("a=1 b=2"));
    QCoreApplication::processEvents();
    QTest::mouseClick(chipAt(1), Qt::LeftButton, {}, QPoint{6, 10});
    QCOMPARE(input().text(), QStringLiteral("b=2"));
    QCOMPARE(m_bar->filterText(), QStringLiteral("a=1"));
}

QTEST_MAIN(TestFilterBar)
#include "tst_filter_bar.moc"
