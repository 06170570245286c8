#include "pages/void_preview.h"

#include <algorithm>
#include <chrono>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTabBar>
#include <QTableView>
#include <QVBoxLayout>

#include "delegates/dense_delegate.h"
#include "delegates/table_setup.h"
#include "dialogs/withdraw_dialog.h"
#include "pages/table_copy.h"
#include "pages/void_text.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/banner.h"
#include "widgets/buttons.h"
#include "widgets/digest_view.h"
#include "widgets/elided_label.h"
#include "widgets/slope_pane.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"
#include "widgets/totals_strip.h"

namespace scr::pages {

namespace {

constexpr int kSignWidth = 400;
constexpr int kReasonHeight = 64;
constexpr int kTypedWidth = 120;
constexpr int kMostReason = 2000;
constexpr std::chrono::seconds kWorkingEvery{1};

using Stage = actions::VoidAction::Stage;

/// A post without a title goes by its key.
std::vector<domain::ScoreChange> named(std::vector<domain::ScoreChange> changes)
{
    for (domain::ScoreChange& change : changes) {
        if (change.title.empty())
            change.title = change.post.text;
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

QVBoxLayout* sectionIn(QWidget& box, const QString& caption)
{
    auto* layout = new QVBoxLayout{&box};
    layout->setContentsMargins(theme::kPanePadding, 12, theme::kPanePadding, 12);
    layout->setSpacing(6);
    layout->addWidget(new widgets::TextLabel{caption, theme::Type::DenseStrong, theme::Role::Text2});
    return layout;
}

} // namespace

VoidPreview::VoidPreview(actions::VoidAction& action, QWidget* parent) : QWidget{parent}, m_action{action}
{
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeLeft(), 1);
    layout->addWidget(new widgets::Rule{Qt::Vertical, theme::Role::LineStrong});
    layout->addWidget(makeRight());
    setTabOrder(m_reason, m_typed); // what is asked for, one after the other
    setTabOrder(m_typed, m_go);
    setTabOrder(m_go, m_cancel);
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

QWidget* VoidPreview::makeRight()
{
    auto* box = new QWidget;
    box->setFixedWidth(kSignWidth);
    auto* layout = new QVBoxLayout{box};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* head = new QWidget;
    head->setFixedHeight(theme::kPageHeader);
    auto* headLayout = new QHBoxLayout{head};
    headLayout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_signTitle = new widgets::TextLabel{{}, theme::Type::Section};
    m_request = new widgets::ElidedLabel{nullptr, theme::Type::MonoSmall, theme::Role::Text3};
    m_request->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    headLayout->addWidget(m_signTitle);
    headLayout->addWidget(m_request, 1);
    layout->addWidget(head);
    layout->addWidget(new widgets::Rule);
    auto* details = new QWidget;
    auto* detailLayout = new QVBoxLayout{details};
    detailLayout->setContentsMargins(0, 0, 0, 0);
    detailLayout->setSpacing(0);
    for (QWidget* part : {makeReason(), makePeople(), makeSteps()}) {
        detailLayout->addWidget(part);
        detailLayout->addWidget(new widgets::Rule);
    }
    detailLayout->addStretch(1);
    auto* area = new QScrollArea;
    area->setWidget(details);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(area, 1);
    layout->addWidget(new widgets::Rule);
    layout->addWidget(makeSign());
    layout->addWidget(makeButtons());
    return box;
}

QWidget* VoidPreview::makeReason()
{
    auto* box = new QWidget;
    QVBoxLayout* layout = sectionIn(*box, tr("Reason, goes into the audit log and the report"));
    m_reason = new QPlainTextEdit;
    m_reason->setFixedHeight(kReasonHeight);
    m_reason->setTabChangesFocus(true);
    m_reason->setAccessibleName(tr("Reason"));
    layout->addWidget(m_reason);
    connect(m_reason, &QPlainTextEdit::textChanged, this, &VoidPreview::updateSign);
    return box;
}

QWidget* VoidPreview::makePeople()
{
    auto* box = new QWidget;
    QVBoxLayout* layout = sectionIn(*box, tr("Who"));
    m_people = new widgets::TextLabel{{}, theme::Type::Body};
    m_people->setWordWrap(true);
    layout->addWidget(m_people);
    layout->addSpacing(8);
    layout->addWidget(new widgets::TextLabel{tr("Digest of what you reviewed"), theme::Type::DenseStrong, theme::Role::Text2});
    m_digest = new widgets::DigestView;
    layout->addWidget(m_digest);
    auto* note = new widgets::TextLabel{tr("If the votes differ at commit, nothing is changed and the difference is shown."),
                                        theme::Type::Caption, theme::Role::Text2};
    note->setWordWrap(true);
    layout->addWidget(note);
    return box;
}

QWidget* VoidPreview::makeSteps()
{
    auto* box = new QWidget;
    QVBoxLayout* layout = sectionIn(*box, tr("What happens, in one transaction"));
    m_steps = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    m_steps->setWordWrap(true);
    layout->addWidget(m_steps);
    return box;
}

QWidget* VoidPreview::makeSign()
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout{box};
    layout->setContentsMargins(theme::kPanePadding, 12, theme::kPanePadding, 12);
    layout->setSpacing(6);
    m_typeLabel = new widgets::TextLabel{{}, theme::Type::DenseStrong, theme::Role::Text2};
    layout->addWidget(m_typeLabel);
    auto* row = new QHBoxLayout;
    m_typed = new QLineEdit;
    m_typed->setFixedWidth(kTypedWidth);
    m_typed->setAlignment(Qt::AlignRight);
    m_typed->setObjectName(QStringLiteral("typedCount"));
    m_typed->setAccessibleName(tr("Number of votes"));
    m_match = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::OkText};
    row->addWidget(m_typed);
    row->addWidget(m_match, 1);
    layout->addLayout(row);
    connect(m_typed, &QLineEdit::textChanged, this, &VoidPreview::updateSign);
    return box;
}

QWidget* VoidPreview::makeButtons()
{
    auto* bar = new widgets::Band{theme::Role::Window, widgets::Band::Edge::Top};
    bar->setFixedHeight(theme::kFooter);
    auto* layout = new QHBoxLayout{bar};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(theme::kPanePadding);
    m_withdraw = widgets::makeButton(tr("Withdraw"), this);
    m_cancel = widgets::makeButton(tr("Cancel"), this, theme::ButtonKind::Normal, tr("Esc"));
    m_cancel->setObjectName(QStringLiteral("cancelVoid"));
    m_cancel->setDefault(true);
    m_cancel->setAutoDefault(true);
    m_cancel->setShortcut(QKeySequence{Qt::Key_Escape});
    m_go = widgets::makeButton({}, theme::Icon::Void, this, theme::ButtonKind::Danger);
    m_go->setObjectName(QStringLiteral("commitVoid"));
    m_go->setAutoDefault(false);
    layout->addWidget(m_withdraw);
    layout->addStretch(1);
    layout->addWidget(m_cancel);
    layout->addWidget(m_go);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_action.cancel();
        emit closed();
    });
    connect(m_go, &QPushButton::clicked, this, &VoidPreview::run);
    m_withdraw->setObjectName(QStringLiteral("withdrawProposal"));
    connect(m_withdraw, &QPushButton::clicked, this, [this] {
        auto* dialog = new dialogs::WithdrawDialog{tr("this proposal"), this};
        connect(dialog, &dialogs::WithdrawDialog::reasonGiven, this,
                [this](const QString& reason) { m_action.withdraw(m_action.plan().request, reason.toStdString()); });
        dialog->open();
    });
    return bar;
}

