#include "pack_scene.h"

#include <QDirIterator>
#include <QFile>
#include <QTableView>
#include <QTemporaryDir>

#include "audit/minisign.h"
#include "pages/page.h"
#include "seal/key_file.h"
#include "shell/main_window.h"
#include "tables/audit_pages_model.h"
#include "widgets/banner.h"

namespace scr::shots {

namespace {

/// The first of its kind that is found in the folder, in a file; of the same length.
bool alterIn(const QString& folder, const QByteArray& from, const QByteArray& to)
{
    for (QDirIterator files{folder, QDir::Files, QDirIterator::Subdirectories}; files.hasNext();) {
        QFile file{files.next()};
        if (!file.open(QIODevice::ReadWrite))
            continue;
        QByteArray bytes = file.readAll();
        const auto at = bytes.lastIndexOf(from);
        if (at >= 0) {
            file.seek(at);
            return file.write(to) == to.size();
        }
    }
    return false;
}

bool isVerified(Photographer& photographer)
{
    return photographer.until([&] {
        for (const auto* banner : photographer.window().findChildren<widgets::Banner*>()) {
            if (banner->isVisible() && banner->kind() != widgets::Banner::Kind::Warning &&
                banner->sentence().contains(QStringLiteral("vidence pack")))
                return true;
        }
        return false;
    });
}

void choose(Photographer& photographer, const std::function<bool(const domain::AuditEntry&)>& fits)
{
    for (QTableView* table : photographer.window().findChildren<QTableView*>()) {
        auto* model = qobject_cast<tables::AuditPagesModel*>(table->model());
        for (int row = 0; model != nullptr && row < model->rowCount(); ++row) {
            if (fits(model->row(row))) {
                table->setCurrentIndex(model->index(row, 0));
                photographer.rest(1000);
                return;
            }
        }
    }
}

} // namespace

bool shootPack(Photographer& photographer, const std::string& service, const std::function<bool(const QStringList&)>& control)
{
    const QTemporaryDir folder;
    const QString key = folder.filePath(QStringLiteral("olga.key"));
    const QString pack = folder.filePath(QStringLiteral("case-118"));
    const QStringList made{QStringLiteral("export"),
                           QStringLiteral("--service"),
                           QString::fromStdString(service),
                           QStringLiteral("--key"),
                           key,
                           QStringLiteral("--evidence"),
                           pack};
    if (!control({QStringLiteral("keygen"), QStringLiteral("--exporter"), QStringLiteral("--out"), key}) || !control(made))
        return false;
    const auto secret = seal::readSecretFile(key.toStdString());
    const auto exporter =
        secret ? audit::MinisignKey::parse(*secret) : domain::Result<audit::MinisignKey>{domain::failureOf(secret)};
    const auto packed = packed::PackFolder::open(pack.toStdString());
    if (!exporter || !packed)
        return false;
    const compose::PackToOpen toOpen{pack.toStdString(), exporter->publicKey(), packed->description().logKey};
    if (!photographer.openPack(toOpen) || !isVerified(photographer))
        return false;
    for (const char* page : {"flags", "votes", "leaderboard", "audit", "voids", "controls"}) {
        photographer.page(QString::fromLatin1(page));
        if (qstrcmp(page, "audit") == 0)
            choose(photographer, [](const domain::AuditEntry& entry) { return entry.kind == domain::EntryKind::Void; });
        photographer.shoot(QStringLiteral("pack-%1").arg(QString::fromLatin1(page)));
    }
    if (!alterIn(pack + QStringLiteral("/data/log/tile/entries"), "\"outcome\":\"confirm\"", "\"outcome\":\"dismiss\"") ||
        !alterIn(pack + QStringLiteral("/data/rows"), ",confirm,", ",dismiss,") || !photographer.openPack(toOpen) ||
        !isVerified(photographer))
        return false;
    photographer.page(QStringLiteral("audit"));
    choose(photographer, [](const domain::AuditEntry& entry) { return !entry.problem.empty(); });
    photographer.shoot(QStringLiteral("pack-tampered"));
    return true;
}

} // namespace scr::shots
