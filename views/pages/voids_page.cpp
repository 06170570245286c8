#include "pages/voids_page.h"

#include <algorithm>
#include <chrono>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "delegates/dense_delegate.h"
#include "delegates/table_setup.h"
#include "dialogs/reason_dialog.h"
#include "pages/table_copy.h"
#include "pages/void_detail.h"
#include "pages/void_preview.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/state_pane.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

constexpr std::size_t kMostRequests = 10'000;
constexpr int kMostVotes = 1'000; ///< of the request shown; the report has them all

} // namespace

VoidsPage::VoidsPage(ports::VoidSource& source, actions::VoidAction& action, QWidget* parent) :
    Page{parent}, m_source{source}, m_action{action}, m_answer{this, &VoidsPage::takeRequests},
    m_reading{this, &VoidsPage::takeReading}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget;
    m_historyPane = makeHistory();
    m_planning = new widgets::StatePane;
    m_preview = new VoidPreview{action};
    for (QWidget* page : {m_historyPane, static_cast<QWidget*>(m_planning), static_cast<QWidget*>(m_preview)})
        m_stack->addWidget(page);
    layout->addWidget(m_stack);
    setFocusProxy(m_table);
    connect(m_preview, &VoidPreview::closed, this, [this] {
        m_stack->setCurrentWidget(m_historyPane);
        refresh();
    });
    connect(m_planning, &widgets::StatePane::stopRequested, this, [this] {
        m_action.cancel();
        m_stack->setCurrentWidget(m_historyPane);
    });
    connect(&m_action, &actions::VoidAction::previewed, this, [this](const domain::VoidPlan& plan) {
        m_preview->show(plan);
        m_stack->setCurrentWidget(m_preview);
    });
    connect(&m_action, &actions::VoidAction::stageChanged, this, [this](actions::VoidAction::Stage stage) {
        // Settled elsewhere: nothing is left to be shown of it.
        if (stage == actions::VoidAction::Stage::Idle && m_stack->currentWidget() == m_preview)
            m_stack->setCurrentWidget(m_historyPane);
    });
    connect(&m_action, &actions::VoidAction::planFailed, this, &VoidsPage::showPlanError);
    connect(&m_action, &actions::VoidAction::failed, this, &VoidsPage::takeOrderError);
    connect(&m_action, &actions::VoidAction::committed, this, [this](const domain::VoidReceipt& receipt) {
        refresh();
        emit committed(receipt);
    });
    connect(&m_action, &actions::VoidAction::proposed, this, &VoidsPage::refresh);
    connect(&m_action, &actions::VoidAction::withdrawn, this, [this] {
        if (m_stack->currentWidget() == m_historyPane) {
            m_action.cancel();
            emit noticed(tr("The proposal is withdrawn; nothing was voided."));
        }
        refresh();
    });
}

QWidget* VoidsPage::makeHistory()
{
    auto* pane = new QWidget;
    auto* layout = new QVBoxLayout{pane};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_table = new QTableView;
    m_table->setModel(&m_model);
    delegates::dressDense(*m_table)->setSelectionBar(true);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAccessibleName(tr("Voids"));
    QHeaderView& header = *m_table->horizontalHeader();
    const std::array<int, 9> widths{80, 70, 190, 64, 60, 125, 125, 160, 0};
    for (int column = 0; column < m_model.columnCount(); ++column)
        header.resizeSection(column, widths[static_cast<std::size_t>(column)]);
    header.setStretchLastSection(false);
    giveRest(*m_table, static_cast<int>(tables::VoidHistoryModel::Column::Reason));
    offerCopy(*m_table);
    m_state = new widgets::StatePane;
    connect(m_state, &widgets::StatePane::stopRequested, this, [this] {
        m_answer.forget();
        connect(m_state->showStopped(), &QPushButton::clicked, this, &VoidsPage::refresh);
    });
    m_historyStack = new QStackedWidget;
    m_historyStack->addWidget(m_table);
    m_historyStack->addWidget(m_state);
    m_detail = new VoidDetail;
    auto* splitter = new QSplitter{Qt::Vertical};
    splitter->addWidget(m_historyStack);
    splitter->addWidget(m_detail);
    splitter->setChildrenCollapsible(false);
    splitter->setSizes({1, 1});
    layout->addWidget(makeHead());
    layout->addWidget(splitter, 1);
    layout->addWidget(makeFoot());
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &VoidsPage::updateButtons);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &VoidsPage::showSelected);
    connect(m_detail, &VoidDetail::flagWanted, this, &VoidsPage::flagWanted);
    connect(m_table, &QTableView::doubleClicked, this, &VoidsPage::act);
    return pane;
}

