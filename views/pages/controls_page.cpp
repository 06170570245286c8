#include "pages/controls_page.h"

#include <chrono>
#include <utility>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include "delegates/control_delegate.h"
#include "pages/control_detail.h"
#include "pages/filter_chips.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/banner.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

using domain::ControlState;

constexpr int kListWidth = 600;
constexpr int kResultWidth = 100;
constexpr int kCheckedWidth = 80;
constexpr int kAgesMillis = 20'000;

domain::UtcTime now()
{
    return std::chrono::time_point_cast<domain::Micros>(std::chrono::system_clock::now());
}

} // namespace

ControlsPage::ControlsPage(jobs::ControlJob& job, actions::AcceptAction& accepting, QWidget* parent) :
    Page{parent}, m_job{job}, m_accepting{accepting}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_problem = new widgets::Banner;
    auto* splitter = new QSplitter{Qt::Horizontal};
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(makeList());
    splitter->addWidget(m_detail = new ControlDetail);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({kListWidth, kListWidth});
    layout->addWidget(m_problem);
    layout->addWidget(splitter, 1);
    setFocusProxy(m_table);
    m_model.setControls(m_job.list());
    relist();
    connect(&m_job, &jobs::ControlJob::finished, this, &ControlsPage::take);
    connect(m_problem, &widgets::Banner::buttonClicked, this, [this] {
        if (m_refused)
            order(domain::AcceptOrder{*m_refused}); // what it is about is forgotten there
        else
            check({});
    });
    connect(&m_accepting, &actions::AcceptAction::finished, this, &ControlsPage::takeOrdered);
    connect(m_detail, &ControlDetail::orderGiven, this, &ControlsPage::order);
    connect(m_detail, &ControlDetail::checkWanted, this, [this](const QString& name) { check({name.toStdString()}); });
    connect(m_detail, &ControlDetail::noticed, this, &ControlsPage::noticed);
    m_ages.setInterval(kAgesMillis);
    connect(&m_ages, &QTimer::timeout, this, [this] { m_model.setNow(now()); });
    m_ages.start();
    updateHead();
}

QWidget* ControlsPage::makeList()
{
    auto* list = new QWidget;
    auto* layout = new QVBoxLayout{list};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHead());
    m_table = new QTableView;
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new delegates::ControlDelegate{*m_table});
    m_table->setAccessibleName(tr("Controls"));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->hide();
    using Column = tables::ControlListModel::Column;
    m_table->horizontalHeader()->setSectionResizeMode(static_cast<int>(Column::Control), QHeaderView::Stretch);
    m_table->horizontalHeader()->resizeSection(static_cast<int>(Column::Result), kResultWidth);
    m_table->horizontalHeader()->resizeSection(static_cast<int>(Column::Checked), kCheckedWidth);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& current) {
        if (const domain::Control* control = m_model.control(current.row()))
            m_chosen = control->name;
        showCurrent();
    });
    layout->addWidget(m_table, 1);
    return list;
}

QWidget* ControlsPage::makeHead()
{
    auto* head = new widgets::Band{theme::Role::Base, widgets::Band::Edge::Bottom};
    head->setFixedHeight(theme::kPageHeader);
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(theme::kGap);
    layout->addWidget(new widgets::TextLabel{tr("Controls"), theme::Type::Section});
    m_counts = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    layout->addWidget(m_counts, 1);
    m_all = widgets::makeButton(tr("Check all"), theme::Icon::Refresh, head);
    m_all->setObjectName(QStringLiteral("checkAll"));
    connect(m_all, &QPushButton::clicked, this, [this] { check({}); });
    layout->addWidget(m_all);
    return head;
}

void ControlsPage::setTimeRange(const domain::TimeRange& range)
{
    Q_UNUSED(range)
}

void ControlsPage::setReadOnly()
{
    m_all->hide();
    m_detail->setReadOnly();
}

void ControlsPage::refresh()
{
    if (isVisible())
        check({});
    else
        m_asked = false;
}

void ControlsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_model.setNow(now());
    if (!m_asked)
        check({});
}

void ControlsPage::check(std::vector<std::string> names)
{
    if (m_job.isRunning())
        return;
    m_asked = true;
    m_refused.reset();
    m_problem->dismiss();
    m_job.start(std::move(names));
    emit checkStarted();
    updateHead();
}

