#include <QHBoxLayout>
#include <QHeaderView>
#include <QStandardItemModel>
#include <QTableView>
#include <QTest>

#include "delegates/dense_delegate.h"
#include "delegates/queue_delegate.h"
#include "delegates/table_setup.h"
#include "domain/review.h"
#include "tables/flag_queue_model.h"
#include "tables/roles.h"
#include "views/gallery.h"

using namespace scr;

namespace {

domain::RecordedFlag flagOf(int number, domain::Severity severity, const char* token, const char* label, const char* summary,
                            int votes, std::int64_t with, std::int64_t without)
{
    domain::RecordedFlag row;
    row.flag.key = domain::FlagKey{"F-" + std::to_string(number)};
    row.flag.detector = domain::DetectorId::TokenBurst;
    row.flag.severity = severity;
    row.flag.score = 100 - number;
    row.flag.subject.key = token;
    row.flag.summary = summary;
    row.flag.votes.resize(static_cast<std::size_t>(votes));
    row.flag.to = domain::timeOf(1773325200000000 - number * 240000000LL);
    if (with > 0)
        row.flag.rankImpact = domain::RankImpact{domain::PostKey{"1"}, with, without, 0, 0};
    row.subjectLabel = label;
    return row;
}

QWidget* queue()
{
    auto* table = new QTableView;
    auto* model = new tables::FlagQueueModel{table};
    std::vector<domain::RecordedFlag> flags{
        flagOf(1, domain::Severity::Critical, "tok_7f3a91c2", "amber-heron-41", "32 votes in 18.2 s", 32, 3, 61),
        flagOf(2, domain::Severity::Critical, "tok_c04e17bb", "Lumen 2.0: instant dashboards for everyone",
               "3 of 14 attempts accepted in 41 ms", 3, 3, 5),
        flagOf(3, domain::Severity::High, "tok_19de40a7", "кирпич-88", "23 of 24 gaps are 61.0 s", 1214, 9, 9),
        flagOf(4, domain::Severity::Medium, "tok_5ac2e9f1", "lucky\xE2\x80\xAErebmun", "16 votes in 21.0 s", 16, 88, 90),
        flagOf(5, domain::Severity::Low, "tok_2b6607ce", "東京の終電を可視化してみた", "8 votes in 9.7 s", 8, 0, 0)};
    flags[0].actor = "moderator-2";
    flags[2].actor = "moderator-5";
    flags[2].state = domain::FlagState::Confirmed;
    flags[3].state = domain::FlagState::Snoozed;
    model->setFlags(std::move(flags));
    model->setNow(domain::timeOf(1773325200000000));
    table->setModel(model);
    delegates::dressQueue(*table)->setOwnLogin(QStringLiteral("moderator-2"));
    table->selectRow(0);
    table->setFocus();
    return table;
}

QWidget* dense()
{
    auto* table = new QTableView;
    auto* model = new QStandardItemModel{4, 5, table};
    model->setHorizontalHeaderLabels({QStringLiteral("Time"), QStringLiteral("Votes"), QStringLiteral("Vote"),
                                      QStringLiteral("Key"), QStringLiteral("State")});
    const tables::Meaning meanings[] = {tables::Meaning::Plain, tables::Meaning::Muted, tables::Meaning::Warning,
                                        tables::Meaning::Bad};
    for (int row = 0; row < 4; ++row) {
        model->setData(model->index(row, 0), QStringLiteral("14:02:1%1.040").arg(row));
        model->setData(model->index(row, 1), 1204 + 111 * row, tables::NumberRole);
        model->setData(model->index(row, 2), row % 2 == 0 ? 1 : -1, tables::NumberRole);
        model->setData(model->index(row, 2), true, tables::SignedRole);
        model->setData(model->index(row, 3), QStringLiteral("v_991420%1").arg(row));
        model->setData(model->index(row, 3), static_cast<int>(tables::Meaning::Key), tables::MeaningRole);
        model->setData(model->index(row, 4), QStringLiteral("counted[U+200B]"));
        model->setData(model->index(row, 4), static_cast<int>(meanings[row]), tables::MeaningRole);
    }
    table->setModel(model);
    delegates::dressDense(*table);
    table->horizontalHeader()->setStretchLastSection(true);
    table->horizontalHeader()->setSortIndicatorShown(true);
    table->horizontalHeader()->setSortIndicator(1, Qt::DescendingOrder);
    table->selectRow(1);
    return table;
}

} // namespace

class TestGallery : public QObject {
    Q_OBJECT
private slots:
    void queueInThreeThemes() { gallery::render(QStringLiteral("queue"), {556, 260}, queue); }
    void denseInThreeThemes() { gallery::render(QStringLiteral("dense"), {556, 140}, dense); }
};

QTEST_MAIN(TestGallery)
#include "tst_gallery.moc"
