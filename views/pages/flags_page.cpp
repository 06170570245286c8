#include "pages/flags_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QResizeEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "delegates/queue_delegate.h"
#include "delegates/table_setup.h"
#include "pages/decision_bar.h"
#include "pages/filter_chips.h"
#include "pages/flag_detail.h"
#include "pages/key_dispatcher.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/banner.h"
#include "widgets/buttons.h"
#include "widgets/state_pane.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

constexpr std::size_t kMostFlags = 20'000;
constexpr int kQueueWidth = 556;
constexpr int kNarrowWindow = 1300; ///< below it the queue gives up the age column and the history becomes a tab
constexpr std::chrono::seconds kAgesEvery{20};
constexpr auto kSnoozeFor = std::chrono::hours{24};

domain::UtcTime now()
{
    return std::chrono::time_point_cast<domain::Micros>(std::chrono::system_clock::now());
}

} // namespace

FlagsPage::FlagsPage(ports::FlagSource& flags, ports::VoteSource& votes, actions::ReviewAction& review, QWidget* parent) :
    Page{parent}, m_flagSource{flags}, m_review{review}, m_parts{flags, votes}, m_flagsAnswer{this, &FlagsPage::takeFlags}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_banner = new widgets::Banner;
    layout->addWidget(m_banner);
    auto* splitter = new QSplitter{Qt::Horizontal};
    splitter->addWidget(makeQueue());
    splitter->addWidget(makeDetail());
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setSizes({kQueueWidth, 1000});
    splitter->setChildrenCollapsible(false);
    layout->addWidget(splitter, 1);
    setFocusProxy(m_queue);
    bindKeys();
    connect(&m_review, &actions::ReviewAction::changed, this, [this](const domain::RecordedFlag& flag) {
        m_model.update(flag);
        updateCounts();
        updateQueueState();
        if (m_shown && m_shown->flag.key == flag.flag.key)
            showCurrent();
    });
    connect(&m_review, &actions::ReviewAction::failed, this, [this](const domain::FlagKey&, const domain::Error& error) {
        const bool doubt = error.fault == domain::Fault::InDoubt;
        m_banner->present(widgets::Banner::Kind::Warning,
                          doubt ? tr("It is not known whether the decision was taken.") : tr("The decision was not taken."),
                          tables::shown(domain::sentenceOf(error)), tr("Close"));
    });
    connect(&m_review, &actions::ReviewAction::decided, m_banner, &widgets::Banner::dismiss);
    connect(&m_review, &actions::ReviewAction::undone, this,
            [this](const domain::FlagKey& flag) { selectRow(m_model.rowOf(flag)); });
    connect(&m_review, &actions::ReviewAction::waitingChanged, this, &FlagsPage::updateCounts);
    connect(&m_review, &actions::ReviewAction::idle, this, &FlagsPage::updateCounts);
    connect(&m_ages, &QTimer::timeout, this, [this] { m_model.setNow(now()); });
    m_ages.start(kAgesEvery);
    connect(&m_review, &actions::ReviewAction::undoCountChanged, m_decisions, &DecisionBar::setUndoCount);
    connect(m_banner, &widgets::Banner::buttonClicked, m_banner, &widgets::Banner::dismiss);
    m_filterText = QStringLiteral("state=open");
    setFilterText(m_filterText);
}

QWidget* FlagsPage::makeQueue()
{
    auto* pane = new QWidget;
    pane->setMinimumWidth(kQueueWidth);
    auto* layout = new QVBoxLayout{pane};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_queue = new QTableView;
    m_queue->setModel(&m_model);
    m_queue->setObjectName(QStringLiteral("queue"));
    delegates::dressQueue(*m_queue);
    m_queue->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_queue->setAccessibleName(tr("Flag queue"));
    m_queueState = new widgets::StatePane;
    m_queueStack = new QStackedWidget;
    m_queueStack->addWidget(m_queue);
    m_queueStack->addWidget(m_queueState);
    layout->addWidget(makeQueueHead());
    layout->addWidget(m_queueStack, 1);
    layout->addWidget(makeQueueFoot());
    connect(m_queue->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] { showCurrent(); });
    connect(m_queue->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] { updateCounts(); });
    connect(m_queueState, &widgets::StatePane::stopRequested, this, [this] {
        m_flagsAnswer.forget();
        connect(m_queueState->showStopped(), &QPushButton::clicked, this, &FlagsPage::refresh);
    });
    return pane;
}

