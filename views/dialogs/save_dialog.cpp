#include "dialogs/save_dialog.h"

#include <algorithm>

#include <QFileDialog>
#include <QStandardPaths>

namespace scr::dialogs {

namespace {

/// For as long as the program runs.
QString& lastFolder()
{
    static QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    return folder;
}

QString filterOf(const SaveFormat& format)
{
    return format.suffix.isEmpty() ? QStringLiteral("%1 (*)").arg(format.name)
                                   : QStringLiteral("%1 (*.%2)").arg(format.name, format.suffix);
}

QString withSuffix(const QString& base, const QString& suffix)
{
    return suffix.isEmpty() ? base : QStringLiteral("%1.%2").arg(base, suffix);
}

/// The name without the suffix of any of the formats.
QString baseOf(const QString& name, const std::vector<SaveFormat>& formats)
{
    for (const SaveFormat& format : formats) {
        const QString end = QLatin1Char{'.'} + format.suffix;
        if (!format.suffix.isEmpty() && name.endsWith(end, Qt::CaseInsensitive))
            return name.chopped(end.size());
    }
    return name;
}

} // namespace

void askWhereToSave(QWidget& parent, const QString& title, const QString& baseName, const std::vector<SaveFormat>& formats,
                    const std::function<void(const QString& path)>& then)
{
    QStringList filters;
    for (const SaveFormat& format : formats)
        filters << filterOf(format);
    // Not the static getSaveFileName: it would run an event loop of its own inside this call.
    auto* dialog = new QFileDialog{&parent, title};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDirectory(QDir{lastFolder()}.exists() ? lastFolder() : QDir::homePath());
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(formats.front().suffix);
    dialog->selectFile(withSuffix(baseName, formats.front().suffix));
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, formats, baseName](const QString& chosen) {
        const auto format =
            std::find_if(formats.begin(), formats.end(), [&](const SaveFormat& one) { return filterOf(one) == chosen; });
        if (format == formats.end())
            return;
        const QStringList now = dialog->selectedFiles();
        const QString name = now.isEmpty() ? baseName : baseOf(QFileInfo{now.front()}.fileName(), formats);
        dialog->setDefaultSuffix(format->suffix);
        dialog->selectFile(withSuffix(name, format->suffix));
    });
    QObject::connect(dialog, &QFileDialog::fileSelected, &parent, [then](const QString& path) {
        lastFolder() = QFileInfo{path}.absolutePath();
        then(path);
    });
    dialog->open();
}

} // namespace scr::dialogs