void ControlsPage::take(const domain::Result<std::vector<domain::Control>>& controls)
{
    if (controls) {
        m_model.setNow(now());
        m_model.update(*controls);
        relist();
        emit failingChanged(m_model.count(ControlState::Fails) - m_model.accepted(ControlState::Fails));
    } else if (controls.error().fault != domain::Fault::Cancelled) {
        m_refused.reset();
        m_problem->present(widgets::Banner::Kind::Danger, tr("The controls could not be checked."),
                           tables::shown(domain::sentenceOf(controls.error())), tr("Try again"));
    }
    updateHead();
    if (!m_toCheck.empty() && controls)
        check({std::exchange(m_toCheck, {})});
}

void ControlsPage::order(const domain::AcceptOrder& order)
{
    m_refused.reset();
    m_problem->dismiss();
    m_accepting.start(order);
    updateHead();
}

void ControlsPage::takeOrdered(const domain::AcceptOrder& order, const domain::Status& status)
{
    updateHead();
    if (!status) {
        const bool isInDoubt = status.error().fault == domain::Fault::InDoubt; // the window offers to send it again
        if (!isInDoubt)
            m_refused = order;
        m_problem->present(widgets::Banner::Kind::Danger,
                           isInDoubt ? tr("It is not known whether the decision was written.")
                                     : tr("The decision was not written."),
                           tables::shown(domain::sentenceOf(status.error())), isInDoubt ? QString{} : tr("Try again"));
        return;
    }
    emit noticed(order.until ? tr("Accepted until %1.").arg(tables::dateTimeText(*order.until)) : tr("No longer accepted."));
    if (m_job.isRunning())
        m_toCheck = order.control;
    else
        check({order.control});
}

void ControlsPage::relist()
{
    for (int row = 0; row < m_model.rowCount(); ++row)
        m_table->setRowHeight(row, m_model.control(row) == nullptr ? delegates::ControlDelegate::kHead
                                                                   : delegates::ControlDelegate::kRow);
    int row = m_model.rowOf(m_chosen);
    for (int first = 0; row < 0 && first < m_model.rowCount(); ++first) {
        if (m_model.control(first) != nullptr)
            row = first;
    }
    m_table->setCurrentIndex(row < 0 ? QModelIndex{} : m_model.index(row, 0));
    showCurrent();
}

void ControlsPage::showCurrent()
{
    m_detail->showControl(m_model.control(m_table->currentIndex().row()));
    m_detail->setBusy(m_job.isRunning(), m_accepting.isRunning());
}

void ControlsPage::updateHead()
{
    const bool isBusy = m_job.isRunning();
    m_all->setEnabled(!isBusy);
    m_detail->setBusy(isBusy, m_accepting.isRunning());
    if (isBusy) {
        m_counts->setText(tr("being checked …"));
        return;
    }
    QStringList parts;
    const int accepted = m_model.accepted(ControlState::Fails) + m_model.accepted(ControlState::Unknown);
    parts << tr("%1 hold").arg(m_model.count(ControlState::Holds)) << tr("%1 fail").arg(m_model.count(ControlState::Fails))
          << tr("%1 cannot be checked").arg(m_model.count(ControlState::Unknown));
    if (accepted > 0)
        parts << tr("%1 of these accepted").arg(accepted);
    if (m_model.unchecked() > 0)
        parts << tr("%1 not checked").arg(m_model.unchecked());
    m_counts->setText(parts.join(QStringLiteral("  ·  ")));
}

std::vector<widgets::FilterChip> ControlsPage::parseFilter(const QString& text) const
{
    return chipsOf(text, [](const std::string& term) {
        const auto filter = tables::parseControlFilter(term);
        return filter ? domain::Status{domain::Nothing{}} : domain::Status{domain::failureOf(filter)};
    });
}

QString ControlsPage::filterPlaceholder() const
{
    return tr("Filter: result=fails, or a word");
}

void ControlsPage::setFilterText(const QString& text)
{
    m_filterText = text;
    const auto filter = tables::parseControlFilter(text.toStdString());
    if (!filter)
        return; // the bar shows the chip that is refused
    m_model.setFilter(*filter);
    relist();
}

} // namespace scr::pages