void VoidPreview::setSource(const domain::Source& source, const QString& elevatedLabel)
{
    m_source = source;
    m_elevatedLabel = elevatedLabel;
}

bool VoidPreview::isRestore() const
{
    return m_action.plan().kind == domain::RequestKind::Restore;
}

bool VoidPreview::onlyProposes() const
{
    return m_source.twoPersonRule && !isRestore() && !m_action.isProposal();
}

void VoidPreview::show(const domain::VoidPlan& plan)
{
    const QString votes = votesText(plan.votes.size());
    m_title->setText(isRestore() ? tr("Restore, preview") : tr("Void, preview"));
    m_state->setVisible(m_action.isProposal() || onlyProposes());
    m_state->present(m_action.isProposal() ? tr("Waiting for a second person") : tr("Needs a second person"),
                     widgets::Tag::Kind::Info);
    m_computed->setText(tr("computed %1 from one snapshot").arg(tables::clockText(plan.computedAt).left(8)));
    m_outcome->dismiss();
    const QString environment = QString::fromUtf8(domain::nameOf(m_source.environment).data()).toUpper();
    const bool production = m_source.environment == domain::Environment::Production;
    m_banner->present(
        production ? widgets::Banner::Kind::Danger : widgets::Banner::Kind::Warning,
        tr("This changes the live scores of %1 in %2.").arg(QString::fromStdString(m_source.service), environment),
        (isRestore() ? tr("Exactly these votes are put back; the void stays in the history.")
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
    m_signTitle->setText(isRestore() ? tr("Put back %1").arg(votes) : tr("Void %1").arg(votes));
    m_request->setText(QString::fromStdString(plan.request.text));
    m_digest->setDigest(QString::fromStdString(plan.digest));
    m_people->setText(peopleText(plan, onlyProposes(), m_elevatedLabel));
    m_steps->setText(stepsText(plan, onlyProposes()));
    m_typeLabel->setText(isRestore() ? tr("Type the number of votes to put back") : tr("Type the number of votes to void"));
    m_typed->clear();
    m_reason->setPlainText(tables::shown(plan.reason));
    m_reason->setReadOnly(m_action.isProposal());
    m_withdraw->setVisible(m_action.isProposal());
    takeStage(m_action.stage());
    m_cancel->setFocus();
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
}

void VoidPreview::takeStage(actions::VoidAction::Stage stage)
{
    const bool open = stage == Stage::Previewed;
    m_recompute->setEnabled(open);
    m_reason->setEnabled(open);
    m_typed->setEnabled(open);
    m_withdraw->setEnabled(open);
    m_cancel->setEnabled(stage != Stage::Committing);
    m_cancel->setText(stage == Stage::Done || stage == Stage::InDoubt ? tr("Back to voids") : tr("Cancel"));
    m_go->setVisible(stage != Stage::Done);
    if (stage == Stage::Done)
        m_cancel->setFocus();
    if (stage == Stage::Committing) {
        m_since.start();
        m_working.start();
        tellWorking();
    } else {
        m_working.stop();
    }
    updateSign();
}

/// One call in one transaction has no per cent; that it is alive, and for how long, can be told.
void VoidPreview::tellWorking()
{
    m_outcome->present(widgets::Banner::Kind::Info, tr("Working, %1 s.").arg(m_since.elapsed() / 1000),
                       tr("The transaction is running; closing the window would not stop it."));
}

void VoidPreview::updateSign()
{
    const Stage stage = m_action.stage();
    const QString votes = votesText(m_action.plan().votes.size());
    const bool matches = m_action.matches(m_typed->text());
    const bool typed = !m_typed->text().trimmed().isEmpty();
    m_match->setRole(matches ? theme::Role::OkText : theme::Role::DangerText);
    m_match->setText(matches ? tr("✓ matches") : typed ? tr("Type %1 to go on").arg(m_action.plan().votes.size()) : QString{});
    theme::setInvalid(*m_typed, typed && !matches);
    const int reason = static_cast<int>(m_reason->toPlainText().trimmed().size());
    const bool reasoned = m_action.isProposal() || (reason > 0 && reason <= kMostReason);
    m_go->setEnabled((stage == Stage::Previewed && matches && reasoned) || stage == Stage::InDoubt);
    m_go->setToolTip(reasoned ? QString{} : tr("Give a reason of at most %1 characters first").arg(kMostReason));
    if (stage == Stage::InDoubt)
        m_go->setText(tr("Send the same request again"));
    else if (m_action.isProposal())
        m_go->setText(tr("Approve, void %1").arg(votes));
    else if (onlyProposes())
        m_go->setText(tr("Propose to void %1").arg(votes));
    else
        m_go->setText(isRestore() ? tr("Put back %1").arg(votes) : tr("Void %1").arg(votes));
}

void VoidPreview::run()
{
    const std::string reason = m_reason->toPlainText().trimmed().toStdString();
    if (m_action.stage() == Stage::InDoubt)
        m_action.sendAgain();
    else if (m_action.isProposal())
        m_action.approve();
    else if (onlyProposes())
        m_action.propose(reason);
    else
        m_action.commit(reason);
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
