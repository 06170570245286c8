#include "pages/flags_page.h"

#include <algorithm>

#include <QResizeEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "pages/decision_bar.h"
#include "pages/filter_chips.h"
#include "pages/flag_detail.h"
#include "pages/flag_queue.h"
#include "pages/key_dispatcher.h"
#include "tables/cell_text.h"
#include "widgets/banner.h"
#include "widgets/state_pane.h"

namespace scr::pages {

namespace {

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
    m_queue = new FlagQueue{m_model};
    auto* splitter = new QSplitter{Qt::Horizontal};
    splitter->addWidget(m_queue);
    splitter->addWidget(makeDetail());
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setSizes({FlagQueue::kWidth, 1000});
    splitter->setChildrenCollapsible(false);
    layout->addWidget(splitter, 1);
    setFocusProxy(m_queue);
    bindKeys();
    connectQueue();
    connectReview();
    connect(&m_ages, &QTimer::timeout, this, [this] { m_model.setNow(now()); });
    m_ages.start(kAgesEvery);
    connect(m_banner, &widgets::Banner::buttonClicked, m_banner, &widgets::Banner::dismiss);
    setFilterText(FlagQueue::kOpenOnly);
}

void FlagsPage::connectQueue()
{
    connect(m_queue, &FlagQueue::currentChanged, this, &FlagsPage::showCurrent);
    connect(m_queue, &FlagQueue::selectionChanged, this, &FlagsPage::updateCounts);
    connect(m_queue, &FlagQueue::readAgainWanted, this, &FlagsPage::refresh);
    connect(m_queue, &FlagQueue::stopWanted, this, [this] { m_flagsAnswer.forget(); });
    connect(m_queue, &FlagQueue::scanWanted, this, &FlagsPage::scanWanted);
    connect(m_queue, &FlagQueue::filterWanted, this, &FlagsPage::changeFilter);
    connect(m_queue, &FlagQueue::voidWanted, this, &FlagsPage::voidWanted);
}

void FlagsPage::connectReview()
{
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
    connect(&m_review, &actions::ReviewAction::undoCountChanged, m_decisions, &DecisionBar::setUndoCount);
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
        changeFilter(QStringLiteral("case=%1").arg(QString::fromStdString(flag.text)));
    });
    connect(&m_parts, &FlagParts::votesRead, m_detail, &FlagDetail::setVotes);
    connect(&m_parts, &FlagParts::reviewsRead, m_detail, &FlagDetail::setReviews);
    connect(&m_parts, &FlagParts::failed, this, &FlagsPage::noticed);
    connect(m_decisions, &DecisionBar::decided, this, &FlagsPage::decide);
    connect(m_decisions, &DecisionBar::undoWanted, this, [this] { m_review.undo(); });
    connect(m_decisions, &DecisionBar::reasonEntered, this, [this] { m_queue->focusTable(); });
    return pane;
}

void FlagsPage::bindKeys()
{
    auto* keys = new KeyDispatcher{*this};
    keys->on(Qt::Key_J, [this] { m_queue->move(1); }, KeyDispatcher::Repeat::Yes);
    keys->on(Qt::Key_K, [this] { m_queue->move(-1); }, KeyDispatcher::Repeat::Yes);
    keys->on(Qt::Key_C, [this] { decide(domain::Decision::Confirm); });
    keys->on(Qt::Key_D, [this] { decide(domain::Decision::Dismiss); });
    keys->on(Qt::Key_S, [this] { decide(domain::Decision::Snooze); });
    keys->on(Qt::Key_Z, [this] { m_review.undo(); });
    keys->on(Qt::Key_R, [this] {
        if (!m_isReadOnly)
            m_decisions->editReason();
    });
    keys->on(Qt::Key_V, [this] { m_queue->clickVoid(); });
}

void FlagsPage::setReadOnly()
{
    m_isReadOnly = true;
    m_decisions->hide();
    m_queue->setReadOnly();
    changeFilter({}); // it is about what was found and decided, not about what is left to do
}

void FlagsPage::setOwnLogin(const QString& login)
{
    m_queue->setOwnLogin(login);
}

void FlagsPage::setScannedInVain(qint64 votes)
{
    m_queue->setScannedInVain(votes);
}

void FlagsPage::setTimeRange(const domain::TimeRange& range)
{
    m_range = range;
    m_queue->setScannedInVain({});
    refresh();
}

void FlagsPage::refresh()
{
    m_parts.forget();
    m_flagsAnswer.ask(m_flagSource.flags(m_range, FlagQueue::kMostFlags));
    if (m_model.all().empty())
        m_queue->showReading();
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
    m_queue->setFilterText(text);
    if (const auto filter = tables::parseFlagFilter(text.toStdString())) {
        const domain::FlagKey before = m_shown ? m_shown->flag.key : domain::FlagKey{};
        m_model.setFilter(*filter);
        selectRow(std::max(0, m_model.rowOf(before)));
    }
    updateCounts();
    updateQueueState();
}

void FlagsPage::changeFilter(const QString& text)
{
    setFilterText(text);
    emit filterTextChanged(text);
}

void FlagsPage::takeFlags(const domain::Result<ports::FlagList>& list)
{
    if (!list) {
        if (m_model.all().empty()) {
            m_queue->showFailure(list.error());
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
    m_queue->updateState(m_flagsAnswer.isWaiting());
}

void FlagsPage::updateCounts()
{
    emit openCountChanged(m_queue->updateCounts(m_review.waiting()));
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
    if (m_model.rowOf(key) < 0)
        changeFilter({});
    selectRow(m_model.rowOf(key));
}

void FlagsPage::showCurrent()
{
    const int row = m_queue->currentRow();
    const bool has = row >= 0;
    m_decisions->setCanDecide(has);
    m_detailStack->setCurrentWidget(has ? static_cast<QWidget*>(m_detail) : m_detailState);
    if (!has) {
        m_shown.reset();
        m_detail->clear();
        return;
    }
    const domain::RecordedFlag& flag = m_model.row(row);
    const bool changed = !m_shown || m_shown->flag.key != flag.flag.key;
    const bool reviewed = changed || m_shown->lastReview != flag.lastReview;
    m_shown = flag;
    m_detail->setFlag(flag);
    m_detail->setCaseSize(m_model.caseOf(flag.flag.key).size());
    const int next = row + 1;
    if (changed)
        m_parts.ask(flag.flag, next < m_model.rowCount() ? &m_model.row(next).flag : nullptr);
    if (reviewed)
        m_parts.askReviews(flag.flag.key);
}

void FlagsPage::decide(domain::Decision decision)
{
    if (!m_shown || m_isReadOnly)
        return;
    // The flags are copied first: an answer may come while the loop runs and take rows away.
    std::vector<domain::RecordedFlag> flags;
    int last = 0;
    for (const int row : m_queue->selectedRows()) {
        flags.push_back(m_model.row(row));
        last = std::max(last, row);
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
    m_queue->focusTable();
    m_queue->selectRow(std::min(last + 1, m_model.rowCount() - 1));
}

void FlagsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    const bool narrow = window()->width() <= kNarrowWindow;
    m_detail->setNarrow(narrow);
    m_queue->setNarrow(narrow);
}

} // namespace scr::pages
