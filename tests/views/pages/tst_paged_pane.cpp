#include <QStandardItemModel>
#include <QTableView>
#include <QTest>
#include <QVBoxLayout>

#include "pages/paged_pane.h"
#include "widgets/buttons.h"

using namespace scr;

class TestPagedPane : public QObject {
    Q_OBJECT
private slots:
    void theTableKeepsTheKeysWhenItIsReadAnew();
};

void TestPagedPane::theTableKeepsTheKeysWhenItIsReadAnew()
{
    QStandardItemModel model{0, 2};
    tables::PageNotifier notifier;
    QWidget page;
    auto* layout = new QVBoxLayout{&page};
    auto* pane = new pages::PagedPane{model, notifier, QStringLiteral("votes")};
    layout->addWidget(pane);
    layout->addWidget(widgets::makeButton(QStringLiteral("Next"), theme::Icon::Check, &page));
    page.show();
    page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    const auto read = [&](int rows) {
        model.setRowCount(0);
        emit notifier.stateChanged(tables::PageState::MoreToCome);
        emit notifier.stateChanged(tables::PageState::Loading);
        model.setRowCount(rows);
    };
    model.setRowCount(0);
    emit notifier.stateChanged(tables::PageState::Loading);
    // Once it was slow enough for the button that stops it.
    auto* stop = pane->findChild<QWidget*>(QStringLiteral("stop"));
    QTRY_VERIFY_WITH_TIMEOUT(stop->isVisible(), 5'000);
    model.setRowCount(3);
    emit notifier.stateChanged(tables::PageState::Complete);

    pane->table().setFocus();
    read(4);
    emit notifier.stateChanged(tables::PageState::Complete);
    QVERIFY(pane->table().hasFocus());
    read(0);
    emit notifier.stateChanged(tables::PageState::Complete);
    read(2);
    emit notifier.stateChanged(tables::PageState::Complete);
    QVERIFY(pane->table().hasFocus());
}

QTEST_MAIN(TestPagedPane)
#include "tst_paged_pane.moc"
