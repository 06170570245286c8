#include "shell/scan_control.h"

#include <algorithm>

#include <QAction>

#include "dialogs/decoy_dialog.h"
#include "shell/job_bar.h"
#include "tables/cell_text.h"

namespace scr::shell {

ScanControl::ScanControl(Workspace& workspace, JobBar& jobs, QWidget& window) :
    QObject{&window}, m_workspace{workspace}, m_jobs{jobs}, m_window{window},
    m_lastScan{new QAction{tr("What the last scan looked at…"), this}}, m_recorded{this, &ScanControl::takeRecorded}
{
    m_lastScan->setEnabled(false);
    connect(m_lastScan, &QAction::triggered, this, [this] { (new dialogs::ScanDialog{m_summary, &m_window})->open(); });
    connect(&m_workspace.scan, &jobs::ScanJob::finished, this, &ScanControl::takeScan);
    connect(&m_workspace.decoys, &jobs::DecoyJob::finished, this, &ScanControl::takeDecoys);
}

void ScanControl::startScan()
{
    if (m_workspace.scan.isRunning())
        return;
    m_jobs.beginScan();
    m_workspace.startScan();
}

void ScanControl::startDecoys()
{
    if (m_workspace.decoys.isRunning())
        return;
    m_jobs.beginDecoys();
    m_workspace.startDecoys();
}

void ScanControl::takeDecoys(const domain::Result<detect::DecoyAudit>& audit)
{
    if (audit)
        (new dialogs::DecoyDialog{*audit, &m_window})->open();
    else
        emit noticed(audit.error().fault == domain::Fault::Cancelled ? tr("The audit was stopped.")
                                                                     : tables::shown(domain::sentenceOf(audit.error())));
}

void ScanControl::takeScan(const domain::Result<detect::ScanReport>& report)
{
    if (!report) {
        emit noticed(report.error().fault == domain::Fault::Cancelled ? tr("The scan was stopped; nothing was recorded.")
                                                                      : tables::shown(domain::sentenceOf(report.error())));
        return;
    }
    m_scannedFlags = report->flags.size();
    m_summary = dialogs::summaryOf(*report);
    m_lastScan->setEnabled(true);
    if (report->flags.empty()) {
        emit noticed(
            tr("%1 scanned, nothing found.").arg(tables::countText(static_cast<std::int64_t>(report->votes), "vote", "votes")) +
            skippedText());
        emit foundNothing(static_cast<qint64>(report->votes));
        emit flagsChanged();
        return;
    }
    m_recorded.wait(m_workspace.moderation.record(report->flags));
}

void ScanControl::takeRecorded(const domain::Result<std::int64_t>& recorded)
{
    if (!recorded) {
        emit noticed(tr("%1 found but not recorded: %2")
                         .arg(tables::countText(static_cast<std::int64_t>(m_scannedFlags), "flag", "flags"),
                              tables::shown(domain::sentenceOf(recorded.error()))));
        return;
    }
    emit noticed(tr("%1 found, %2 new. By chance at most %3 a day come up at this traffic.")
                     .arg(tables::countText(static_cast<std::int64_t>(m_scannedFlags), "flag", "flags"),
                          tables::numberText(static_cast<double>(*recorded)), QString::number(m_summary.falseADay, 'g', 2),
                          skippedText()));
    emit flagsChanged();
}

/// Points to where the reasons stand.
QString ScanControl::skippedText() const
{
    const auto skipped = static_cast<std::int64_t>(m_summary.notRun());
    return skipped == 0 ? QString{}
                        : tr(" %1 did not run: the menu says why.").arg(tables::countText(skipped, "detector", "detectors"));
}

} // namespace scr::shell
