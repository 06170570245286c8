#pragma once

#include <QObject>

#include "actions/answer.h"
#include "shell/workspace.h"

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
    [[nodiscard]] bool isRecording() const { return m_recorded.isRunning(); }

signals:
    void noticed(const QString& sentence);
    void flagsChanged();

private:
    void takeScan(const domain::Result<detect::ScanReport>& report);
    void takeRecorded(const domain::Result<std::int64_t>& recorded);
    void takeDecoys(const domain::Result<detect::DecoyAudit>& audit);

    Workspace& m_workspace;
    JobBar& m_jobs;
    QWidget& m_window;
    std::uint64_t m_scannedFlags = 0;
    double m_falseADay = 0; ///< flags that chance raises, at most
    actions::Pending<domain::Result<std::int64_t>> m_recorded;
};

} // namespace scr::shell
