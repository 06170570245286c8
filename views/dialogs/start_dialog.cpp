#include "dialogs/start_dialog.h"

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"

namespace scr::dialogs {

namespace {

constexpr int kWidth = 460;

} // namespace

StartDialog::StartDialog(const QString& title, QWidget* parent) : QDialog{parent}
{
    setWindowTitle(title);
    setFixedWidth(kWidth);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(24, 24, 24, 16);
    layout->setSpacing(12);
    auto* heading = new widgets::TextLabel{title, theme::Type::Headline};
    m_step = new widgets::TextLabel{tr("Starting"), theme::Type::Body, theme::Role::Text2};
    m_step->setWordWrap(true);
    m_step->setMinimumHeight(44);
    m_step->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_bar = new QProgressBar;
    m_bar->setTextVisible(false);
    m_bar->setRange(0, 0);
    m_stop = widgets::makeButton(tr("Stop"), this);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_stop);
    layout->addWidget(heading);
    layout->addWidget(m_step);
    layout->addWidget(m_bar);
    layout->addLayout(buttons);
    connect(m_stop, &QPushButton::clicked, this, &QWidget::close);
}

void StartDialog::showStep(const QString& step, int percent)
{
    m_step->setText(percent < 0 ? step : tr("%1, %2 %").arg(step).arg(percent));
    m_bar->setRange(0, percent < 0 ? 0 : 100);
    m_bar->setValue(percent);
}

void StartDialog::showError(const QString& sentence)
{
    m_failed = true;
    m_bar->hide();
    m_step->setText(sentence);
    m_step->setRole(theme::Role::DangerText);
    m_stop->setText(tr("Close"));
}

void StartDialog::closeEvent(QCloseEvent* event)
{
    if (m_failed) {
        event->accept();
        return;
    }
    m_stop->setEnabled(false);
    m_step->setText(tr("Stopping"));
    emit stopRequested();
    event->ignore();
}

} // namespace scr::dialogs
