#include <QLabel>
#include <QTest>

#include "pages/flag_detail.h"

using namespace scr;

class TestFlagDetail : public QObject {
    Q_OBJECT
private slots:
    void keepsTheTitleOfTheImpact();
};

namespace {

bool shows(const QWidget& widget, const QString& text)
{
    const auto labels = widget.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) { return label->text().contains(text); });
}

} // namespace

/// The queue hands the same flag on again whenever it changes or is filtered; the votes are read once.
void TestFlagDetail::keepsTheTitleOfTheImpact()
{
    domain::RecordedFlag flag;
    flag.flag.key = domain::FlagKey{"F-1"};
    flag.flag.votes = {domain::VoteKey{"1"}, domain::VoteKey{"2"}};
    flag.flag.rankImpact = domain::RankImpact{domain::PostKey{"370"}, 6, 11, 314, 296};
    std::vector<domain::Vote> votes(2);
    votes[0].key = domain::VoteKey{"1"};
    votes[0].post = domain::PostKey{"188"};
    votes[0].postTitle = "Another post";
    votes[1].key = domain::VoteKey{"2"};
    votes[1].post = domain::PostKey{"370"};
    votes[1].postTitle = "Field notes";
    pages::FlagDetail detail;
    detail.setFlag(flag);
    QVERIFY(shows(detail, QStringLiteral("370")));
    detail.setVotes(votes);
    QVERIFY(shows(detail, QStringLiteral("Field notes")));
    detail.setFlag(flag);
    QVERIFY(shows(detail, QStringLiteral("Field notes")));
    QVERIFY(!shows(detail, QStringLiteral("370")));
}

QTEST_MAIN(TestFlagDetail)
#include "tst_flag_detail.moc"
