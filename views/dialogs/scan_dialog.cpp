#include "dialogs/scan_dialog.h"

#include <algorithm>
#include <map>

#include <QGridLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "dialogs/dialog_text.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/buttons.h"

namespace scr::dialogs {

namespace {

constexpr int kColumnGap = 28;
constexpr int kTextWidth = 640;
constexpr int kRemarkWidth = 400;

using Who = std::pair<domain::DetectorId, std::string>;

QString nameOf(const Who& who)
{
    const QString title = tables::titleOf(who.first);
    return who.second.empty() ? title : QStringLiteral("%1 %2").arg(title, tables::shown(who.second));
}

QGridLayout* tableOf(const ScanSummary& summary)
{
    using theme::Role;
    using theme::Type;
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(kColumnGap);
    grid->setVerticalSpacing(theme::kGap / 2);
    grid->setColumnStretch(2, 1);
    addCell(*grid, 0, 0, ScanDialog::tr("Detector"), Type::CaptionStrong, Role::Text2, true);
    addCell(*grid, 0, 1, ScanDialog::tr("Flags"), Type::CaptionStrong, Role::Text2, false);
    int line = 1;
    for (const ScanSummary::Row& row : summary.rows) {
        addCell(*grid, line, 0, row.detector, Type::Body, row.wasRun ? Role::Text : Role::Text3, true);
        addCell(*grid, line, 1, row.wasRun ? tables::numberText(static_cast<double>(row.flags)) : QStringLiteral("–"), Type::Body,
                row.wasRun ? Role::Text : Role::Text3, false);
        const QString remark = row.wasRun ? row.remark : ScanDialog::tr("Did not run. %1").arg(row.remark);
        if (!remark.isEmpty())
            grid->addWidget(wrappedText(remark, Type::Dense, Role::Text2, kRemarkWidth), line, 2, Qt::AlignLeft | Qt::AlignTop);
        ++line;
    }
    return grid;
}

} // namespace

std::size_t ScanSummary::notRun() const
{
    return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const Row& row) { return !row.wasRun; }));
}

ScanSummary summaryOf(const detect::ScanReport& report)
{
    ScanSummary summary;
    summary.votes = report.votes;
    summary.attempts = report.attempts;
    summary.ruleVersion = tables::shown(report.ruleVersion);
    summary.falseADay = report.expectedFalse / std::max(1.0, report.days);
    std::map<Who, ScanSummary::Row> rows;
    for (const domain::DetectorId detector : domain::kDetectors)
        rows[{detector, {}}];
    for (const domain::Flag& flag : report.flags)
        ++rows[{flag.detector, flag.siteRule}].flags;
    const auto remark = [&](const Who& who, const QString& text) {
        QString& known = rows[who].remark;
        known += (known.isEmpty() ? QString{} : QStringLiteral(" ")) + text;
    };
    for (const detect::SkippedDetector& skipped : report.skipped) {
        const Who who{skipped.detector, skipped.siteRule};
        remark(who, tables::shown(skipped.reason));
        rows[who].wasRun = rows[who].flags > 0; // some look at a part when they cannot look at all
    }
    for (const detect::LeftOutFlags& left : report.leftOut)
        remark({left.detector, left.siteRule},
               ScanDialog::tr("%1 more than the rules allow to list.").arg(tables::numberText(static_cast<double>(left.flags))));
    for (const detect::UnseenSuspects& unseen : report.unseen)
        remark({unseen.detector, {}}, ScanDialog::tr("%1 more suspects than it can look at.")
                                          .arg(tables::numberText(static_cast<double>(unseen.suspects))));
    for (auto& [who, row] : rows) {
        row.detector = nameOf(who);
        summary.rows.push_back(std::move(row));
    }
    return summary;
}

ScanDialog::ScanDialog(const ScanSummary& summary, QWidget* parent) : QDialog{parent}
{
    using theme::Role;
    using theme::Type;
    setWindowTitle(tr("The last scan"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(theme::kPanePadding, theme::kPanePadding, theme::kPanePadding, theme::kPanePadding);
    layout->setSpacing(theme::kGap);
    layout->addWidget(
        wrappedText(tr("%1 and %2 were read, and judged by rules %3. By chance at most %4 flags a day come up at this traffic.")
                        .arg(tables::countText(static_cast<std::int64_t>(summary.votes), "vote", "votes"),
                             tables::countText(static_cast<std::int64_t>(summary.attempts), "attempt", "attempts"),
                             summary.ruleVersion, QString::number(summary.falseADay, 'g', 2)),
                    Type::Body, Role::Text, kTextWidth));
    layout->addLayout(tableOf(summary));
    QPushButton* close = widgets::makeButton(tr("Close"), this, theme::ButtonKind::Normal, tr("Esc"));
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    layout->addWidget(close, 0, Qt::AlignRight);
    setFixedSize(sizeHint());
}

} // namespace scr::dialogs