QWidget* VoidsPage::makeHead()
{
    auto* head = new widgets::Band{theme::Role::Base, widgets::Band::Edge::Bottom};
    head->setFixedHeight(theme::kPageHeader);
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(theme::kGap);
    layout->addWidget(new widgets::TextLabel{tr("Voids"), theme::Type::Section});
    m_rows = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    layout->addWidget(m_rows);
    layout->addStretch(1);
    return head;
}

QWidget* VoidsPage::makeFoot()
{
    auto* foot = new widgets::Band{theme::Role::Window, widgets::Band::Edge::Top};
    foot->setFixedHeight(theme::kFooter);
    auto* layout = new QHBoxLayout{foot};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_act = widgets::makeButton(tr("Restore…"), theme::Icon::Undo, this);
    m_act->setObjectName(QStringLiteral("voidsAct"));
    m_withdraw = widgets::makeButton(tr("Withdraw…"), this);
    m_withdraw->setObjectName(QStringLiteral("voidsWithdraw"));
    layout->setSpacing(theme::kGap);
    layout->addStretch(1);
    layout->addWidget(m_withdraw);
    layout->addWidget(m_act);
    connect(m_withdraw, &QPushButton::clicked, this, &VoidsPage::withdraw);
    connect(m_act, &QPushButton::clicked, this, &VoidsPage::act);
    return foot;
}

void VoidsPage::setTimeRange(const domain::TimeRange& range)
{
    m_range = range;
    if (m_all.empty())
        refresh();
    else
        filterRows();
}

void VoidsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (!m_answer.isWaiting())
        refresh();
}

void VoidsPage::refresh()
{
    if (m_all.empty()) {
        m_state->showLoading(tr("Reading voids"));
        m_historyStack->setCurrentWidget(m_state);
    }
    m_answer.ask(m_source.requests(static_cast<int>(kMostRequests)));
}

void VoidsPage::setSource(const domain::Source& source, const QString& elevatedLabel)
{
    m_preview->setSource(source, elevatedLabel);
}

void VoidsPage::previewVoid(const std::vector<domain::FlagKey>& flags)
{
    showPlanning(m_action.planVoid(flags));
}

void VoidsPage::showPlanning(bool asked)
{
    if (!asked) {
        m_stack->setCurrentWidget(m_preview);
        emit noticed(tr("First this request: its outcome is not known yet."));
        return;
    }
    m_planning->showLoading(tr("Reading the votes, their scores and ranks"));
    m_stack->setCurrentWidget(m_planning);
}

void VoidsPage::takeRequests(const domain::Result<std::vector<domain::VoidRequestRow>>& requests)
{
    if (!requests) {
        m_state->showError(tr("The voids could not be read"), tables::shown(domain::sentenceOf(requests.error())),
                           tables::shown(requests.error().sqlstate));
        connect(m_state->addAction(tr("Try again")), &QPushButton::clicked, this, &VoidsPage::refresh);
        m_historyStack->setCurrentWidget(m_state);
        return;
    }
    m_all = *requests;
    m_readAt = std::chrono::floor<domain::Micros>(std::chrono::system_clock::now());
    const auto waiting = std::count_if(m_all.begin(), m_all.end(), [](const domain::VoidRequestRow& row) {
        return row.state == domain::RequestState::Proposed;
    });
    emit waitingCountChanged(static_cast<int>(waiting));
    filterRows();
}