QWidget* FlagsPage::makeQueueHead()
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

QWidget* FlagsPage::makeQueueFoot()
{
    auto* foot = new widgets::Band{theme::Role::Window, widgets::Band::Edge::Top};
    foot->setFixedHeight(theme::kFooter);
    auto* layout = new QHBoxLayout{foot};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_rows = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    layout->addWidget(m_rows);
    layout->addStretch(1);
    layout->addWidget(new widgets::TextLabel{tr("J  K  move     Shift, Ctrl  select     V  void confirmed"), theme::Type::Caption,
                                             theme::Role::Text3});
    return foot;
}

QWidget* FlagsPage::makeDetail()
{
    auto* pane = new QWidget;
    auto* layout = new QVBoxLayout{pane};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_detail = new FlagDetail;
    m_detailState = new widgets::StatePane;
    m_detailState->showEmpty(theme::Icon::Flag, tr("No flag selected"), tr("Choose a flag in the queue to see why it fired."));
    m_detailStack = new QStackedWidget;
    m_detailStack->addWidget(m_detail);
    m_detailStack->addWidget(m_detailState);
    m_detailStack->setCurrentWidget(m_detailState);
    layout->addWidget(m_detailStack, 1);
    m_decisions = new DecisionBar;
    layout->addWidget(m_decisions);
    connect(m_detail, &FlagDetail::caseWanted, this, [this](const domain::FlagKey& flag) {
        const QString text = QStringLiteral("case=%1").arg(QString::fromStdString(flag.text));
        setFilterText(text);
        emit filterTextChanged(text);
    });
    connect(&m_parts, &FlagParts::votesRead, m_detail, &FlagDetail::setVotes);
    connect(&m_parts, &FlagParts::reviewsRead, m_detail, &FlagDetail::setReviews);
    connect(&m_parts, &FlagParts::failed, this, &FlagsPage::noticed);
    connect(m_decisions, &DecisionBar::decided, this, &FlagsPage::decide);
    connect(m_decisions, &DecisionBar::undoWanted, this, [this] { m_review.undo(); });
    connect(m_decisions, &DecisionBar::reasonEntered, this, [this] { m_queue->setFocus(); });
    return pane;
}

void FlagsPage::bindKeys()
{
    auto* keys = new KeyDispatcher{*this};
    keys->on(Qt::Key_J, [this] { move(1); }, KeyDispatcher::Repeat::Yes);
    keys->on(Qt::Key_K, [this] { move(-1); }, KeyDispatcher::Repeat::Yes);
    keys->on(Qt::Key_C, [this] { decide(domain::Decision::Confirm); });
    keys->on(Qt::Key_D, [this] { decide(domain::Decision::Dismiss); });
    keys->on(Qt::Key_S, [this] { decide(domain::Decision::Snooze); });
    keys->on(Qt::Key_Z, [this] { m_review.undo(); });
    keys->on(Qt::Key_R, [this] { m_decisions->editReason(); });
    keys->on(Qt::Key_V, [this] { m_void->click(); });
}

void FlagsPage::setOwnLogin(const QString& login)
{
    static_cast<delegates::QueueDelegate*>(m_queue->itemDelegate())->setOwnLogin(login);
}

void FlagsPage::setScannedInVain(qint64 votes)
{
    m_scannedInVain = votes;
}

void FlagsPage::setTimeRange(const domain::TimeRange& range)
{
    m_range = range;
    m_scannedInVain.reset();
    refresh();
}

void FlagsPage::refresh()
{
    m_parts.forget();
    m_flagsAnswer.ask(m_flagSource.flags(m_range, kMostFlags));
    if (m_model.all().empty()) {
        m_queueState->showLoading(tr("Reading flags"));
        m_queueStack->setCurrentWidget(m_queueState);
    }
}

std::vector<widgets::FilterChip> FlagsPage::parseFilter(const QString& text) const
{
    return chipsOf(text, [](const std::string& term) -> domain::Status {
        const auto filter = tables::parseFlagFilter(term);
        if (!filter)
            return domain::failureOf(filter);
        return domain::Nothing{};
    });
}

