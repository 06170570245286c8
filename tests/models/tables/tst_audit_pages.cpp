#include <QAbstractItemModelTester>
#include <QTest>

#include "support/held_back.h"
#include "tables/audit_pages_model.h"
#include "tables/seal_tables.h"

using namespace scr;

namespace {

class HeldBackAudit final : public ports::AuditSource {
public:
    QFuture<domain::Result<ports::AuditPage>>
    entriesAfter(const ports::AuditFilter& filter, const std::optional<ports::AuditCursor>& cursor, int /*limit*/) override
    {
        filters.push_back(filter);
        cursors.push_back(cursor);
        return pages.ask();
    }
    test::HeldBack<ports::AuditPage> pages;
    std::vector<ports::AuditFilter> filters;
    std::vector<std::optional<ports::AuditCursor>> cursors;
};

} // namespace

class TestAuditPages : public QObject {
    Q_OBJECT
private slots:
    void pagesThroughEntries();
    void asksAnewForAnotherFilter();
    void remarksAreSentences();
};

/// What stands below the outcome of a verification, and is no finding.
void TestAuditPages::remarksAreSentences()
{
    jobs::VerifyReport report;
    QCOMPARE(tables::remarksText(report), QString{});
    report.remarks = {"no checkpoint has a good signature of olga"};
    QCOMPARE(tables::remarksText(report), QStringLiteral("No checkpoint has a good signature of olga."));
    report.remarks.resize(5, "the signature in the name of ivan is not good");
    QVERIFY(tables::remarksText(report).endsWith(QStringLiteral("is not good. And 2 more: scrutineerctl verify lists them.")));
}

void TestAuditPages::pagesThroughEntries()
{
    HeldBackAudit source;
    tables::AuditPagesModel model{source};
    QAbstractItemModelTester tester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    model.setFilter({});
    ports::AuditPage page;
    page.rows.push_back({domain::EntryKind::Attempt, "9", domain::timeOf(5), "tok", "post", "duplicate", "", "10.0.0.1"});
    page.rows.push_back({domain::EntryKind::Review, "1", domain::timeOf(4), "mod", "F-1", "confirm", "a reason", ""});
    source.pages.answer(0, page);
    QTRY_COMPARE(model.rowCount(), 2);
    QCOMPARE(model.state(), tables::PageState::Complete);
    QCOMPARE(model.index(0, static_cast<int>(tables::AuditPagesModel::Column::Kind)).data().toString(),
             QStringLiteral("vote attempt"));
    QCOMPARE(model.index(1, static_cast<int>(tables::AuditPagesModel::Column::Outcome)).data().toString(),
             QStringLiteral("confirm"));
}

void TestAuditPages::asksAnewForAnotherFilter()
{
    HeldBackAudit source;
    tables::AuditPagesModel model{source};
    model.setFilter({});
    ports::AuditFilter attempts;
    attempts.attempts = true;
    model.setFilter(attempts);
    QVERIFY(source.pages.isCancelled(0));
    QCOMPARE(source.filters.back(), attempts);
    QVERIFY(!source.cursors.back().has_value());
}

QTEST_GUILESS_MAIN(TestAuditPages)
#include "tst_audit_pages.moc"
