#include "shell/seal_status.h"

#include <chrono>

#include "tables/cell_text.h"
#include "tables/seal_tables.h"
#include "widgets/status_strip.h"

namespace scr::shell {

namespace {

constexpr int kAgesMillis = 1000;

} // namespace

SealStatus::SealStatus(Workspace& workspace, widgets::StatusStrip& status, QObject* parent) :
    QObject{parent}, m_workspace{workspace}, m_status{status}
{
    connect(&workspace.seal, &jobs::SealJob::looked, this, &SealStatus::present);
    connect(&workspace.seal, &jobs::SealJob::verificationEnded, this, &SealStatus::present);
    connect(&m_ages, &QTimer::timeout, this, &SealStatus::present);
    m_ages.start(kAgesMillis);
    if (workspace.source.isEvidence)
        workspace.seal.look(); // a pack stays as it is
    else
        workspace.seal.start();
}

void SealStatus::present()
{
    using theme::Role;
    const auto& reading = m_workspace.seal.reading();
    if (!reading)
        return;
    if (!*reading) {
        const bool isUnsealed = reading->error().fault == domain::Fault::NotFound;
        m_status.setSeal(isUnsealed ? tr("not sealed") : tr("seal not known"), isUnsealed ? Role::Text2 : Role::WarningText);
        return;
    }
    const auto now = std::chrono::time_point_cast<domain::Micros>(std::chrono::system_clock::now());
    const auto& verified = m_workspace.seal.verified();
    const bool isBroken = (*reading)->report.findingCount > 0 || !(*reading)->alarms.empty();
    if (verified && verified->findingCount > 0)
        m_status.setSeal(
            tr("sealed · %1").arg(tables::countText(static_cast<std::int64_t>(verified->findingCount), "finding", "findings")),
            Role::DangerText);
    else
        m_status.setSeal(tables::sealStatusText(**reading, now), isBroken                                     ? Role::DangerText
                                                                 : tables::isSealLate(**reading)              ? Role::WarningText
                                                                 : m_workspace.source.isEvidence && !verified ? Role::Text2
                                                                                                              : Role::OkText);
}

} // namespace scr::shell
