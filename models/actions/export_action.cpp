#include "actions/export_action.h"

#include <utility>

#include <QtConcurrentRun>

#include "domain/guard.h"

namespace scr::actions {

ExportAction::ExportAction(ports::Moderation& moderation, QThreadPool& pool, QObject* parent) :
    QObject{parent}, m_moderation{moderation}, m_pool{pool}, m_written{this, &ExportAction::takeWritten},
    m_logged{this, &ExportAction::takeLogged}
{
}

bool ExportAction::start(const QString& path, const std::string& detail, Writer writer)
{
    if (m_running)
        return false;
    m_running = true;
    m_path = path;
    m_detail = detail;
    m_written.wait(QtConcurrent::run(&m_pool, [writer = std::move(writer)] { return domain::guarded(writer); }));
    return true;
}

void ExportAction::takeWritten(const domain::Status& status)
{
    if (status)
        m_logged.wait(m_moderation.logExport(m_detail));
    else
        finish(status);
}

void ExportAction::takeLogged(const domain::Status& status)
{
    if (status) {
        finish(status);
        return;
    }
    domain::Error error = status.error();
    const char* but = error.fault == domain::Fault::InDoubt ? " was written, but it is not known whether the audit log says so: "
                                                            : " was written, but the audit log does not say so: ";
    error.detail = m_path.toStdString() + but + error.detail;
    finish(tl::unexpected<domain::Error>{std::move(error)});
}

void ExportAction::finish(const domain::Status& status)
{
    m_running = false;
    emit finished(m_path, status);
}

} // namespace scr::actions
