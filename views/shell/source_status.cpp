#include "shell/source_status.h"

#include <chrono>

#include "dialogs/write_access_dialog.h"
#include "tables/cell_text.h"
#include "widgets/banner.h"
#include "widgets/status_strip.h"

namespace scr::shell {

namespace {

constexpr std::chrono::seconds kTick{1};

/// A socket's folder says nothing to the reader of a status bar.
QString placeOf(const domain::Source& source)
{
    const QString server = source.server.starts_with('/') ? SourceStatus::tr("local socket") : tables::shown(source.server);
    return QStringLiteral("%1/%2").arg(server, tables::shown(source.database));
}

} // namespace

SourceStatus::SourceStatus(const domain::Source& source, widgets::StatusStrip& status, widgets::Banner& banner, QWidget& window) :
    QObject{&window}, m_source{source}, m_status{status}, m_banner{banner}, m_window{window}
{
    fill();
    if (!m_source.writeAccess.empty())
        warn();
    connect(&m_status, &widgets::StatusStrip::lockClicked, this, &SourceStatus::showProof);
    connect(&m_banner, &widgets::Banner::buttonClicked, this, &SourceStatus::showProof);
    const auto tick = [this] {
        const auto now = std::chrono::time_point_cast<domain::Micros>(std::chrono::system_clock::now());
        m_status.setClock(tables::dateTimeText(now) + tr(" UTC"));
    };
    connect(&m_clock, &QTimer::timeout, this, tick);
    m_clock.start(kTick);
    tick();
}

void SourceStatus::fill()
{
    const bool proved = m_source.writeAccess.empty();
    m_status.setEnvironment(m_source.environment);
    m_status.setSource(QStringLiteral("%1 · %2").arg(tables::shown(m_source.service), placeOf(m_source)));
    m_status.setLock(proved ? tr("read-only, proved") : tr("not read-only: %1").arg(m_source.writeAccess.size()), proved);
}

void SourceStatus::warn()
{
    m_banner.present(widgets::Banner::Kind::Danger,
                     tr("Not read-only: this login has %1 ways to write.").arg(m_source.writeAccess.size()),
                     tables::shown(m_source.writeAccess.front().what), tr("Show all"));
}

void SourceStatus::showProof()
{
    auto* dialog = new dialogs::WriteAccessDialog{m_source, &m_window};
    dialog->open();
}

} // namespace scr::shell
