#pragma once

#include <functional>
#include <string>

#include <QObject>
#include <QString>
#include <QThreadPool>

#include "actions/answer.h"
#include "domain/result.h"
#include "ports/moderation.h"

namespace scr::actions {

/// Writes a file in the background, then notes in the audit log that data left the house.
class ExportAction : public QObject {
    Q_OBJECT
public:
    using Writer = std::function<domain::Status()>;
    ExportAction(ports::Moderation& moderation, QThreadPool& pool, QObject* parent = nullptr);

    /// `detail` is the line of the log. False, and nothing happens, while another file is being written.
    bool start(const QString& path, const std::string& detail, Writer writer);
    [[nodiscard]] bool isRunning() const noexcept { return m_running; }

signals:
    /// An error may also say that the file is there and the log could not be told.
    void finished(const QString& path, const scr::domain::Status& status);

private:
    void finish(const domain::Status& status);
    void takeWritten(const domain::Status& status);
    void takeLogged(const domain::Status& status);

    ports::Moderation& m_moderation;
    QThreadPool& m_pool;
    bool m_running = false; ///< from the order until it was told what became of it
    QString m_path;
    std::string m_detail;
    Pending<domain::Status> m_written;
    Pending<domain::Status> m_logged;
};

} // namespace scr::actions
