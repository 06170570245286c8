#include "pages/void_preview.h"

#include <algorithm>
#include <chrono>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QTabBar>
#include <QTableView>
#include <QVBoxLayout>

#include "delegates/dense_delegate.h"
#include "delegates/table_setup.h"
#include "pages/table_copy.h"
#include "pages/void_sign_off.h"
#include "pages/void_text.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/banner.h"
#include "widgets/buttons.h"
#include "widgets/slope_pane.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"
#include "widgets/totals_strip.h"

namespace scr::pages {

namespace {

constexpr std::chrono::seconds kWorkingEvery{1};

using Stage = actions::VoidAction::Stage;

/// A post without a title goes by its key.
std::vector<domain::ScoreChange> named(std::vector<domain::ScoreChange> changes)
{
    for (domain::ScoreChange& change : changes) {
        if (change.title.empty())
            change.title = tables::postName({}, change.post).toStdString();
    }
    return changes;
}

bool isTouched(const domain::ScoreChange& change)
{
    return change.votes > 0 || change.rankBefore != change.rankAfter;
}

bool siteHasScores(const domain::VoidPlan& plan)
{
    return std::any_of(plan.changes.begin(), plan.changes.end(),
                       [](const domain::ScoreChange& change) { return change.siteBefore.has_value(); });
}

} // namespace

VoidPreview::VoidPreview(actions::VoidAction& action, QWidget* parent) : QWidget{parent}, m_action{action}
{
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeLeft(), 1);
    layout->addWidget(new widgets::Rule{Qt::Vertical, theme::Role::LineStrong});
    m_sign = new VoidSignOff{action};
    layout->addWidget(m_sign);
    connect(m_sign, &VoidSignOff::closed, this, &VoidPreview::closed);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    connect(&m_action, &actions::VoidAction::stageChanged, this, &VoidPreview::takeStage);
    m_working.setInterval(kWorkingEvery);
    connect(&m_working, &QTimer::timeout, this, &VoidPreview::tellWorking);
    connect(&m_action, &actions::VoidAction::committed, this, &VoidPreview::takeReceipt);
    connect(&m_action, &actions::VoidAction::failed, this, &VoidPreview::showError);
    connect(&m_action, &actions::VoidAction::proposed, this, [this] {
        m_outcome->present(widgets::Banner::Kind::Ok, tr("Proposed."),
                           tr("Nothing is voided until a second person approves it."));
    });
    connect(&m_action, &actions::VoidAction::withdrawn, this, [this] {
        m_outcome->present(widgets::Banner::Kind::Info, tr("Withdrawn."),
                           tr("The proposal stays in the history; nothing was voided."));
    });
}

QWidget* VoidPreview::makeLeft()
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout{box};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_banner = new widgets::Banner;
    m_outcome = new widgets::Banner;
    m_totals = new widgets::TotalsStrip;
    m_slope = new widgets::SlopePane;
    m_slopeArea = new QScrollArea;
    m_slopeArea->setWidget(m_slope);
    m_slopeArea->setWidgetResizable(true);
    m_slopeArea->setFrameShape(QFrame::NoFrame);
    m_tabs = new QTabBar;
    m_tabs->setExpanding(false);
    m_tabs->setFixedHeight(theme::kTabs);
    m_table = new QTableView;
    delegates::dressDense(*m_table);
    m_table->setMinimumHeight(theme::kHeader + 5 * theme::kDenseRow);
    offerCopy(*m_table);
    connect(m_tabs, &QTabBar::currentChanged, this, &VoidPreview::showTab);
    layout->addWidget(makeHead());
    layout->addWidget(m_banner);
    layout->addWidget(m_outcome);
    layout->addWidget(m_totals);
    layout->addWidget(m_slopeArea, 3);
    layout->addWidget(m_tabs);
    layout->addWidget(m_table, 2);
    return box;
}

QWidget* VoidPreview::makeHead()
{
    auto* head = new widgets::Band{theme::Role::Base, widgets::Band::Edge::Bottom};
    head->setFixedHeight(theme::kPageHeader);
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(theme::kGap);
    layout->addWidget(new widgets::TextLabel{tr("Voids  ›"), theme::Type::Body, theme::Role::Text2});
    m_title = new widgets::TextLabel{{}, theme::Type::Section};
    m_state = new widgets::Tag;
    m_computed = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    m_recompute = widgets::makeButton(tr("Recompute"), theme::Icon::Refresh, this);
    theme::setSmall(*m_recompute);
    layout->addWidget(m_title);
    layout->addWidget(m_state);
    layout->addStretch(1);
    layout->addWidget(m_computed);
    layout->addWidget(m_recompute);
    connect(m_recompute, &QPushButton::clicked, &m_action, &actions::VoidAction::recompute);
    return head;
}

void VoidPreview::setSource(const domain::Source& source, const QString& elevatedLabel)
{
    m_source = source;
    m_sign->setSource(source, elevatedLabel);
}

