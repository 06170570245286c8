#include "settings/seen_logs.h"

#include <filesystem>

#include <QCryptographicHash>
#include <QFile>
#include <QSaveFile>
#include <QString>

#include "settings/state_dirs.h"

namespace scr::settings {

namespace {

/// A label may hold what no file name may.
std::filesystem::path fileOf(const domain::ConnectionTarget& target)
{
    const QByteArray name =
        QCryptographicHash::hash(QByteArray::fromStdString(labelOf(target)), QCryptographicHash::Sha256).toHex().left(16);
    return seenLogDirectory() / (name.toStdString() + ".json");
}

} // namespace

domain::Result<std::optional<std::string>> keptLog(const domain::ConnectionTarget& target)
{
    QFile file{QString::fromStdString(fileOf(target).string())};
    if (!file.exists())
        return std::nullopt;
    if (!file.open(QIODevice::ReadOnly))
        return domain::failure(domain::Fault::Unavailable,
                               file.fileName().toStdString() + " cannot be read: " + file.errorString().toStdString(),
                               "It is what was seen of the log: make it readable, do not delete it");
    const QByteArray kept = file.readAll();
    if (kept.isEmpty() || file.error() != QFileDevice::NoError)
        return domain::failure(domain::Fault::Corrupt,
                               file.fileName().toStdString() + " is empty or could not be read to its end",
                               "It held what was seen of the log: find out who emptied it, then move it away");
    return std::optional{kept.toStdString()};
}

domain::Status keepLog(const domain::ConnectionTarget& target, const std::string& json)
{
    const std::filesystem::path path = fileOf(target);
    std::error_code problem;
    std::filesystem::create_directories(path.parent_path(), problem);
    QSaveFile file{QString::fromStdString(path.string())};
    if (problem || !file.open(QIODevice::WriteOnly) || file.write(QByteArray::fromStdString(json)) < 0 || !file.commit())
        return domain::failure(domain::Fault::Unavailable,
                               path.string() +
                                   " could not be written: " + (problem ? problem.message() : file.errorString().toStdString()),
                               "What was kept before stands. Make room or the folder writable, and check again");
    return domain::Nothing{};
}

} // namespace scr::settings
