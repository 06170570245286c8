#include "pages/void_sign_off.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTextDocument>
#include <QVBoxLayout>

#include "dialogs/reason_dialog.h"
#include "pages/void_text.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "theme/style.h"
#include "widgets/buttons.h"
#include "widgets/digest_view.h"
#include "widgets/elided_label.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

constexpr int kSignWidth = 400;
constexpr int kReasonHeight = 64;
constexpr int kTypedWidth = 120;
constexpr int kTextMargin = 7;
constexpr int kMostReason = 2000;

using Stage = actions::VoidAction::Stage;

QVBoxLayout* sectionIn(QWidget& box, const QString& caption)
{
    auto* layout = new QVBoxLayout{&box};
    layout->setContentsMargins(theme::kPanePadding, 12, theme::kPanePadding, 12);
    layout->setSpacing(6);
    layout->addWidget(new widgets::TextLabel{caption, theme::Type::DenseStrong, theme::Role::Text2});
    return layout;
}

} // namespace

bool onlyProposes(const actions::VoidAction& action, const domain::Source& source)
{
    return source.twoPersonRule && !isRestore(action.plan()) && !action.isProposal();
}

VoidSignOff::VoidSignOff(actions::VoidAction& action, QWidget* parent) : QWidget{parent}, m_action{action}
{
    setFixedWidth(kSignWidth);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* head = new QWidget;
    head->setFixedHeight(theme::kPageHeader);
    auto* headLayout = new QHBoxLayout{head};
    headLayout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_title = new widgets::TextLabel{{}, theme::Type::Section};
    m_request = new widgets::ElidedLabel{nullptr, theme::Type::MonoSmall, theme::Role::Text3};
    m_request->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    headLayout->addWidget(m_title);
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
    setTabOrder(m_reason, m_typed); // what is asked for, one after the other
    setTabOrder(m_typed, m_go);
    setTabOrder(m_go, m_cancel);
    connect(&m_action, &actions::VoidAction::stageChanged, this, &VoidSignOff::takeStage);
}

QWidget* VoidSignOff::makeReason()
{
    auto* box = new QWidget;
    QVBoxLayout* layout = sectionIn(*box, tr("Reason, goes into the audit log and the report"));
    m_reason = new QPlainTextEdit;
    m_reason->setFixedHeight(kReasonHeight);
    m_reason->setTabChangesFocus(true);
    m_reason->document()->setDocumentMargin(kTextMargin);
    m_reason->setAccessibleName(tr("Reason"));
    layout->addWidget(m_reason);
    connect(m_reason, &QPlainTextEdit::textChanged, this, &VoidSignOff::updateSign);
    return box;
}

QWidget* VoidSignOff::makePeople()
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

QWidget* VoidSignOff::makeSteps()
{
    auto* box = new QWidget;
    QVBoxLayout* layout = sectionIn(*box, tr("What happens, in one transaction"));
    m_steps = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    m_steps->setWordWrap(true);
    layout->addWidget(m_steps);
    return box;
}

QWidget* VoidSignOff::makeSign()
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
    connect(m_typed, &QLineEdit::textChanged, this, &VoidSignOff::updateSign);
    return box;
}

QWidget* VoidSignOff::makeButtons()
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
    connect(m_go, &QPushButton::clicked, this, &VoidSignOff::run);
    m_withdraw->setObjectName(QStringLiteral("withdrawProposal"));
    connect(m_withdraw, &QPushButton::clicked, this, [this] {
        auto* dialog = new dialogs::WithdrawDialog{tr("this proposal"), this};
        connect(dialog, &dialogs::WithdrawDialog::reasonGiven, this,
                [this](const QString& reason) { m_action.withdraw(m_action.plan().request, reason.toStdString()); });
        dialog->open();
    });
    return bar;
}

void VoidSignOff::setSource(const domain::Source& source, const QString& elevatedLabel)
{
    m_source = source;
    m_elevatedLabel = elevatedLabel;
}

void VoidSignOff::show(const domain::VoidPlan& plan)
{
    const QString votes = votesText(plan.votes.size());
    const bool proposes = onlyProposes(m_action, m_source);
    m_title->setText(isRestore(plan) ? tr("Put back %1").arg(votes) : tr("Void %1").arg(votes));
    m_request->setText(QString::fromStdString(plan.request.text));
    m_digest->setDigest(QString::fromStdString(plan.digest));
    m_people->setText(peopleText(plan, proposes, m_elevatedLabel));
    m_steps->setText(stepsText(plan, proposes));
    m_typeLabel->setText(isRestore(plan) ? tr("Type the number of votes to put back") : tr("Type the number of votes to void"));
    m_typed->clear();
    m_reason->setPlainText(tables::shown(plan.reason));
    m_reason->setReadOnly(m_action.isProposal());
    m_withdraw->setVisible(m_action.isProposal());
    takeStage(m_action.stage());
    m_cancel->setFocus();
}

void VoidSignOff::takeStage(actions::VoidAction::Stage stage)
{
    const bool open = stage == Stage::Previewed;
    m_reason->setEnabled(open);
    m_typed->setEnabled(open);
    m_withdraw->setEnabled(open);
    m_cancel->setEnabled(stage != Stage::Committing);
    m_cancel->setText(stage == Stage::Done || stage == Stage::InDoubt ? tr("Back to voids") : tr("Cancel"));
    for (QWidget* signing : {static_cast<QWidget*>(m_typeLabel), static_cast<QWidget*>(m_typed), static_cast<QWidget*>(m_match),
                             static_cast<QWidget*>(m_go)})
        signing->setVisible(stage != Stage::Done);
    if (stage == Stage::Done)
        m_cancel->setFocus();
    updateSign();
}

void VoidSignOff::updateSign()
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
    else if (onlyProposes(m_action, m_source))
        m_go->setText(tr("Propose to void %1").arg(votes));
    else
        m_go->setText(isRestore(m_action.plan()) ? tr("Put back %1").arg(votes) : tr("Void %1").arg(votes));
}

void VoidSignOff::run()
{
    const std::string reason = m_reason->toPlainText().trimmed().toStdString();
    if (m_action.stage() == Stage::InDoubt)
        m_action.sendAgain();
    else if (m_action.isProposal())
        m_action.approve();
    else if (onlyProposes(m_action, m_source))
        m_action.propose(reason);
    else
        m_action.commit(reason);
}

} // namespace scr::pages
