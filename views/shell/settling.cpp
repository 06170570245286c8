#include "shell/settling.h"

#include <utility>

#include "shell/doubt_banner.h"
#include "shell/scan_control.h"
#include "tables/cell_text.h"

namespace scr::shell {

namespace {

constexpr int kSettleMillis = 50;

} // namespace

Settling::Settling(const Workspace& workspace, const ScanControl& scans, const DoubtBanner& doubt, QObject* parent) :
    QObject{parent}, m_workspace{workspace}, m_scans{scans}, m_doubt{doubt}
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kSettleMillis);
    connect(&m_timer, &QTimer::timeout, this, &Settling::settle);
}

QString Settling::beingWritten() const
{
    if (m_workspace.voiding.stage() == actions::VoidAction::Stage::Committing)
        return tr("A void is being committed");
    if (const int waiting = m_workspace.review.waiting(); waiting > 0)
        return tr("%1 still being written").arg(tables::countText(waiting, "decision is", "decisions are"));
    if (m_workspace.accepting.isRunning())
        return tr("A decision about a risk is being written");
    if (m_scans.isRecording())
        return tr("Flags are being recorded");
    if (m_doubt.isSending())
        return tr("A request is being sent again");
    if (m_workspace.report.isRunning())
        return tr("A report is being written");
    if (m_workspace.packing != nullptr && m_workspace.packing->isRunning())
        return tr("An evidence pack is being made");
    if (m_workspace.exporting.isRunning())
        return tr("A file is being written");
    return {};
}

void Settling::wait(std::function<void()> act)
{
    m_act = std::move(act);
    settle();
}

void Settling::settle()
{
    if (!m_act)
        return;
    if (const QString writing = beingWritten(); !writing.isEmpty()) {
        emit noticed(tr("%1; this goes on when it is done.").arg(writing));
        m_timer.start();
        return;
    }
    std::exchange(m_act, {})();
}

} // namespace scr::shell