void VoidPreview::show(const domain::VoidPlan& plan)
{
    const bool proposes = onlyProposes(m_action, m_source);
    m_state->setVisible(m_action.isProposal() || proposes);
    m_state->present(m_action.isProposal() ? tr("Waiting for a second person") : tr("Needs a second person"),
                     widgets::Tag::Kind::Info);
    m_computed->setText(tr("computed %1 from one snapshot").arg(tables::clockText(plan.computedAt).left(8)));
    m_outcome->dismiss();
    const QString environment = QString::fromUtf8(domain::nameOf(m_source.environment).data()).toUpper();
    const bool production = m_source.environment == domain::Environment::Production;
    m_banner->present(
        production ? widgets::Banner::Kind::Danger : widgets::Banner::Kind::Warning,
        tr("This changes the live scores of %1 in %2.").arg(QString::fromStdString(m_source.service), environment),
        (isRestore(m_action.plan()) ? tr("Exactly these votes are put back; the void stays in the history.")
                                    : tr("Votes are not deleted; they can be put back exactly.")) +
            (m_source.can("recounts_scores") ? tr(" The site's scores are then counted anew from its votes.") : QString{}));
    m_banner->setDetails(remarksOn(plan));
    m_totals->show(totalsOf(plan));
    m_slope->show(named(plan.leaders));
    m_slopeArea->setVisible(std::any_of(plan.leaders.begin(), plan.leaders.end(), isTouched)); // else it says nothing
    m_slope->setCaptions(tr("Before"), tr("After"));
    m_votes.setRows(plan.votes);
    m_tokens.setRows(tables::byToken(plan));
    m_posts.setRows(plan.changes);
    while (m_tabs->count() > 0)
        m_tabs->removeTab(0);
    m_tabs->addTab(tr("Posts %1").arg(tables::numberText(m_posts.rowCount())));
    m_tabs->addTab(tr("Tokens %1").arg(tables::numberText(m_tokens.rowCount())));
    m_tabs->addTab(tr("Votes %1").arg(tables::numberText(m_votes.rowCount())));
    takeStage(m_action.stage());
    m_sign->show(plan);
}

void VoidPreview::showTab(int index)
{
    switch (index) {
    case 0: m_table->setModel(&m_posts); break;
    case 1: m_table->setModel(&m_tokens); break;
    case 2: m_table->setModel(&m_votes); break;
    default: return;
    }
    using Column = tables::PlanPostsModel::Column;
    const bool hides = index == 0 && !siteHasScores(m_action.plan());
    for (const Column column : {Column::SiteBefore, Column::SiteAfter})
        m_table->setColumnHidden(static_cast<int>(column), hides);
    fitColumns(*m_table);
    if (index == 0)
        giveRest(*m_table, static_cast<int>(Column::Post));
}

void VoidPreview::takeStage(actions::VoidAction::Stage stage)
{
    const bool done = stage == Stage::Done;
    m_title->setText(isRestore(m_action.plan()) ? (done ? tr("Restore, receipt") : tr("Restore, preview"))
                                                : (done ? tr("Void, receipt") : tr("Void, preview")));
    m_recompute->setEnabled(stage == Stage::Previewed);
    if (stage == Stage::Committing) {
        m_since.start();
        m_working.start();
        tellWorking();
    } else {
        m_working.stop();
    }
}

/// One call in one transaction has no per cent; that it is alive, and for how long, can be told.
void VoidPreview::tellWorking()
{
    m_outcome->present(widgets::Banner::Kind::Info, tr("Working, %1 s.").arg(m_since.elapsed() / 1000),
                       tr("The transaction is running; closing the window would not stop it."));
}

void VoidPreview::takeReceipt(const domain::VoidReceipt& receipt)
{
    const QString votes = tables::countText(receipt.votes, "vote", "votes");
    const QString lead = receipt.kind == domain::RequestKind::Void ? tr("%1 voided.").arg(votes) : tr("%1 put back.").arg(votes);
    const QString done = tr("%1 changed, by %2, %3 UTC.")
                             .arg(tables::countText(receipt.posts, "post", "posts"), tables::shown(receipt.actor),
                                  tables::dateTimeText(receipt.committedAt));
    m_outcome->present(widgets::Banner::Kind::Ok, lead,
                       receipt.repeated ? done + tr(" The first answer was lost; sent again, it was not done twice.") : done);
    m_outcome->setDetails({tr("request %1").arg(QString::fromStdString(receipt.request.text)),
                           tr("digest %1").arg(QString::fromStdString(receipt.digest))});
    m_banner->dismiss();
}

void VoidPreview::showError(const domain::Error& error)
{
    const bool doubt = error.fault == domain::Fault::InDoubt;
    m_outcome->present(doubt ? widgets::Banner::Kind::Warning : widgets::Banner::Kind::Danger,
                       doubt ? tr("It is not known whether this was carried out.") : tr("Nothing was changed."),
                       tables::shown(domain::sentenceOf(error)));
}

} // namespace scr::pages
