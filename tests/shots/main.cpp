#include <array>
#include <cstdio>
#include <span>

#include <QApplication>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>

#include <CLI/CLI.hpp>

#include "audit_scene.h"
#include "controls_scene.h"
#include "demo/demo.h"
#include "dialogs/connect_dialog.h"
#include "domain/connection.h"
#include "domain/flag.h"
#include "pack_scene.h"
#include "pages/page.h"
#include "photographer.h"
#include "scanning/scanning.h"
#include "shell/main_window.h"
#include "store/source_probe.h"
#include "widgets/filter_bar.h"

namespace {

using scr::shots::Photographer;

struct Options {
    std::string out = "resources/screenshots";
    std::string data;      ///< folder with vote histories to import; empty: the demo's own site only
    bool audit = false;    ///< only the Audit log page
    bool pack = false;     ///< only the console on an evidence pack
    bool controls = false; ///< only the Controls page
    bool month = false;    ///< only what a month of votes shows; it takes the database that `data` would go to
    std::string directory; ///< where the demo server lives while the pictures are made
};

bool control(const QStringList& arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(QStringLiteral(SCRUTINEER_BIN_DIR "/scrutineerctl"), arguments);
    if (!process.waitForFinished(300'000))
        return false;
    return process.exitStatus() == QProcess::NormalExit && process.exitCode() <= 1; // a scan that finds something answers 1
}

/// Types reason and number as a person would, and presses the button.
bool sign(Photographer& photographer, const QString& reason)
{
    auto* typed = photographer.window().findChild<QLineEdit*>(QStringLiteral("typedCount"));
    auto* go = photographer.window().findChild<QPushButton*>(QStringLiteral("commitVoid"));
    if (typed == nullptr || go == nullptr || !photographer.until([&] { return typed->isVisible() && typed->isEnabled(); }))
        return false;
    for (QPlainTextEdit* edit : photographer.window().findChildren<QPlainTextEdit*>()) {
        if (edit->isVisible() && !edit->isReadOnly())
            edit->setPlainText(reason);
    }
    const QString number = go->text().section(QLatin1Char{' '}, -2, -2);
    typed->setText(number);
    return photographer.until([&] { return go->isEnabled(); });
}

bool commit(Photographer& photographer)
{
    auto* go = photographer.window().findChild<QPushButton*>(QStringLiteral("commitVoid"));
    auto* cancel = photographer.window().findChild<QPushButton*>(QStringLiteral("cancelVoid"));
    go->click();
    return photographer.until([&] { return !go->isVisible() && cancel->isEnabled(); });
}

void leavePreview(Photographer& photographer)
{
    photographer.window().findChild<QPushButton*>(QStringLiteral("cancelVoid"))->click();
    photographer.rest();
}

/// A flag of each of those kinds that there is one of, with its evidence chart.
void shootEvidence(Photographer& photographer, std::span<const scr::domain::DetectorId> kinds)
{
    photographer.page(QStringLiteral("flags"));
    auto* filter = photographer.window().findChild<scr::widgets::FilterBar*>();
    scr::pages::Page* flags = photographer.window().page(QStringLiteral("flags"));
    const auto show = [&](const QString& text) {
        filter->setFilterText(text);
        flags->setFilterText(text);
        photographer.rest();
    };
    for (const scr::domain::DetectorId detector : kinds) {
        const std::string_view name = scr::domain::nameOf(detector);
        const QString kind = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
        show(QStringLiteral("detector=%1").arg(kind));
        if (photographer.window().findChild<QTableView*>(QStringLiteral("queue"))->model()->rowCount() > 0)
            photographer.shoot(QStringLiteral("evidence-%1").arg(QString{kind}.replace(QLatin1Char{'_'}, QLatin1Char{'-'})));
    }
    show(QStringLiteral("state=open"));
}

/// The main job on one source: flags, a verdict, a void, the leaderboard with its mark, the restore.
bool shootJob(Photographer& photographer, const QString& prefix, const QString& reason)
{
    photographer.page(QStringLiteral("leaderboard"));
    photographer.shoot(prefix + QStringLiteral("leaderboard-flagged"));
    photographer.page(QStringLiteral("flags"));
    photographer.shoot(prefix + QStringLiteral("flags"));
    for (int flag = 0; flag < 3; ++flag)
        photographer.key(Qt::Key_C);
    photographer.key(Qt::Key_V);
    if (!sign(photographer, reason))
        return false;
    photographer.shoot(prefix + QStringLiteral("void-preview"));
    if (!commit(photographer))
        return false;
    photographer.shoot(prefix + QStringLiteral("void-receipt"));
    leavePreview(photographer);
    photographer.shoot(prefix + QStringLiteral("voids"));
    photographer.page(QStringLiteral("leaderboard"));
    photographer.shoot(prefix + QStringLiteral("leaderboard"));
    photographer.page(QStringLiteral("votes"));
    photographer.shoot(prefix + QStringLiteral("votes"));
    photographer.page(QStringLiteral("audit"));
    photographer.shoot(prefix + QStringLiteral("audit-log"));
    photographer.page(QStringLiteral("voids"));
    auto* act = photographer.window().findChild<QPushButton*>(QStringLiteral("voidsAct"));
    act->click();
    photographer.rest();
    if (!sign(photographer, QStringLiteral("Restored to show that it is exact")) || !commit(photographer))
        return false;
    photographer.shoot(prefix + QStringLiteral("restore-receipt"));
    leavePreview(photographer);
    photographer.page(QStringLiteral("flags"));
    return true;
}

QString importService()
{
    return QString::fromUtf8(scr::demo::kImportService.data(), static_cast<qsizetype>(scr::demo::kImportService.size()));
}

/// Scans what was loaded there and opens it.
bool scanAndOpen(Photographer& photographer)
{
    return control({QStringLiteral("scan"), QStringLiteral("--service"), importService(), QStringLiteral("--record"),
                    QStringLiteral("--format"), QStringLiteral("csv")}) &&
           photographer.open(importService().toStdString());
}

bool shootRealData(Photographer& photographer, const QString& data)
{
    return control({QStringLiteral("import"), QStringLiteral("--service"), importService(), QStringLiteral("--votes"),
                    data + QStringLiteral("/openprespoll.csv")}) &&
           scanAndOpen(photographer) &&
           shootJob(photographer, QStringLiteral("poll-"), QStringLiteral("Re-votes of one voter on one candidate"));
}

/// A group that pushes the same posts for a day or two: the demo's weeks are too few to tell it from a taste.
bool shootMonth(Photographer& photographer)
{
    constexpr std::array kKinds{scr::domain::DetectorId::DenseBlock};
    if (!control({QStringLiteral("simulate"), QStringLiteral("--service"), importService(), QStringLiteral("--tokens"),
                  QStringLiteral("6000"), QStringLiteral("--posts"), QStringLiteral("3000"), QStringLiteral("--votes"),
                  QStringLiteral("150000"), QStringLiteral("--days"), QStringLiteral("30"), QStringLiteral("--attack"),
                  QStringLiteral("slow_block=20")}) ||
        !scanAndOpen(photographer))
        return false;
    shootEvidence(photographer, kKinds);
    return true;
}

void shootConnect(Photographer& photographer)
{
    scr::dialogs::ConnectDialog dialog{[](const scr::domain::ConnectionTarget& target) { return scr::store::probe(target); },
                                       scr::domain::serviceNames()};
    scr::domain::ConnectionTarget target;
    target.service = std::string{scr::demo::kDemoService};
    dialog.setTarget(target);
    dialog.show();
    auto* test = dialog.findChild<QPushButton*>(QStringLiteral("testConnection"));
    test->click();
    photographer.until([&] { return test->isEnabled(); });
    photographer.shootDialog(dialog, QStringLiteral("connect"));
}

/// So that there is a decision to be altered.
bool reviewOne(Photographer& photographer)
{
    photographer.page(QStringLiteral("flags"));
    for (int flag = 0; flag < 3; ++flag)
        photographer.key(Qt::Key_C);
    photographer.rest(2000);
    return true;
}

/// As the demo's own sealer does it, which lives in the console.
bool sealDemo(const std::string& service, const std::string& directory)
{
    const QString folder = QString::fromStdString(directory) + QStringLiteral("/seal/");
    return control({QStringLiteral("seal"), QStringLiteral("--service"), QString::fromStdString(service + "-sealer"),
                    QStringLiteral("--key"), folder + QStringLiteral("demo.key"), QStringLiteral("--state"),
                    folder + QStringLiteral("signed")});
}

/// A pack with a void in it, of what is sealed then.
bool shootPackOf(Photographer& photographer, const std::string& service, const std::string& directory)
{
    if (!photographer.open(service) || !reviewOne(photographer))
        return false;
    photographer.key(Qt::Key_V);
    if (!sign(photographer, QStringLiteral("Race and burst found by the scan")) || !commit(photographer))
        return false;
    leavePreview(photographer);
    photographer.close();
    return sealDemo(service, directory) && scr::shots::shootPack(photographer, service, control);
}

bool shootDemo(Photographer& photographer, const std::string& service, const Options& options)
{
    const QString data = QString::fromStdString(options.data);
    shootConnect(photographer);
    bool complete = photographer.open(service);
    if (complete)
        shootEvidence(photographer, scr::domain::kDetectors);
    complete =
        complete && shootJob(photographer, QString{}, QStringLiteral("Race and burst found by the scan, looked at one by one"));
    complete = complete && scr::shots::shootAudit(photographer, service, [&] { return sealDemo(service, options.directory); });
    photographer.close();
    complete = scr::shots::shootPack(photographer, service, control) && complete;
    photographer.close();
    complete = scr::shots::shootControls(photographer, control) && complete;
    photographer.close();
    if (!data.isEmpty())
        complete = shootRealData(photographer, data) && complete;
    return complete;
}

int run(QApplication& app, const Options& options)
{
    scr::demo::DemoOptions demoOptions;
    demoOptions.directory = options.directory;
    demoOptions.dieWithParent = true;
    demoOptions.scanAndRecord = scr::scanning::scanAndRecord;
    const auto server = scr::demo::startDemo(demoOptions);
    if (!server) {
        std::fprintf(stderr, "%s\n", scr::domain::sentenceOf(server.error()).c_str());
        return 2;
    }
    scr::demo::useServiceFile(server->directory);
    QDir folder{QString::fromStdString(options.out)};
    folder.mkpath(QStringLiteral("."));
    Photographer photographer{app, folder};
    const bool complete = options.month      ? shootMonth(photographer)
                          : options.controls ? scr::shots::shootControls(photographer, control)
                          : options.pack     ? shootPackOf(photographer, server->service, options.directory)
                          : options.audit
                              ? photographer.open(server->service) && reviewOne(photographer) &&
                                    scr::shots::shootAudit(photographer, server->service,
                                                           [&] { return sealDemo(server->service, options.directory); })
                              : shootDemo(photographer, server->service, options);
    photographer.close();
    const scr::domain::Status stopped = scr::demo::stopDemo(options.directory);
    return complete && stopped ? 0 : 2;
}

} // namespace

int main(int argc, char** argv)
{
    scr::domain::ignoreForeignEnvironment();
    Options options;
    CLI::App app{"Takes the pictures of the documentation", "scrutineer_shots"};
    app.add_option("--out", options.out, "Folder for the pictures")->capture_default_str();
    app.add_option("--data", options.data, "Folder with openprespoll.csv, to show the job on real votes");
    app.add_flag("--month", options.month, "Only the flag that a simulated month of votes has and the demo has not");
    app.add_flag("--audit", options.audit, "Only the Audit log page, verified and with one entry altered");
    app.add_flag("--pack", options.pack, "Only the console on an evidence pack, verified and with one entry altered");
    app.add_flag("--controls", options.controls, "Only the Controls page, with two safeguards broken");
    app.add_option("--directory", options.directory, "Folder for the demo server's files");
    CLI11_PARSE(app, argc, argv);
    const QTemporaryDir state; // what is kept of requests and logs is the demo's, and goes with it
    qputenv("XDG_STATE_HOME", state.path().toUtf8());
    QApplication qt{argc, argv};
    return run(qt, options);
}
