#include "pages/control_detail.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "dialogs/accept_dialog.h"
#include "domain/time.h"
#include "domain/visible_text.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/code_box.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

using domain::Control;
using domain::ControlState;
using tables::shown;
using widgets::TextLabel;

constexpr int kQueryLines = 10;
constexpr int kRemedyLines = 14;

TextLabel* makeText(theme::Type type, theme::Role role)
{
    auto* label = new TextLabel{{}, type, role};
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QString shownLines(const std::string& text)
{
    return QString::fromStdString(domain::visibleLines(text));
}

QString stateWord(ControlState state)
{
    switch (state) {
    case ControlState::Holds: return ControlDetail::tr("Holds");
    case ControlState::Fails: return ControlDetail::tr("Fails");
    case ControlState::Unknown: return ControlDetail::tr("Cannot be checked");
    }
    return {};
}

widgets::Tag::Kind kindOf(ControlState state)
{
    switch (state) {
    case ControlState::Holds: return widgets::Tag::Kind::Ok;
    case ControlState::Fails: return widgets::Tag::Kind::Danger;
    case ControlState::Unknown: return widgets::Tag::Kind::Plain;
    }
    return widgets::Tag::Kind::Plain;
}

theme::Icon iconOf(ControlState state)
{
    switch (state) {
    case ControlState::Holds: return theme::Icon::Holds;
    case ControlState::Fails: return theme::Icon::Fails;
    case ControlState::Unknown: return theme::Icon::Unknown;
    }
    return theme::Icon::Unknown;
}

} // namespace

ControlDetail::ControlDetail(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_scroll = new QScrollArea;
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_body = makeBody();
    m_scroll->setWidget(m_body);
    layout->addWidget(m_scroll, 1);
    layout->addWidget(makeFoot());
    showControl(nullptr);
}

QWidget* ControlDetail::makeBody()
{
    auto* body = new widgets::Band{theme::Role::Base, widgets::Band::Edge::None};
    auto* layout = new QVBoxLayout{body};
    layout->setContentsMargins(theme::kPanePadding, theme::kPanePadding, theme::kPanePadding, theme::kPanePadding);
    layout->setSpacing(theme::kGap);
    auto* head = new QHBoxLayout;
    head->setSpacing(theme::kGap);
    m_state = new widgets::Tag;
    m_name = new TextLabel{{}, theme::Type::Mono, theme::Role::Text2};
    m_when = new TextLabel{{}, theme::Type::Dense, theme::Role::Text3};
    head->addWidget(m_state);
    head->addWidget(m_name);
    head->addWidget(m_when);
    head->addStretch(1);
    layout->addLayout(head);
    layout->addWidget(m_title = makeText(theme::Type::Headline, theme::Role::Text));
    layout->addWidget(m_about = makeText(theme::Type::Body, theme::Role::Text2));
    layout->addSpacing(theme::kGap);
    layout->addWidget(new TextLabel{tr("Evidence"), theme::Type::Section});
    layout->addWidget(m_evidence = makeText(theme::Type::Body, theme::Role::Text));
    layout->addWidget(m_rows = new widgets::CodeBox{nullptr, kQueryLines});
    layout->addWidget(m_since = makeText(theme::Type::Dense, theme::Role::Text3));
    layout->addWidget(m_accepted = makeText(theme::Type::Body, theme::Role::Text2));
    layout->addSpacing(theme::kGap);
    auto* remedy = new QHBoxLayout;
    remedy->setSpacing(theme::kGap);
    m_remedyTitle = new TextLabel{tr("Remedy"), theme::Type::Section};
    m_remedyNote = new TextLabel{tr("for the owner of the voting system; this program does not run it"), theme::Type::Dense,
                                 theme::Role::Text3};
    remedy->addWidget(m_remedyTitle);
    remedy->addWidget(m_remedyNote);
    remedy->addStretch(1);
    layout->addLayout(remedy);
    layout->addWidget(m_remedy = new widgets::CodeBox{nullptr, kRemedyLines});
    layout->addSpacing(theme::kGap);
    layout->addWidget(m_queryTitle = new TextLabel{tr("What was looked at"), theme::Type::Section});
    layout->addWidget(m_query = new widgets::CodeBox{nullptr, kQueryLines});
    layout->addStretch(1);
    return body;
}

QWidget* ControlDetail::makeFoot()
{
    auto* foot = new widgets::Band{theme::Role::Window, widgets::Band::Edge::Top};
    foot->setFixedHeight(theme::kFooter);
    auto* layout = new QHBoxLayout{foot};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(theme::kGap);
    m_again = widgets::makeButton(tr("Check again"), theme::Icon::Refresh, foot);
    m_ticket = widgets::makeButton(tr("Copy as ticket"), theme::Icon::Copy, foot);
    m_again->setObjectName(QStringLiteral("checkAgain"));
    m_ticket->setObjectName(QStringLiteral("copyTicket"));
    m_risk = widgets::makeButton(tr("Accept risk…"), foot, theme::ButtonKind::Normal);
    m_risk->setObjectName(QStringLiteral("acceptRisk"));
    layout->addWidget(m_again);
    layout->addWidget(m_risk);
    layout->addStretch(1);
    layout->addWidget(m_ticket);
    connect(m_again, &QPushButton::clicked, this, [this] { emit checkWanted(QString::fromStdString(m_control.name)); });
    connect(m_risk, &QPushButton::clicked, this, &ControlDetail::decide);
    connect(m_ticket, &QPushButton::clicked, this, &ControlDetail::copyTicket);
    return foot;
}

