#include "dialogs/decoy_dialog.h"

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
constexpr int kTextWidth = 560;
constexpr double kMany = 0.05;

QString numberText(const std::optional<std::uint64_t>& number)
{
    return number ? tables::numberText(static_cast<double>(*number)) : QStringLiteral("–");
}

} // namespace

DecoyDialog::DecoyDialog(const detect::DecoyAudit& audit, QWidget* parent) : QDialog{parent}
{
    using theme::Role;
    using theme::Type;
    setWindowTitle(tr("Decoy audit"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(theme::kPanePadding, theme::kPanePadding, theme::kPanePadding, theme::kPanePadding);
    layout->setSpacing(theme::kGap);
    layout->addWidget(
        wrappedText(tr("The detectors ran on %1 of this source, and on the same votes with what they look for shuffled "
                       "away: who cast which vote within two hours (swap), and when, by up to an hour (jitter). Whatever "
                       "is flagged there is flagged by mistake.")
                        .arg(tables::countText(static_cast<std::int64_t>(audit.votes), "vote", "votes")),
                    Type::Body, Role::Text, kTextWidth));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(kColumnGap);
    grid->setVerticalSpacing(theme::kGap);
    int column = 0;
    for (const QString& title : {tr("Detector"), tr("Flags"), tr("Swapped"), tr("Jittered"), tr("False, at most")}) {
        addCell(*grid, 0, column, title, Type::CaptionStrong, Role::Text2, column == 0);
        ++column;
    }
    int row = 1;
    for (const detect::DecoyAudit::Row& one : audit.rows) {
        const std::optional<double> share = one.falseShare();
        addCell(*grid, row, 0, tables::titleOf(one.detector), Type::Body, Role::Text, true);
        addCell(*grid, row, 1, tables::numberText(static_cast<double>(one.flags)), Type::Body, Role::Text, false);
        addCell(*grid, row, 2, numberText(one.swapFlags), Type::Body, Role::Text2, false);
        addCell(*grid, row, 3, numberText(one.jitterFlags), Type::Body, Role::Text2, false);
        addCell(*grid, row++, 4, share ? tr("%1 %").arg(100 * *share, 0, 'f', 1) : tr("nothing found"), Type::BodyStrong,
                !share           ? Role::Text3
                : *share > kMany ? Role::DangerText
                                 : Role::OkText,
                false);
    }
    layout->addLayout(grid);
    layout->addWidget(
        wrappedText(tr("Flags above low, by rules %1. Duplicates and drifted counters are what the rows say; there is "
                       "nothing to shuffle away. Of few flags the share says little.")
                        .arg(tables::shown(audit.ruleVersion)),
                    Type::Dense, Role::Text2, kTextWidth));
    QPushButton* close = widgets::makeButton(tr("Close"), this, theme::ButtonKind::Normal, tr("Esc"));
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    layout->addWidget(close, 0, Qt::AlignRight);
    setFixedSize(sizeHint());
}

} // namespace scr::dialogs