QString FlagsPage::filterPlaceholder() const
{
    return tr("Filter: state, severity, detector, token, post, votes>20, or words");
}

void FlagsPage::setFilterText(const QString& text)
{
    m_filterText = text;
    if (const auto filter = tables::parseFlagFilter(text.toStdString())) {
        const domain::FlagKey before = m_shown ? m_shown->flag.key : domain::FlagKey{};
        m_model.setFilter(*filter);
        selectRow(std::max(0, m_model.rowOf(before)));
    }
    updateCounts();
    updateQueueState();
}

void FlagsPage::takeFlags(const domain::Result<ports::FlagList>& list)
{
    if (!list) {
        if (m_model.all().empty()) {
            m_queueState->showError(tr("The flags could not be read"), tables::shown(domain::sentenceOf(list.error())),
                                    tables::shown(list.error().sqlstate));
            connect(m_queueState->addAction(tr("Try again")), &QPushButton::clicked, this, &FlagsPage::refresh);
            m_queueStack->setCurrentWidget(m_queueState);
        } else {
            m_banner->present(widgets::Banner::Kind::Warning, tr("The flags could not be read again."),
                              tables::shown(domain::sentenceOf(list.error())) + tr(" You see what was read before."),
                              tr("Close"));
        }
        return;
    }
    const domain::FlagKey before = m_shown ? m_shown->flag.key : domain::FlagKey{};
    m_model.setNow(now());
    m_model.setFlags(list->flags);
    tellUnreadable(list->unreadable);
    m_shown.reset();
    selectRow(std::max(0, m_model.rowOf(before)));
    updateCounts();
    updateQueueState();
}

void FlagsPage::tellUnreadable(const std::vector<std::string>& sentences)
{
    if (sentences.empty())
        return;
    m_banner->present(widgets::Banner::Kind::Warning,
                      tr("%1 cannot be read by this version.")
                          .arg(tables::countText(static_cast<std::int64_t>(sentences.size()), "flag", "flags")),
                      tables::shown(sentences.front()) + tr(" Update this program to see them."), tr("Close"));
}

void FlagsPage::updateQueueState()
{
    if (m_flagsAnswer.isWaiting() && m_model.all().empty())
        return;
    if (m_model.rowCount() > 0) {
        const bool appears = m_queueStack->currentWidget() != m_queue;
        m_queueStack->setCurrentWidget(m_queue);
        // The queue was not there to take the focus when the page was opened; whoever is typing keeps it.
        if (appears && isVisible() && qobject_cast<QLineEdit*>(window()->focusWidget()) == nullptr)
            m_queue->setFocus();
        return;
    }
    if (m_model.all().empty()) {
        m_queueState->showEmpty(
            theme::Icon::Search, tr("No flags in this time range"),
            m_scannedInVain
                ? tr("The last scan looked at %1 and found nothing.").arg(tables::countText(*m_scannedInVain, "vote", "votes"))
                : tr("Nothing was flagged yet. A scan reads the votes and records what it finds."));
        connect(m_queueState->addAction(tr("Scan now"), theme::ButtonKind::Accent, QStringLiteral("F5")), &QPushButton::clicked,
                this, &FlagsPage::scanWanted);
    } else if (m_filterText == QStringLiteral("state=open")) {
        m_queueState->showEmpty(theme::Icon::Check, tr("Nothing left to review"),
                                tr("All %1 of this time range are decided.")
                                    .arg(tables::countText(static_cast<std::int64_t>(m_model.all().size()), "flag", "flags")),
                                theme::Role::OkText);
        connect(m_queueState->addAction(tr("Show decided flags"), theme::ButtonKind::Flat), &QPushButton::clicked, this, [this] {
            setFilterText({});
            emit filterTextChanged({});
        });
    } else {
        m_queueState->showEmpty(
            theme::Icon::Search, tr("No flag matches the filter"),
            tr("Without it there are %1.").arg(tables::numberText(static_cast<double>(m_model.all().size()))));
        connect(m_queueState->addAction(tr("Clear the filter")), &QPushButton::clicked, this, [this] {
            setFilterText({});
            emit filterTextChanged({});
        });
    }
    m_queueStack->setCurrentWidget(m_queueState);
}

