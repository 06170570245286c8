#include "shell/main_window.h"

#include <algorithm>
#include <utility>

#include <QCloseEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include "dialogs/keys_dialog.h"
#include "pages/audit_page.h"
#include "pages/controls_page.h"
#include "pages/flags_page.h"
#include "pages/leaderboard_page.h"
#include "pages/voids_page.h"
#include "pages/votes_page.h"
#include "shell/appearance_menu.h"
#include "shell/doubt_banner.h"
#include "shell/exports.h"
#include "shell/job_bar.h"
#include "shell/live_status.h"
#include "shell/pack_status.h"
#include "shell/scan_control.h"
#include "shell/seal_status.h"
#include "shell/settling.h"
#include "shell/source_status.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/banner.h"
#include "widgets/buttons.h"
#include "widgets/filter_bar.h"
#include "widgets/nav_rail.h"
#include "widgets/status_strip.h"
#include "widgets/text_label.h"
#include "widgets/time_range_button.h"

namespace scr::shell {

namespace {

constexpr int kCompactBelow = 1280;
constexpr int kNoticeMillis = 12'000;

domain::UtcTime now()
{
    return std::chrono::time_point_cast<domain::Micros>(std::chrono::system_clock::now());
}

} // namespace

MainWindow::MainWindow(Workspace& workspace, QWidget* parent) : QWidget{parent}, m_workspace{workspace}
{
    setWindowTitle(tr("%1 – Scrutineer").arg(QString::fromStdString(workspace.source.service)));
    setMinimumSize(1152, 720);
    m_rail = new widgets::NavRail{tr("Scrutineer")};
    m_stack = new QStackedWidget;
    m_status = new widgets::StatusStrip;
    m_readOnly = new widgets::Banner;
    m_doubt = new DoubtBanner{workspace.moderation};
    m_jobs = new JobBar{workspace, *m_status, this};
    m_live = new LiveStatus{workspace, *m_status, this};
    m_scans = new ScanControl{workspace, *m_jobs, *this};
    m_exports = new Exports{workspace, *m_jobs, *this, [this] { return queryShown(); }};
    m_settling = new Settling{workspace, *m_scans, *m_doubt, this};
    auto* outer = new QVBoxLayout{this};
    auto* middle = new QHBoxLayout;
    auto* right = new QVBoxLayout;
    for (QBoxLayout* layout :
         {static_cast<QBoxLayout*>(outer), static_cast<QBoxLayout*>(middle), static_cast<QBoxLayout*>(right)}) {
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
    }
    right->addWidget(makeTopBar());
    right->addWidget(m_readOnly);
    right->addWidget(m_doubt);
    right->addWidget(m_stack, 1);
    middle->addWidget(m_rail);
    middle->addLayout(right, 1);
    outer->addLayout(middle, 1);
    outer->addWidget(m_status);
    makePages();
    wireJobs();
    makeStatus();
    m_rail->setUser(workspace.source.isEvidence ? tr("read-only") : tables::shown(workspace.source.login));
    m_flagsPage->setOwnLogin(workspace.elevatedLabel);
    connect(m_status, &widgets::StatusStrip::sourceClicked, this, &MainWindow::connectWanted);
    m_rail->addCommand(QStringLiteral("keys"), theme::Icon::Info, tr("Keys"), QStringLiteral("F1"));
    connect(m_rail, &widgets::NavRail::commandTriggered, this, &MainWindow::showShortcuts);
    connect(m_rail, &widgets::NavRail::currentChanged, this, &MainWindow::showPage);
    m_rail->setCurrent(QStringLiteral("flags"));
    setTimeRange(m_time->range());
    readUnfinished();
}

MainWindow::~MainWindow() = default;

QWidget* MainWindow::makeTopBar()
{
    auto* bar = new widgets::Band{theme::Role::Window, widgets::Band::Edge::Bottom};
    bar->setFixedHeight(theme::kTopBar);
    auto* layout = new QHBoxLayout{bar};
    layout->setContentsMargins(12, 0, 12, 0);
    layout->setSpacing(12);
    const domain::Source& source = m_workspace.source;
    m_time = new widgets::TimeRangeButton{source.isEvidence ? [at = source.readAt] { return at; }
                                                            : widgets::TimeRangeButton::Now{now}};
    m_filter = new widgets::FilterBar;
    QToolButton* menu = widgets::makeToolButton(theme::Icon::More, tr("Menu"), this);
    menu->setPopupMode(QToolButton::InstantPopup);
    menu->setMenu(makeMenu());
    menu->setObjectName(QStringLiteral("menu"));
    layout->addWidget(m_time);
    layout->addWidget(m_filter, 1);
    layout->addStretch(0); // takes the room on pages without a filter
    layout->addWidget(menu);
    connect(m_time, &widgets::TimeRangeButton::rangeChanged, this, &MainWindow::setTimeRange);
    connect(m_filter, &widgets::FilterBar::filterChanged, this, [this](const QString& text) {
        if (pages::Page* shown = page(m_rail->current()))
            shown->setFilterText(text);
    });
    connect(m_filter, &widgets::FilterBar::refused, this, &MainWindow::notice);
    return bar;
}

void MainWindow::makeStatus()
{
    new SealStatus{m_workspace, *m_status, this};
    if (!m_workspace.source.isEvidence) {
        new SourceStatus{m_workspace.source, *m_status, *m_readOnly, *this};
        return;
    }
    new PackStatus{m_workspace, *m_status, *m_readOnly, *this};
    m_status->setLive({}, theme::Role::Text2);
    for (const Entry& entry : m_pages)
        entry.page->setReadOnly();
}

QMenu* MainWindow::makeMenu()
{
    auto* menu = new QMenu{this};
    if (!m_workspace.source.isEvidence) { // nothing is found anew in a pack
        menu->addAction(tr("Scan now"), QKeySequence{Qt::Key_F5}, m_scans, &ScanControl::startScan);
        menu->addAction(m_live->action());
        menu->addAction(tr("Audit the detectors with decoys…"), m_scans, &ScanControl::startDecoys);
        menu->addAction(m_scans->lastScanAction());
    }
    menu->addAction(tr("Read again"), QKeySequence{Qt::CTRL | Qt::Key_R}, this, &MainWindow::refreshAll);
    menu->addActions(m_exports->actions());
    menu->addSeparator();
    menu->addAction(tr("Connect to another source…"), QKeySequence{Qt::CTRL | Qt::Key_O}, this, &MainWindow::connectWanted);
    m_appearance = new AppearanceMenu{this};
    menu->addMenu(m_appearance);
    connect(m_appearance, &AppearanceMenu::schemeWanted, this, &MainWindow::schemeWanted);
    menu->addAction(tr("Keys"), this, &MainWindow::showShortcuts)
        ->setShortcuts({QKeySequence{Qt::Key_F1}, QKeySequence{Qt::Key_Question}});
    menu->addSeparator();
    menu->addAction(tr("Quit"), QKeySequence{Qt::CTRL | Qt::Key_Q}, this, &QWidget::close);
    addActions(menu->actions());
    return menu;
}

void MainWindow::makePages()
{
    using theme::Icon;
    m_flagsPage = new pages::FlagsPage{m_workspace.flags, m_workspace.votes, m_workspace.review};
    m_voidsPage = new pages::VoidsPage{m_workspace.voids, m_workspace.voiding};
    m_voidsPage->setSource(m_workspace.source, m_workspace.elevatedLabel);
    addPage(QStringLiteral("flags"), static_cast<int>(Icon::Flag), tr("Flags"), m_flagsPage);
    addPage(QStringLiteral("votes"), static_cast<int>(Icon::Votes), tr("Votes"), new pages::VotesPage{m_workspace.votes});
    auto* leaderboard = new pages::LeaderboardPage{m_workspace.leaderboard, m_workspace.pool};
    addPage(QStringLiteral("leaderboard"), static_cast<int>(Icon::Leaderboard), tr("Leaderboard"), leaderboard);
    connect(
        leaderboard, &pages::LeaderboardPage::exportWanted, this,
        [this](const QString& path, const std::string& detail, const std::function<std::function<domain::Status()>()>& prepare) {
            if (m_workspace.exporting.isRunning())
                notice(tr("First the file that is being written."));
            else
                m_workspace.exporting.start(path, detail, prepare());
        });
    auto* auditPage = new pages::AuditPage{m_workspace.audit, m_workspace.seal};
    connect(auditPage, &pages::AuditPage::verificationStarted, m_jobs, &JobBar::beginVerification);
    connect(m_status, &widgets::StatusStrip::sealClicked, this, [this] { showPage(QStringLiteral("audit")); });
    addPage(QStringLiteral("audit"), static_cast<int>(Icon::Audit), tr("Audit log"), auditPage);
    addPage(QStringLiteral("voids"), static_cast<int>(Icon::Void), tr("Voids"), m_voidsPage);
    auto* controls = new pages::ControlsPage{m_workspace.controls, m_workspace.accepting};
    addPage(QStringLiteral("controls"), static_cast<int>(Icon::Shield), tr("Controls"), controls);
    connect(controls, &pages::ControlsPage::checkStarted, m_jobs, &JobBar::beginControls);
    connect(controls, &pages::ControlsPage::failingChanged, this,
            [this](int count) { m_rail->setCount(QStringLiteral("controls"), count > 0 ? count : -1, true); });
    wireFlags(*m_flagsPage, *m_voidsPage);
    // A shortcut and not a key event: a table would take the key for its search. Fields that are typed into keep it.
    auto* slash = new QShortcut{QKeySequence{Qt::Key_Slash}, this};
    connect(slash, &QShortcut::activated, this, [this] {
        if (m_filter->isVisible())
            m_filter->focusInput();
    });
    for (std::size_t i = 0; i < m_pages.size(); ++i) {
        auto* key = new QShortcut{QKeySequence{Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + static_cast<int>(i))}, this};
        connect(key, &QShortcut::activated, this, [this, id = m_pages[i].id] { showPage(id); });
    }
}

