#pragma once

#include <memory>

#include <QThreadPool>

#include "compose/session_ports.h"
#include "shell/workspace.h"

namespace scr::shell {
class MainWindow;
}

namespace scr::compose {

/// Everything that lives while the console is attached to one source, from connections to window; the order of the members is
/// the order of their lives.
class ConsoleSession {
public:
    explicit ConsoleSession(SessionPorts ports);
    ConsoleSession(const ConsoleSession&) = delete;
    ConsoleSession& operator=(const ConsoleSession&) = delete;
    ~ConsoleSession();

    [[nodiscard]] shell::MainWindow& window() { return *m_window; }

private:
    void startPack(const query::Query& query, const QString& path, bool isRedacted);
    [[nodiscard]] std::string verdictOfPack() const;
    void startReport(const domain::TimeRange& period, const QString& path);

    QThreadPool m_pool;
    SessionPorts m_ports;
    actions::ReviewAction m_review;
    actions::VoidAction m_voiding;
    actions::AcceptAction m_accepting;
    jobs::ScanJob m_scan;
    jobs::FollowJob m_follow;
    jobs::DecoyJob m_decoys;
    jobs::ReportJob m_report;
    jobs::ControlJob m_controls;
    jobs::SealJob m_seal;
    jobs::FileJob m_packing;
    actions::ExportAction m_exporting;
    shell::Workspace m_workspace;
    std::unique_ptr<shell::MainWindow> m_window;
};

} // namespace scr::compose
