#pragma once

#include <functional>

#include <QObject>
#include <QTimer>

#include "shell/workspace.h"

namespace scr::shell {

class DoubtBanner;
class ScanControl;

/// Whether anything is being written to the database or a file, and what is to be done when nothing is any more.
class Settling : public QObject {
    Q_OBJECT
public:
    Settling(const Workspace& workspace, const ScanControl& scans, const DoubtBanner& doubt, QObject* parent = nullptr);

    [[nodiscard]] QString beingWritten() const; ///< in words; empty: nothing is
    /// Calls `act` at once, or when the database has answered. An act that comes while another waits takes its place.
    void wait(std::function<void()> act);

signals:
    void noticed(const QString& sentence); ///< what is waited for

private:
    void settle();

    const Workspace& m_workspace;
    const ScanControl& m_scans;
    const DoubtBanner& m_doubt;
    std::function<void()> m_act;
    QTimer m_timer;
};

} // namespace scr::shell