void MainWindow::addPage(const QString& id, int icon, const QString& name, pages::Page* page)
{
    m_pages.push_back({id, page});
    m_stack->addWidget(page);
    m_rail->addPage(id, static_cast<theme::Icon>(icon), name);
    connect(page, &pages::Page::noticed, this, &MainWindow::notice);
    connect(page, &pages::Page::timeRangeWanted, m_time, &widgets::TimeRangeButton::setRange);
    connect(page, &pages::Page::filterTextChanged, this, [this, id](const QString& text) {
        if (m_rail->current() == id)
            m_filter->setFilterText(text);
    });
}

void MainWindow::wireFlags(pages::FlagsPage& flags, pages::VoidsPage& voids)
{
    connect(&flags, &pages::FlagsPage::scanWanted, m_scans, &ScanControl::startScan);
    connect(m_scans, &ScanControl::foundNothing, &flags, &pages::FlagsPage::setScannedInVain);
    connect(&flags, &pages::FlagsPage::openCountChanged, this,
            [this](int count) { m_rail->setCount(QStringLiteral("flags"), count); });
    connect(&flags, &pages::FlagsPage::voidWanted, this, [this, &voids](const std::vector<domain::FlagKey>& keys) {
        showPage(QStringLiteral("voids"));
        voids.previewVoid(keys);
    });
    connect(&voids, &pages::VoidsPage::flagWanted, this, [this, &flags](const domain::FlagKey& flag) {
        showPage(QStringLiteral("flags"));
        flags.showFlag(flag);
    });
    connect(&voids, &pages::VoidsPage::waitingCountChanged, this,
            [this](int count) { m_rail->setCount(QStringLiteral("voids"), count > 0 ? count : -1); });
    connect(&voids, &pages::VoidsPage::committed, this, [this](const domain::VoidReceipt& receipt) {
        m_workspace.review.forgetUndo(); // what it would take back stands on other ground now
        notice(tr("%1 %2").arg(tables::countText(receipt.votes, "vote", "votes"),
                               receipt.kind == domain::RequestKind::Void ? tr("voided") : tr("put back")));
        for (const Entry& entry : m_pages) {
            if (entry.page != m_voidsPage)
                entry.page->refresh();
        }
    });
}

