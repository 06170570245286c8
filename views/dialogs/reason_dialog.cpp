#include "dialogs/reason_dialog.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "dialogs/dialog_text.h"
#include "theme/metrics.h"
#include "widgets/buttons.h"

namespace scr::dialogs {

namespace {

constexpr int kWidth = 440;
constexpr int kMostReason = 2000;

} // namespace

ReasonDialog::ReasonDialog(const Words& words, const QString& name, QWidget* parent) : QDialog{parent}
{
    setWindowTitle(words.title);
    setFixedWidth(kWidth);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(theme::kPanePadding, theme::kPanePadding, theme::kPanePadding, theme::kPanePadding);
    layout->setSpacing(theme::kGap);
    const int textWidth = kWidth - 2 * theme::kPanePadding;
    layout->addWidget(wrappedText(words.question, theme::Type::Body, theme::Role::Text, textWidth));
    m_reason = new QLineEdit;
    m_reason->setMaxLength(kMostReason);
    m_reason->setObjectName(name + QStringLiteral("Reason"));
    m_reason->setAccessibleName(tr("Reason"));
    layout->addWidget(m_reason);
    layout->addLayout(m_choices = new QVBoxLayout);
    m_choices->setSpacing(theme::kGap);
    layout->addWidget(wrappedText(words.note, theme::Type::Dense, theme::Role::Text2, textWidth));
    auto* buttons = new QHBoxLayout;
    m_cancel = widgets::makeButton(tr("Cancel"), this, theme::ButtonKind::Normal, tr("Esc"));
    m_go = widgets::makeButton(words.go, this, theme::ButtonKind::Accent);
    m_go->setObjectName(name + QStringLiteral("Go"));
    m_go->setEnabled(false);
    m_cancel->setDefault(true);
    buttons->addStretch(1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_go);
    layout->addSpacing(theme::kGap);
    layout->addLayout(buttons);
    connect(m_reason, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_go->setEnabled(!text.trimmed().isEmpty());
        m_go->setDefault(m_go->isEnabled());
    });
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_go, &QPushButton::clicked, this, [this] {
        emit reasonGiven(m_reason->text().trimmed());
        accept();
    });
    m_reason->setFocus();
}

void ReasonDialog::addChoice(const QString& question, QWidget* choice)
{
    m_choices->addWidget(new widgets::TextLabel{question});
    m_choices->addWidget(choice);
    QWidget* before = m_reason; // it was made after the buttons, and is to be reached before them
    for (QWidget* part : choice->findChildren<QWidget*>()) {
        if (part->focusPolicy() != Qt::NoFocus) { // all of them: which one Tab reaches changes with the choice
            setTabOrder(before, part);
            before = part;
        }
    }
    setTabOrder(before, m_cancel);
    setTabOrder(m_cancel, m_go);
}

WithdrawDialog::WithdrawDialog(const QString& proposal, QWidget* parent) :
    ReasonDialog{{tr("Withdraw %1").arg(proposal), tr("Why is %1 withdrawn? Goes into the audit log.").arg(proposal),
                  tr("Nothing is voided. The proposal stays in the history as withdrawn; it cannot be taken up again."),
                  tr("Withdraw")},
                 QStringLiteral("withdraw"),
                 parent}
{
}

} // namespace scr::dialogs