void FlagsPage::updateCounts()
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
    const bool settled = m_review.waiting() == 0;
    m_void->setEnabled(chosen > 0 && settled);
    m_void->setToolTip(
        settled ? tr("Preview the void of the votes of confirmed flags (V)")
                : tr("%1 still being written").arg(tables::countText(m_review.waiting(), "decision is", "decisions are")));
    m_void->setText(chosen > 0 ? tr("Void %1 confirmed…").arg(chosen) : tr("Void confirmed…"));
    emit openCountChanged(static_cast<int>(open));
}

std::vector<domain::FlagKey> FlagsPage::selectedConfirmed() const
{
    std::vector<int> rows;
    for (const QModelIndex& index : m_queue->selectionModel()->selectedRows())
        rows.push_back(index.row());
    return m_model.voidable(rows);
}

void FlagsPage::selectRow(int row)
{
    if (row >= 0 && row < m_model.rowCount())
        m_queue->selectRow(row);
    else
        showCurrent();
}

void FlagsPage::showFlag(const domain::FlagKey& key)
{
    const auto isIt = [&key](const domain::RecordedFlag& flag) { return flag.flag.key == key; };
    if (std::none_of(m_model.all().begin(), m_model.all().end(), isIt)) {
        emit noticed(tr("%1 is not in this time range; choose a longer one to see it.").arg(tables::shown(key.text)));
        return;
    }
    if (m_model.rowOf(key) < 0) {
        setFilterText({});
        emit filterTextChanged({});
    }
    selectRow(m_model.rowOf(key));
}

void FlagsPage::showCurrent()
{
    const QModelIndex current = m_queue->currentIndex();
    const bool has = current.isValid() && current.row() < m_model.rowCount();
    m_decisions->setCanDecide(has);
    m_detailStack->setCurrentWidget(has ? static_cast<QWidget*>(m_detail) : m_detailState);
    if (!has) {
        m_shown.reset();
        m_detail->clear();
        return;
    }
    const domain::RecordedFlag& flag = m_model.row(current.row());
    const bool changed = !m_shown || m_shown->flag.key != flag.flag.key;
    const bool reviewed = changed || m_shown->lastReview != flag.lastReview;
    m_shown = flag;
    m_detail->setFlag(flag);
    m_detail->setCaseSize(m_model.caseOf(flag.flag.key).size());
    const int next = current.row() + 1;
    if (changed)
        m_parts.ask(flag.flag, next < m_model.rowCount() ? &m_model.row(next).flag : nullptr);
    if (reviewed)
        m_parts.askReviews(flag.flag.key);
}

void FlagsPage::decide(domain::Decision decision)
{
    if (!m_shown)
        return;
    // The flags are copied first: an answer may come while the loop runs and take rows away.
    std::vector<domain::RecordedFlag> flags;
    int last = 0;
    for (const QModelIndex& index : m_queue->selectionModel()->selectedRows()) {
        flags.push_back(m_model.row(index.row()));
        last = std::max(last, index.row());
    }
    if (flags.empty()) { // what is on screen is meant
        flags.push_back(*m_shown);
        last = std::max(0, m_model.rowOf(m_shown->flag.key));
    }
    std::optional<domain::UtcTime> until;
    if (decision == domain::Decision::Snooze)
        until = now() + kSnoozeFor;
    const std::string reason = m_decisions->takeReason().toStdString();
    for (const domain::RecordedFlag& flag : flags) {
        if (flag.state == domain::FlagState::Voided)
            emit noticed(tr("%1 is voided; restore its void on the Voids page before deciding anew.")
                             .arg(tables::shown(flag.flag.key.text)));
        else
            m_review.decide(flag, decision, reason, until);
    }
    m_queue->setFocus();
    m_queue->selectRow(std::min(last + 1, m_model.rowCount() - 1));
}

void FlagsPage::move(int rows)
{
    const int row = std::clamp(m_queue->currentIndex().row() + rows, 0, std::max(0, m_model.rowCount() - 1));
    if (m_model.rowCount() > 0)
        m_queue->selectRow(row);
}

void FlagsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    const bool narrow = window()->width() <= kNarrowWindow;
    m_detail->setNarrow(narrow);
    m_queue->setColumnHidden(static_cast<int>(tables::FlagQueueModel::Column::Age), narrow);
}

} // namespace scr::pages