void MainWindow::wireJobs()
{
    connect(m_jobs, &JobBar::noticed, this, &MainWindow::notice);
    connect(m_scans, &ScanControl::noticed, this, &MainWindow::notice);
    connect(m_settling, &Settling::noticed, this, &MainWindow::notice);
    connect(m_scans, &ScanControl::flagsChanged, this, &MainWindow::refreshFlags);
    connect(m_live, &LiveStatus::noticed, this, &MainWindow::notice);
    connect(m_live, &LiveStatus::flagsRecorded, this, &MainWindow::refreshFlags);
    connect(m_live, &LiveStatus::liveChanged, this, &MainWindow::liveChanged);
    connect(m_exports, &Exports::noticed, this, &MainWindow::notice);
    connect(&m_workspace.exporting, &actions::ExportAction::finished, this,
            [this](const QString& path, const domain::Status& status) {
                notice(status ? tr("Written to %1").arg(path) : tables::shown(domain::sentenceOf(status.error())));
                if (!status && status.error().fault == domain::Fault::InDoubt)
                    readUnfinished();
            });
    connect(m_doubt, &DoubtBanner::settled, this, [this](const std::vector<domain::RequestId>& requests) {
        const actions::VoidAction& voiding = m_workspace.voiding;
        if (voiding.stage() == actions::VoidAction::Stage::InDoubt &&
            std::find(requests.begin(), requests.end(), voiding.request()) != requests.end())
            m_workspace.voiding.cancel();
        refreshAll();
    });
    connect(m_doubt, &DoubtBanner::noticed, this, &MainWindow::notice);
    connect(&m_workspace.voiding, &actions::VoidAction::stageChanged, this, [this](actions::VoidAction::Stage stage) {
        // In doubt the preview itself offers to send again.
        if (stage == actions::VoidAction::Stage::Idle || stage == actions::VoidAction::Stage::Done)
            readUnfinished();
    });
    connect(&m_workspace.review, &actions::ReviewAction::failed, this,
            [this](const domain::FlagKey&, const domain::Error& error) {
                if (error.fault == domain::Fault::InDoubt)
                    readUnfinished();
            });
    connect(&m_workspace.accepting, &actions::AcceptAction::finished, this,
            [this](const domain::AcceptOrder&, const domain::Status& status) {
                if (!status && status.error().fault == domain::Fault::InDoubt)
                    readUnfinished();
            });
    m_noticeTimer.setSingleShot(true);
    m_noticeTimer.setInterval(kNoticeMillis);
    connect(&m_noticeTimer, &QTimer::timeout, this, [this] { m_status->setNotice({}); });
}

