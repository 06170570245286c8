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
    if (isRunning())
        return false;
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
        emit finished(m_path, status);
}

void ExportAction::takeLogged(const domain::Status& status)
{
    if (status) {
        emit finished(m_path, status);
        return;
    }
    domain::Error error = status.error();
    error.detail = m_path.toStdString() + " was written, but the audit log does not say so: " + error.detail;
    emit finished(m_path, tl::unexpected<domain::Error>{std::move(error)});
}

} // namespace scr::actions
