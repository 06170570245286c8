#include "pages/flag_queue.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "delegates/queue_delegate.h"
#include "delegates/table_setup.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/state_pane.h"
#include "widgets/text_label.h"

namespace scr::pages {

FlagQueue::FlagQueue(tables::FlagQueueModel& model, QWidget* parent) : QWidget{parent}, m_model{model}
{
    setMinimumWidth(kWidth);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    makeTable();
    m_state = new widgets::StatePane;
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_state);
    layout->addWidget(makeHead());
    layout->addWidget(m_stack, 1);
    layout->addWidget(makeFoot());
    setFocusProxy(m_table);
    connect(m_state, &widgets::StatePane::stopRequested, this, [this] {
        emit stopWanted();
        connect(m_state->showStopped(), &QPushButton::clicked, this, &FlagQueue::readAgainWanted);
    });
}

void FlagQueue::makeTable()
{
    m_table = new QTableView;
    m_table->setModel(&m_model);
    m_table->setObjectName(QStringLiteral("queue"));
    delegates::dressQueue(*m_table);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setAccessibleName(tr("Flag queue"));
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &FlagQueue::currentChanged);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &FlagQueue::selectionChanged);
}

QWidget* FlagQueue::makeHead()
{
    auto* head = new widgets::Band{theme::Role::Base, widgets::Band::Edge::Bottom};
    head->setFixedHeight(theme::kQueueHeader);
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->addWidget(new widgets::TextLabel{tr("Queue"), theme::Type::Section});
    m_counts = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    layout->addWidget(m_counts);
    layout->addStretch(1);
    m_void = widgets::makeButton(tr("Void confirmed…"), theme::Icon::Void, this, theme::ButtonKind::Flat);
    theme::setSmall(*m_void);
    m_void->setObjectName(QStringLiteral("voidConfirmed"));
    layout->addWidget(m_void);
    connect(m_void, &QPushButton::clicked, this, [this] {
        if (const auto flags = selectedConfirmed(); !flags.empty())
            emit voidWanted(flags);
    });
    return head;
}

QWidget* FlagQueue::makeFoot()
{
    auto* foot = new widgets::Band{theme::Role::Window, widgets::Band::Edge::Top};
    foot->setFixedHeight(theme::kFooter);
    auto* layout = new QHBoxLayout{foot};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_rows = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    layout->addWidget(m_rows);
    layout->addStretch(1);
    layout->addWidget(m_keys = new widgets::TextLabel{tr("J  K  move     Shift, Ctrl  select     V  void confirmed"),
                                                      theme::Type::Caption, theme::Role::Text3});
    return foot;
}

void FlagQueue::setOwnLogin(const QString& login)
{
    static_cast<delegates::QueueDelegate*>(m_table->itemDelegate())->setOwnLogin(login);
}

void FlagQueue::setReadOnly()
{
    m_void->hide();
    m_keys->setText(tr("J  K  move"));
}

void FlagQueue::setNarrow(bool narrow)
{
    m_table->setColumnHidden(static_cast<int>(tables::FlagQueueModel::Column::Age), narrow);
}

void FlagQueue::setScannedInVain(std::optional<qint64> votes)
{
    m_scannedInVain = votes;
}

void FlagQueue::setFilterText(const QString& text)
{
    m_filterText = text;
}

void FlagQueue::showReading()
{
    m_state->showLoading(tr("Reading flags"));
    m_stack->setCurrentWidget(m_state);
}

void FlagQueue::showFailure(const domain::Error& error)
{
    m_state->showError(tr("The flags could not be read"), tables::shown(domain::sentenceOf(error)),
                       tables::shown(error.sqlstate));
    connect(m_state->addAction(tr("Try again")), &QPushButton::clicked, this, &FlagQueue::readAgainWanted);
    m_stack->setCurrentWidget(m_state);
}

void FlagQueue::updateState(bool isReading)
{
    if (isReading && m_model.all().empty())
        return;
    if (m_model.rowCount() == 0) {
        explainEmpty();
        m_stack->setCurrentWidget(m_state);
        return;
    }
    const bool appears = m_stack->currentWidget() != m_table;
    m_stack->setCurrentWidget(m_table);
    // The queue was not there to take the focus when the page was opened; whoever is typing keeps it.
    if (appears && isVisible() && qobject_cast<QLineEdit*>(window()->focusWidget()) == nullptr)
        m_table->setFocus();
}

