#include "settings/memory.h"

#include <memory>

#include <QSettings>

namespace scr::settings {

namespace {

const QString kScheme = QStringLiteral("appearance");
const QString kService = QStringLiteral("service");
const QString kLive = QStringLiteral("live");
const QString kGeometry = QStringLiteral("geometry");

std::unique_ptr<QSettings> openStore()
{
    return std::make_unique<QSettings>(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("scrutineer"),
                                       QStringLiteral("console"));
}

} // namespace

Memory readMemory()
{
    const auto settings = openStore();
    Memory memory;
    memory.scheme = settings->value(kScheme, QString::fromStdString(memory.scheme)).toString().toStdString();
    memory.service = settings->value(kService).toString().toStdString();
    memory.live = settings->value(kLive, false).toBool();
    memory.geometry = settings->value(kGeometry).toByteArray();
    return memory;
}

void writeMemory(const Memory& memory)
{
    const auto settings = openStore();
    settings->setValue(kScheme, QString::fromStdString(memory.scheme));
    settings->setValue(kService, QString::fromStdString(memory.service));
    settings->setValue(kLive, memory.live);
    settings->setValue(kGeometry, memory.geometry);
}

} // namespace scr::settings
