#include "shell/job_bar.h"

#include <algorithm>

#include "tables/cell_text.h"
#include "widgets/status_strip.h"

namespace scr::shell {

namespace {

constexpr int kDecisionsWorthABar = 10; ///< fewer are written before a bar could be read

} // namespace

JobBar::JobBar(Workspace& workspace, widgets::StatusStrip& status, QObject* parent) :
    QObject{parent}, m_workspace{workspace}, m_status{status}
{
    connect(&workspace.scan, &jobs::ScanJob::progressed, this, [this](int percent, quint64 votes) {
        show(Job::Scan, tr("Scan · %1").arg(tables::countText(static_cast<std::int64_t>(votes), "vote", "votes")), percent);
    });
    connect(&workspace.scan, &jobs::ScanJob::finished, this, [this] { hide(Job::Scan); });
    connect(&workspace.decoys, &jobs::DecoyJob::progressed, this,
            [this](int percent) { show(Job::Decoys, tr("Decoy audit"), percent); });
    connect(&workspace.decoys, &jobs::DecoyJob::finished, this, [this] { hide(Job::Decoys); });
    connect(&workspace.report, &jobs::ReportJob::progressed, this,
            [this](int percent) { show(Job::Report, tr("Report"), percent); });
    connect(&workspace.report, &jobs::ReportJob::finished, this, [this] { hide(Job::Report); });
    connect(&workspace.controls, &jobs::ControlJob::progressed, this,
            [this](int percent) { show(Job::Controls, tr("Controls"), percent); });
    connect(&workspace.controls, &jobs::ControlJob::finished, this, [this] { hide(Job::Controls); });
    connect(&workspace.seal, &jobs::SealJob::progressed, this,
            [this](int percent) { show(Job::Verification, tr("Verifying the log"), percent); });
    connect(&workspace.seal, &jobs::SealJob::verificationEnded, this, [this] { hide(Job::Verification); });
    if (workspace.packing != nullptr) {
        connect(workspace.packing, &jobs::FileJob::progressed, this,
                [this](int percent) { show(Job::Pack, tr("Evidence pack"), percent); });
        connect(workspace.packing, &jobs::FileJob::finished, this, [this] { hide(Job::Pack); });
    }
    followDecisions();
    connect(&status, &widgets::StatusStrip::stopRequested, this, &JobBar::stop);
}

void JobBar::followDecisions()
{
    connect(&m_workspace.review, &actions::ReviewAction::idle, this, [this] {
        hide(Job::Decisions);
        m_decisionsAtOnce = 0;
    });
    connect(&m_workspace.review, &actions::ReviewAction::waitingChanged, this, [this](int waiting) {
        m_decisionsAtOnce = std::max(m_decisionsAtOnce, waiting);
        if (m_decisionsAtOnce > kDecisionsWorthABar)
            show(Job::Decisions, tr("%1 to write").arg(tables::countText(waiting, "decision", "decisions")),
                 (m_decisionsAtOnce - waiting) * 100 / m_decisionsAtOnce);
    });
}

void JobBar::beginScan()
{
    show(Job::Scan, tr("Scan"), 0);
}

void JobBar::beginReport()
{
    show(Job::Report, tr("Report"), 0);
}

void JobBar::beginDecoys()
{
    show(Job::Decoys, tr("Decoy audit"), 0);
}

void JobBar::beginControls()
{
    show(Job::Controls, tr("Controls"), 0);
}

void JobBar::beginVerification()
{
    show(Job::Verification, tr("Verifying the log"), 0);
}

void JobBar::beginPack()
{
    show(Job::Pack, tr("Evidence pack"), 0);
}

void JobBar::show(Job job, const QString& name, int percent)
{
    Running& running = m_running[job];
    if (!running.since.isValid())
        running.since.start();
    running.name = name;
    running.percent = percent;
    present(job);
}

void JobBar::present(Job job)
{
    m_shown = job;
    const Running& running = m_running.at(job);
    m_status.showJob(running.name, running.percent, timeLeft(running));
}

/// In words, once there is enough to go by.
QString JobBar::timeLeft(const Running& running)
{
    constexpr qint64 kSoonest = 3000;
    const qint64 passed = running.since.elapsed();
    if (running.percent < 1 || running.percent >= 100 || passed < kSoonest)
        return {};
    const qint64 seconds = passed * (100 - running.percent) / running.percent / 1000 + 1;
    return seconds < 90 ? tr("about %1 s left").arg(seconds) : tr("about %1 min left").arg((seconds + 30) / 60);
}

void JobBar::hide(Job job)
{
    m_running.erase(job);
    if (!m_running.empty())
        present(m_running.begin()->first);
    else
        m_status.hideJob();
}

void JobBar::stop()
{
    if (!m_running.contains(m_shown))
        return;
    switch (m_shown) {
    case Job::Scan: m_workspace.scan.cancel(); break;
    case Job::Decoys: m_workspace.decoys.cancel(); break;
    case Job::Report: m_workspace.report.cancel(); break;
    case Job::Controls: m_workspace.controls.cancel(); break;
    case Job::Verification: m_workspace.seal.stopVerifying(); break;
    case Job::Pack: m_workspace.packing->cancel(); break;
    case Job::Decisions:
        emit noticed(tr("%1 not written: these flags stay as they were.")
                         .arg(tables::countText(m_workspace.review.dropWaiting(), "decision was", "decisions were")));
        break;
    }
}

} // namespace scr::shell
