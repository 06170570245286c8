#include "pages/paged_pane.h"

#include <QHeaderView>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "delegates/dense_delegate.h"
#include "delegates/table_setup.h"
#include "pages/table_copy.h"
#include "tables/cell_text.h"
#include "widgets/banner.h"
#include "widgets/state_pane.h"

namespace scr::pages {

PagedPane::PagedPane(QAbstractItemModel& model, tables::PageNotifier& notifier, const QString& what, QWidget* parent) :
    QWidget{parent}, m_model{model}, m_what{what}, m_emptyTitle{tr("No %1 here").arg(what)},
    m_emptySentence{tr("Nothing matches the time range and the filter.")}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_banner = new widgets::Banner;
    m_table = new QTableView;
    m_table->setModel(&model);
    delegates::dressDense(*m_table);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    offerCopy(*m_table);
    m_statePane = new widgets::StatePane;
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_statePane);
    setFocusProxy(m_table);
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    connect(&notifier, &tables::PageNotifier::stateChanged, this, &PagedPane::take);
    connect(&notifier, &tables::PageNotifier::pageFailed, this, &PagedPane::showError);
    connect(m_banner, &widgets::Banner::buttonClicked, this, &PagedPane::retryWanted);
    connect(m_statePane, &widgets::StatePane::stopRequested, this, &PagedPane::stopWanted);
}

void PagedPane::setEmptyText(const QString& title, const QString& sentence)
{
    m_emptyTitle = title;
    m_emptySentence = sentence;
}

void PagedPane::take(tables::PageState state)
{
    m_state = state;
    const bool empty = m_model.rowCount() == 0;
    if (state != tables::PageState::Failed)
        m_banner->dismiss();
    if (state == tables::PageState::Loading && empty)
        m_statePane->showLoading(tr("Reading %1").arg(m_what));
    else if (state == tables::PageState::Complete && empty)
        m_statePane->showEmpty(theme::Icon::Search, m_emptyTitle, m_emptySentence);
    else if (state == tables::PageState::Stopped && empty)
        connect(m_statePane->showStopped(), &QPushButton::clicked, this, &PagedPane::retryWanted);
    if (state != tables::PageState::Failed)
        m_stack->setCurrentWidget(empty ? static_cast<QWidget*>(m_statePane) : m_table);
    emit stateChanged(state);
}

void PagedPane::showError(const domain::Error& error)
{
    const QString sentence = tables::shown(domain::sentenceOf(error));
    if (m_model.rowCount() > 0) {
        m_banner->present(widgets::Banner::Kind::Warning, tr("The next %1 could not be read.").arg(m_what),
                          sentence + tr(" You see what was read before."), tr("Try again"));
        return;
    }
    m_statePane->showError(tr("The %1 could not be read").arg(m_what), sentence, tables::shown(error.sqlstate));
    connect(m_statePane->addAction(tr("Try again")), &QPushButton::clicked, this, &PagedPane::retryWanted);
    m_stack->setCurrentWidget(m_statePane);
}

} // namespace scr::pages
