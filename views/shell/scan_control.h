#pragma once

#include <QObject>

#include "actions/answer.h"
#include "dialogs/scan_dialog.h"
#include "shell/workspace.h"

class QAction;
class QWidget;

namespace scr::shell {

class JobBar;

/// Starts scans and decoy audits and takes what they give: flags are recorded, an audit is shown.
class ScanControl : public QObject {
    Q_OBJECT
public:
    /// `window` is what a dialog opens over, and owns this.
    ScanControl(Workspace& workspace, JobBar& jobs, QWidget& window);

    void startScan();
    void startDecoys();
    /// Shows what the last scan looked at; disabled as long as there was none.
    [[nodiscard]] QAction* lastScanAction() const { return m_lastScan; }
    [[nodiscard]] bool isRecording() const { return m_recorded.isRunning(); }

signals:
    void noticed(const QString& sentence);
    void flagsChanged();
    void foundNothing(qint64 votes); ///< in so many; before flagsChanged

private:
    void takeScan(const domain::Result<detect::ScanReport>& report);
    void takeRecorded(const domain::Result<std::int64_t>& recorded);
    [[nodiscard]] QString skippedText() const;
    void takeDecoys(const domain::Result<detect::DecoyAudit>& audit);

    Workspace& m_workspace;
    JobBar& m_jobs;
    QWidget& m_window;
    std::uint64_t m_scannedFlags = 0;
    dialogs::ScanSummary m_summary; ///< of the last scan
    QAction* m_lastScan;
    actions::Pending<domain::Result<std::int64_t>> m_recorded;
};

} // namespace scr::shell