void ControlDetail::showControl(const Control* control)
{
    const bool isOther = control == nullptr || control->name != m_control.name;
    m_control = control == nullptr ? Control{} : *control;
    m_body->setVisible(control != nullptr);
    m_again->setEnabled(control != nullptr);
    m_ticket->setEnabled(control != nullptr && m_control.checkedAt != domain::UtcTime{});
    const bool isChecked = m_control.checkedAt != domain::UtcTime{};
    m_risk->setVisible(!m_isReadOnly && isChecked && m_control.state != ControlState::Holds);
    m_risk->setText(m_control.accepted ? tr("No longer accept…") : tr("Accept risk…"));
    if (control == nullptr)
        return;
    if (isChecked)
        m_state->present(stateWord(m_control.state), kindOf(m_control.state), iconOf(m_control.state));
    else
        m_state->present(tr("Not checked"), widgets::Tag::Kind::Plain, theme::Icon::Off);
    m_name->setText(QString::fromStdString(m_control.name));
    const QString checked = tr("checked %1").arg(tables::dateTimeText(m_control.checkedAt));
    m_when->setText(!isChecked     ? QString{}
                    : m_isReadOnly ? checked // how long that took is not on record
                                   : tr("%1, took %2, read-only").arg(checked, shown(domain::durationText(m_control.took))));
    m_title->setText(shown(m_control.title));
    m_about->setText(shown(m_control.about));
    const QString evidence = shownLines(m_control.evidence);
    m_evidence->setText(isChecked      ? evidence.section(QLatin1Char{'\n'}, 0, 0)
                        : m_isReadOnly ? tr("No check of it was on record when the pack was made.")
                                       : tr("It was not looked at yet."));
    const QString rows = evidence.section(QLatin1Char{'\n'}, 1); // what it found, below the sentence
    m_rows->setVisible(isChecked && !rows.isEmpty());
    m_rows->setCode(rows);
    m_since->setText(m_control.since ? tr("So since %1, by the checks on record.").arg(tables::dateTimeText(*m_control.since))
                                     : QString{});
    m_since->setVisible(m_control.since.has_value());
    m_accepted->setVisible(m_control.accepted.has_value());
    if (m_control.accepted)
        m_accepted->setText(tr("Accepted by %1 until %2: %3")
                                .arg(shown(m_control.accepted->actor), tables::dateTimeText(m_control.accepted->until),
                                     shown(m_control.accepted->reason)));
    const bool hasRemedy = isChecked && m_control.state != ControlState::Holds && !m_control.remedy.empty();
    for (QWidget* part :
         {static_cast<QWidget*>(m_remedyTitle), static_cast<QWidget*>(m_remedyNote), static_cast<QWidget*>(m_remedy)})
        part->setVisible(hasRemedy);
    m_remedy->setCode(shownLines(m_control.remedy));
    m_queryTitle->setVisible(!m_control.query.empty());
    m_query->setVisible(!m_control.query.empty());
    m_query->setCode(QString::fromStdString(m_control.query).trimmed());
    if (isOther)
        m_scroll->ensureVisible(0, 0);
}

void ControlDetail::setReadOnly()
{
    m_isReadOnly = true;
    m_again->hide();
    m_risk->hide();
}

void ControlDetail::setBusy(bool isChecking, bool isDeciding)
{
    m_again->setEnabled(!isChecking && !m_control.name.empty());
    m_risk->setEnabled(!isChecking && !isDeciding);
}

void ControlDetail::decide()
{
    if (m_control.accepted) {
        auto* dialog = new dialogs::ReasonDialog{
            {tr("No longer accept the risk"),
             tr("“%1”: why is that risk no longer accepted? Goes into the audit log.").arg(shown(m_control.title)),
             tr("The control counts again among those that do not hold."), tr("No longer accept")},
            QStringLiteral("end"),
            this};
        connect(dialog, &dialogs::ReasonDialog::reasonGiven, this,
                [this, name = m_control.name, state = m_control.state](const QString& reason) {
                    emit orderGiven({name, state, std::nullopt, reason.toStdString()});
                });
        dialog->open();
        return;
    }
    auto* dialog = new dialogs::AcceptDialog{m_control, this};
    connect(dialog, &dialogs::AcceptDialog::ordered, this, &ControlDetail::orderGiven);
    dialog->open();
}

void ControlDetail::copyTicket()
{
    const QString text =
        QStringLiteral("%1: %2 (%3)\n\n%4\n\n%5\n%6\n\n%7\n%8\n")
            .arg(stateWord(m_control.state), shown(m_control.title), QString::fromStdString(m_control.name),
                 shown(m_control.about), tr("Evidence, %1:").arg(QString::fromStdString(domain::isoText(m_control.checkedAt))),
                 shownLines(m_control.evidence), tr("Remedy:"), shownLines(m_control.remedy));
    QGuiApplication::clipboard()->setText(text);
    emit noticed(tr("Copied, ready to paste into a ticket."));
}

} // namespace scr::pages