void FlagQueue::explainEmpty()
{
    const auto all = static_cast<std::int64_t>(m_model.all().size());
    if (all == 0 && m_void->isHidden()) {
        m_state->showEmpty(theme::Icon::Flag, tr("No flags in this time range"), tr("The pack holds none of it."));
        return;
    }
    if (all == 0) {
        m_state->showEmpty(
            theme::Icon::Search, tr("No flags in this time range"),
            m_scannedInVain
                ? tr("The last scan looked at %1 and found nothing.").arg(tables::countText(*m_scannedInVain, "vote", "votes"))
                : tr("Nothing was flagged yet. A scan reads the votes and records what it finds."));
        connect(m_state->addAction(tr("Scan now"), theme::ButtonKind::Accent, QStringLiteral("F5")), &QPushButton::clicked, this,
                &FlagQueue::scanWanted);
        return;
    }
    const auto offerAll = [this](QPushButton* button) {
        connect(button, &QPushButton::clicked, this, [this] { emit filterWanted({}); });
    };
    if (m_filterText == kOpenOnly) {
        m_state->showEmpty(theme::Icon::Check, tr("Nothing left to review"),
                           tr("All %1 of this time range are decided.").arg(tables::countText(all, "flag", "flags")),
                           theme::Role::OkText);
        offerAll(m_state->addAction(tr("Show decided flags"), theme::ButtonKind::Flat));
    } else {
        m_state->showEmpty(theme::Icon::Search, tr("No flag matches the filter"),
                           tr("Without it there are %1.").arg(tables::numberText(static_cast<double>(all))));
        offerAll(m_state->addAction(tr("Clear the filter")));
    }
}

int FlagQueue::updateCounts(int waiting)
{
    const auto open = m_model.keysInState(domain::FlagState::Open).size();
    const auto confirmed = m_model.keysInState(domain::FlagState::Confirmed).size();
    m_counts->setText(
        tr("%1 open · %2 confirmed")
            .arg(tables::numberText(static_cast<double>(open)), tables::numberText(static_cast<double>(confirmed))));
    m_rows->setText(tr("%1 of %2")
                        .arg(tables::numberText(m_model.rowCount()),
                             tables::countText(static_cast<std::int64_t>(m_model.all().size()), "flag", "flags")) +
                    (m_model.all().size() < kMostFlags ? QString{} : tr("; more in this time range, narrow it to see them")));
    const auto chosen = selectedConfirmed().size();
    // A preview of half the decisions would be the preview of something nobody decided.
    const bool settled = waiting == 0;
    m_void->setEnabled(chosen > 0 && settled);
    m_void->setToolTip(settled ? tr("Preview the void of the votes of confirmed flags (V)")
                               : tr("%1 still being written").arg(tables::countText(waiting, "decision is", "decisions are")));
    m_void->setText(chosen > 0 ? tr("Void %1 confirmed…").arg(chosen) : tr("Void confirmed…"));
    return static_cast<int>(open);
}

int FlagQueue::currentRow() const
{
    const int row = m_table->currentIndex().row();
    return row < m_model.rowCount() ? row : -1;
}

std::vector<int> FlagQueue::selectedRows() const
{
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.push_back(index.row());
    return rows;
}

std::vector<domain::FlagKey> FlagQueue::selectedConfirmed() const
{
    return m_model.voidable(selectedRows());
}

void FlagQueue::selectRow(int row)
{
    m_table->selectRow(row);
}

void FlagQueue::move(int rows)
{
    if (m_model.rowCount() > 0)
        m_table->selectRow(std::clamp(m_table->currentIndex().row() + rows, 0, m_model.rowCount() - 1));
}

void FlagQueue::clickVoid()
{
    if (!m_void->isHidden())
        m_void->click();
}

void FlagQueue::focusTable()
{
    m_table->setFocus();
}

} // namespace scr::pages
