#include "settings/log_memory.h"

#include <filesystem>

#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QString>

#include "settings/state_dirs.h"

namespace scr::settings {

std::string memoryFileOf(const domain::ConnectionTarget& target)
{
    // A label may hold what no file name may.
    const QByteArray name =
        QCryptographicHash::hash(QByteArray::fromStdString(labelOf(target)), QCryptographicHash::Sha256).toHex().left(16);
    return logMemoryDirectory() / (name.toStdString() + ".json");
}

domain::Result<std::optional<audit::KnownLog>> knownLog(const domain::ConnectionTarget& target)
{
    QFile file{QString::fromStdString(memoryFileOf(target))};
    if (!file.exists())
        return std::nullopt;
    const bool opened = file.open(QIODevice::ReadOnly);
    const QJsonObject object = opened ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject{};
    if (!opened || !object.value(QLatin1String{"verifier"}).isString() || !object.value(QLatin1String{"notes"}).isObject())
        return domain::failure(domain::Fault::Corrupt,
                               file.fileName().toStdString() + " cannot be read, or is not what was written",
                               "It is what was seen of the log: find out who changed it, then move it away");
    audit::KnownLog log{object.value(QLatin1String{"verifier"}).toString().toStdString(),
                        object.value(QLatin1String{"confirmed"}).toBool(),
                        {},
                        {}};
    const QJsonObject notes = object.value(QLatin1String{"notes"}).toObject();
    for (auto note = notes.begin(); note != notes.end(); ++note)
        log.notes.emplace(note.key().toStdString(), note.value().toString().toStdString());
    const QJsonObject witnessed = object.value(QLatin1String{"witnessed"}).toObject();
    for (auto origin = witnessed.begin(); origin != witnessed.end(); ++origin) {
        const QJsonObject sizes = origin.value().toObject();
        for (auto size = sizes.begin(); size != sizes.end(); ++size)
            log.witnessed[origin.key().toStdString()].emplace(size.key().toStdString(),
                                                              static_cast<std::uint64_t>(size.value().toInteger()));
    }
    return log;
}

domain::Status remember(const domain::ConnectionTarget& target, const audit::KnownLog& log)
{
    QJsonObject notes;
    for (const auto& [origin, note] : log.notes)
        notes.insert(QString::fromStdString(origin), QString::fromStdString(note));
    QJsonObject witnessed;
    for (const auto& [origin, sizes] : log.witnessed) {
        QJsonObject of;
        for (const auto& [name, size] : sizes)
            of.insert(QString::fromStdString(name), static_cast<qint64>(size));
        witnessed.insert(QString::fromStdString(origin), of);
    }
    const QJsonObject object{{QStringLiteral("database"), QString::fromStdString(labelOf(target))},
                             {QStringLiteral("verifier"), QString::fromStdString(log.verifier)},
                             {QStringLiteral("confirmed"), log.isConfirmed},
                             {QStringLiteral("notes"), notes},
                             {QStringLiteral("witnessed"), witnessed}};
    const std::filesystem::path path = memoryFileOf(target);
    std::error_code problem;
    std::filesystem::create_directories(path.parent_path(), problem);
    QSaveFile file{QString::fromStdString(path.string())};
    if (problem || !file.open(QIODevice::WriteOnly) || file.write(QJsonDocument{object}.toJson()) < 0 || !file.commit())
        return domain::failure(domain::Fault::Unavailable,
                               path.string() +
                                   " could not be written: " + (problem ? problem.message() : file.errorString().toStdString()),
                               "What was remembered before stands. Make room or the folder writable, and verify again");
    return domain::Nothing{};
}

} // namespace scr::settings
