#include "dialogs/withdraw_dialog.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"

namespace scr::dialogs {

namespace {

constexpr int kWidth = 440;
constexpr int kMostReason = 2000;

} // namespace

WithdrawDialog::WithdrawDialog(const QString& proposal, QWidget* parent) : QDialog{parent}
{
    setWindowTitle(tr("Withdraw %1").arg(proposal));
    setFixedWidth(kWidth);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(theme::kPanePadding, theme::kPanePadding, theme::kPanePadding, theme::kPanePadding);
    layout->setSpacing(theme::kGap);
    layout->addWidget(new widgets::TextLabel{tr("Why is %1 withdrawn? Goes into the audit log.").arg(proposal)});
    m_reason = new QLineEdit;
    m_reason->setMaxLength(kMostReason);
    m_reason->setObjectName(QStringLiteral("withdrawReason"));
    m_reason->setAccessibleName(tr("Reason"));
    layout->addWidget(m_reason);
    auto* note = new widgets::TextLabel{
        tr("Nothing is voided. The proposal stays in the history as withdrawn; it cannot be taken up again."), theme::Type::Dense,
        theme::Role::Text2};
    note->setWordWrap(true);
    layout->addWidget(note);
    auto* buttons = new QHBoxLayout;
    QPushButton* cancel = widgets::makeButton(tr("Cancel"), this, theme::ButtonKind::Normal, tr("Esc"));
    m_go = widgets::makeButton(tr("Withdraw"), this, theme::ButtonKind::Accent);
    m_go->setObjectName(QStringLiteral("withdrawGo"));
    m_go->setEnabled(false);
    cancel->setDefault(true);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_go);
    layout->addSpacing(theme::kGap);
    layout->addLayout(buttons);
    connect(m_reason, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_go->setEnabled(!text.trimmed().isEmpty());
        m_go->setDefault(m_go->isEnabled());
    });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_go, &QPushButton::clicked, this, [this] {
        emit reasonGiven(m_reason->text().trimmed());
        accept();
    });
    m_reason->setFocus();
}

} // namespace scr::dialogs