void VoidsPage::filterRows()
{
    std::vector<domain::VoidRequestRow> rows;
    std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(rows), [this](const domain::VoidRequestRow& row) {
        // A proposal that waits is shown whatever the range: somebody has to see it.
        return row.state == domain::RequestState::Proposed || m_range.contains(row.committedAt.value_or(row.requestedAt));
    });
    const domain::VoidRequestRow* before = selected();
    const domain::RequestId kept = before != nullptr ? before->request : domain::RequestId{};
    m_model.setRows(std::move(rows));
    const QString count = tables::countText(m_model.rowCount(), "request", "requests");
    m_rows->setText((m_isReadOnly ? count : tr("%1, as of %2 UTC").arg(count, tables::clockText(m_readAt).left(8))) +
                    (m_all.size() < kMostRequests ? QString{} : tr("; only the newest %1 are read").arg(m_all.size())));
    if (m_model.rowCount() == 0) {
        m_state->showEmpty(theme::Icon::Void, tr("No voids in this time range"),
                           m_all.empty() && m_isReadOnly ? tr("This pack has no request to void or to restore votes.")
                           : m_all.empty()
                               ? tr("Confirm flags on the Flags page, then choose “Void confirmed…” to preview one.")
                               : tr("There are %1 outside it.").arg(tables::numberText(static_cast<double>(m_all.size()))));
        m_historyStack->setCurrentWidget(m_state);
        showSelected();
    } else {
        m_historyStack->setCurrentWidget(m_table); // the row selected next asks for what is behind it
        m_table->selectRow(std::max(0, m_model.rowOf(kept)));
    }
    updateButtons();
}

const domain::VoidRequestRow* VoidsPage::selected() const
{
    const QModelIndex current = m_table->currentIndex();
    return current.isValid() && current.row() < m_model.rowCount() ? &m_model.row(current.row()) : nullptr;
}

void VoidsPage::updateButtons()
{
    const domain::VoidRequestRow* row = selected();
    const bool proposal = row != nullptr && row->state == domain::RequestState::Proposed;
    const bool restorable = row != nullptr && row->kind == domain::RequestKind::Void && row->state == domain::RequestState::Done;
    m_act->setEnabled(proposal || restorable);
    m_act->setText(proposal ? tr("Review proposal…") : tr("Restore…"));
    m_act->setToolTip(m_act->isEnabled() ? QString{}
                                         : tr("Only a void that stands can be restored, only a waiting proposal reviewed"));
    m_act->setVisible(!m_isReadOnly);
    m_withdraw->setVisible(proposal && !m_isReadOnly);
}

void VoidsPage::setReadOnly()
{
    m_isReadOnly = true;
    m_act->parentWidget()->hide(); // the foot holds nothing else
    updateButtons();
}

void VoidsPage::showSelected()
{
    const domain::VoidRequestRow* row = m_historyStack->currentWidget() == m_table ? selected() : nullptr;
    m_detail->setVisible(row != nullptr);
    if (row == nullptr)
        return;
    m_detail->begin(*row);
    m_reading.ask(m_source.reading(row->request, kMostVotes));
}

void VoidsPage::takeReading(const domain::Result<domain::RequestReading>& reading)
{
    if (reading)
        m_detail->show(*reading);
    else
        emit noticed(tables::shown(domain::sentenceOf(reading.error())));
}

void VoidsPage::act()
{
    const domain::VoidRequestRow* row = selected();
    if (row == nullptr || !m_act->isEnabled() || m_isReadOnly)
        return;
    const domain::RequestId request = row->request;
    showPlanning(row->state == domain::RequestState::Proposed ? m_action.planProposal(request) : m_action.planRestore(request));
}

void VoidsPage::withdraw()
{
    const domain::VoidRequestRow* row = selected();
    if (row == nullptr || row->state != domain::RequestState::Proposed)
        return;
    auto* dialog = new dialogs::WithdrawDialog{tr("V-%1").arg(row->number), this};
    connect(dialog, &dialogs::WithdrawDialog::reasonGiven, this,
            [this, request = row->request](const QString& reason) { m_action.withdraw(request, reason.toStdString()); });
    dialog->open();
}

void VoidsPage::showPlanError(const domain::Error& error)
{
    m_planning->showError(tr("The preview could not be made"), tables::shown(domain::sentenceOf(error)),
                          tables::shown(error.sqlstate));
    connect(m_planning->addAction(tr("Try again")), &QPushButton::clicked, this, [this] {
        showPlanning(true);
        m_action.recompute();
    });
    connect(m_planning->addAction(tr("Back to voids")), &QPushButton::clicked, this, [this] {
        m_stack->setCurrentWidget(m_historyPane);
        refresh();
    });
    m_stack->setCurrentWidget(m_planning);
}

/// The preview shows what became of its own orders; one given from the list is answered here.
void VoidsPage::takeOrderError(const domain::Error& error)
{
    refresh();
    if (m_stack->currentWidget() != m_historyPane)
        return;
    m_action.cancel();
    emit noticed(tables::shown(domain::sentenceOf(error)));
}

} // namespace scr::pages