void MainWindow::setScheme(theme::Scheme scheme)
{
    m_appearance->setScheme(scheme);
}

pages::Page* MainWindow::page(const QString& id) const
{
    for (const Entry& entry : m_pages) {
        if (entry.id == id)
            return entry.page;
    }
    return nullptr;
}

void MainWindow::showPage(const QString& id)
{
    pages::Page* wanted = page(id);
    if (wanted == nullptr)
        return;
    m_rail->setCurrent(id);
    m_stack->setCurrentWidget(wanted);
    m_filter->setParser([wanted](const QString& text) { return wanted->parseFilter(text); });
    const QString placeholder = wanted->filterPlaceholder();
    m_filter->setPlaceholder(placeholder);
    m_filter->setVisible(!placeholder.isEmpty());
    m_filter->setFilterText(wanted->filterText());
    wanted->setFocus();
}

void MainWindow::setTimeRange(const domain::TimeRange& range)
{
    m_range = range;
    for (const Entry& entry : m_pages)
        entry.page->setTimeRange(range);
}

void MainWindow::refreshAll()
{
    for (const Entry& entry : m_pages)
        entry.page->refresh();
}

/// What a scan changes. Whoever reads votes or the log meanwhile keeps the place.
void MainWindow::refreshFlags()
{
    m_flagsPage->refresh();
    page(QStringLiteral("leaderboard"))->refresh();
}

void MainWindow::setLive(bool isLive)
{
    m_live->setLive(isLive);
}

void MainWindow::readUnfinished()
{
    // One that is on its way is unfinished too, and none of anybody's concern yet.
    if (m_workspace.voiding.stage() != actions::VoidAction::Stage::Committing && !m_workspace.review.isBusy() &&
        !m_workspace.accepting.isRunning())
        m_doubt->look();
}

query::Query MainWindow::queryShown() const
{
    query::Query query{{}, m_range};
    const bool areVotesShown = m_rail->current() == QStringLiteral("votes");
    if (const auto filter = query::parseFilter(page(QStringLiteral("votes"))->filterText().toStdString());
        filter && areVotesShown)
        query.filter = *filter;
    return query;
}

void MainWindow::notice(const QString& sentence)
{
    m_status->setNotice(sentence);
    m_noticeTimer.start();
}

void MainWindow::showShortcuts()
{
    (new dialogs::KeysDialog{m_workspace.source.isEvidence, this})->open();
}

void MainWindow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_rail->setCompact(width() <= kCompactBelow);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    event->setAccepted(m_settling->beingWritten().isEmpty());
    if (!event->isAccepted())
        whenSettled([this] { close(); });
}

void MainWindow::whenSettled(std::function<void()> act)
{
    m_settling->wait(std::move(act));
}

} // namespace scr::shell
