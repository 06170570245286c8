#include "pages/decision_bar.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include "theme/metrics.h"
#include "widgets/buttons.h"

namespace scr::pages {

DecisionBar::DecisionBar(QWidget* parent) : Band{theme::Role::Window, widgets::Band::Edge::Top, parent}
{
    setFixedHeight(theme::kFooter);
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(theme::kGap);
    layout->addWidget(addVerdict(tr("Confirm"), QStringLiteral("C"), domain::Decision::Confirm));
    layout->addWidget(addVerdict(tr("Dismiss"), QStringLiteral("D"), domain::Decision::Dismiss));
    QPushButton* snooze = addVerdict(tr("Snooze"), QStringLiteral("S"), domain::Decision::Snooze);
    snooze->setToolTip(tr("Out of the queue for 24 hours"));
    layout->addWidget(snooze);
    m_reason = new QLineEdit;
    m_reason->setPlaceholderText(tr("Reason (optional)"));
    m_reason->setToolTip(tr("Goes into the history with the decision (R)"));
    m_reason->setMaxLength(500);
    layout->addWidget(m_reason, 1);
    m_undo = widgets::makeButton(tr("Undo"), this, theme::ButtonKind::Normal, QStringLiteral("Z"));
    m_undo->setEnabled(false);
    m_undo->setObjectName(QStringLiteral("undo"));
    layout->addWidget(m_undo);
    connect(m_undo, &QPushButton::clicked, this, &DecisionBar::undoWanted);
    connect(m_reason, &QLineEdit::returnPressed, this, &DecisionBar::reasonEntered);
}

QPushButton* DecisionBar::addVerdict(const QString& text, const QString& key, domain::Decision decision)
{
    QPushButton* button = widgets::makeButton(text, this, theme::ButtonKind::Normal, key);
    button->setEnabled(false);
    button->setObjectName(QString::fromUtf8(domain::nameOf(decision).data()));
    connect(button, &QPushButton::clicked, this, [this, decision] { emit decided(decision); });
    m_verdicts.push_back(button);
    return button;
}

void DecisionBar::setCanDecide(bool can)
{
    for (QPushButton* button : m_verdicts)
        button->setEnabled(can);
}

void DecisionBar::setUndoCount(int count)
{
    m_undo->setEnabled(count > 0);
    m_undo->setText(count > 0 ? tr("Undo %1").arg(count) : tr("Undo"));
}

void DecisionBar::editReason()
{
    m_reason->setFocus();
}

QString DecisionBar::takeReason()
{
    const QString reason = m_reason->text().trimmed();
    m_reason->clear();
    return reason;
}

} // namespace scr::pages
