#include "compose/console.h"

#include <array>

#include <QApplication>
#include <QFutureWatcher>
#include <QScreen>
#include <QTimer>
#include <QtConcurrentRun>

#include "compose/console_session.h"
#include "dialogs/start_dialog.h"
#include "domain/guard.h"
#include "domain/visible_text.h"
#include "scanning/scanning.h"
#include "settings/targets.h"
#include "shell/main_window.h"
#include "store/source_probe.h"

namespace scr::compose {

namespace {

constexpr QSize kFrame{16, 48}; ///< what a window manager puts around a window

constexpr std::array kSchemes{std::pair{"light", theme::Scheme::Light}, std::pair{"dark", theme::Scheme::Dark},
                              std::pair{"high-contrast", theme::Scheme::HighContrast},
                              std::pair{"system", theme::Scheme::System}};

theme::Scheme schemeOf(const std::string& name)
{
    for (const auto& [known, scheme] : kSchemes) {
        if (name == known)
            return scheme;
    }
    return theme::Scheme::System;
}

const char* nameOf(theme::Scheme wanted)
{
    for (const auto& [name, scheme] : kSchemes) {
        if (scheme == wanted)
            return name;
    }
    return "system";
}

QString shown(const domain::Error& error)
{
    return QString::fromStdString(domain::visibleText(domain::sentenceOf(error)));
}

} // namespace

Console::Console(QApplication& app, std::optional<theme::Scheme> scheme) :
    m_app{app}, m_memory{settings::readMemory()}, m_scheme{scheme.value_or(schemeOf(m_memory.scheme))}
{
    theme::applyTheme(m_app, m_scheme);
    connect(&m_app, &QApplication::aboutToQuit, this, &Console::remember);
    m_startPool.setMaxThreadCount(1);
    connect(&m_schemeWatcher, &theme::SystemSchemeWatcher::schemeChanged, this, [this] {
        if (m_scheme == theme::Scheme::System)
            theme::applyTheme(m_app, m_scheme);
    });
}

Console::~Console()
{
    m_startUnwanted = true;
    m_startPool.waitForDone();
}

void Console::useScheme(theme::Scheme scheme)
{
    m_scheme = scheme;
    m_memory.scheme = nameOf(scheme);
    theme::applyTheme(m_app, scheme);
    remember();
}

void Console::remember()
{
    if (m_session)
        m_memory.geometry = m_session->window().saveGeometry();
    settings::writeMemory(m_memory);
}

void Console::openService(const std::string& service)
{
    domain::ConnectionTarget target;
    target.service = service.empty() ? m_memory.service : service;
    askForSource(target, !service.empty());
}

void Console::askForSource(const domain::ConnectionTarget& proposed, bool connectAtOnce)
{
    m_connecting = std::make_unique<dialogs::ConnectDialog>(
        [](const domain::ConnectionTarget& target) { return store::probe(target); }, domain::serviceNames());
    if (!proposed.service.empty() || !proposed.host.empty())
        m_connecting->setTarget(proposed);
    connect(m_connecting.get(), &QDialog::accepted, this, [this] {
        const dialogs::ConnectDialog::Attached attached = *m_connecting->attached();
        m_connecting.release()->deleteLater();
        if (!m_session) {
            open(attached);
            return;
        }
        // Queued: the window that calls back is the one that goes.
        m_session->window().whenSettled(
            [this, attached] { QMetaObject::invokeMethod(this, [this, attached] { open(attached); }, Qt::QueuedConnection); });
    });
    connect(m_connecting.get(), &QDialog::rejected, this, [this] {
        m_connecting.release()->deleteLater();
        if (!m_session)
            m_app.quit();
    });
    m_connecting->open();
    if (connectAtOnce)
        m_connecting->startConnect();
}

void Console::open(const dialogs::ConnectDialog::Attached& attached)
{
    const domain::ConnectionTarget& reader = attached.target;
    const domain::Result<domain::ConnectionTarget> elevated =
        attached.decisions ? domain::Result<domain::ConnectionTarget>{*attached.decisions} : settings::elevatedTarget(reader);
    // Without a readable profile the reader's own login is used, which the database then refuses in words.
    shell::MainWindow& window = show(portsOf(reader, elevated ? *elevated : reader, attached.source), reader);
    window.setLive(m_memory.live);
    connect(&window, &shell::MainWindow::liveChanged, this, [this](bool isLive) {
        m_memory.live = isLive;
        remember();
    });
    if (reader.service != m_demoService) // gone with the demo
        m_memory.service = reader.service;
    remember();
}

shell::MainWindow& Console::show(SessionPorts ports, const domain::ConnectionTarget& reader)
{
    auto session = std::make_unique<ConsoleSession>(std::move(ports));
    shell::MainWindow& window = session->window();
    connect(&window, &shell::MainWindow::connectWanted, this, [this, reader] { askForSource(reader, false); });
    connect(&window, &shell::MainWindow::schemeWanted, this, &Console::useScheme);
    window.setScheme(m_scheme);
    if (m_session)
        window.setGeometry(m_session->window().geometry());
    else if (!window.restoreGeometry(m_memory.geometry))
        window.resize(QSize{1440, 900}.boundedTo(window.screen()->availableSize() - kFrame));
    window.show();
    m_session = std::move(session);
    return window;
}

std::function<bool(std::string_view, std::uint64_t, std::uint64_t)> Console::showStart(const QString& title)
{
    m_starting = std::make_unique<dialogs::StartDialog>(title);
    connect(m_starting.get(), &dialogs::StartDialog::stopRequested, this, [this] { m_startUnwanted = true; });
    m_starting->show();
    return [this](std::string_view step, std::uint64_t done, std::uint64_t total) {
        const QString words = QString::fromUtf8(step.data(), static_cast<qsizetype>(step.size()));
        const int percent = total == 0 ? -1 : static_cast<int>(done * 100 / total);
        QMetaObject::invokeMethod(this, [this, words, percent] {
            if (m_starting)
                m_starting->showStep(words, percent);
        });
        return !m_startUnwanted.load();
    };
}

template <class T>
void Console::startWith(std::function<domain::Result<T>()> work, void (Console::*take)(const domain::Result<T>&))
{
    auto* watcher = new QFutureWatcher<domain::Result<T>>{this};
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, take] {
        watcher->deleteLater();
        const domain::Result<T> result = watcher->result();
        if (result) {
            m_starting.reset();
            (this->*take)(result);
        } else if (result.error().fault == domain::Fault::Cancelled) {
            m_app.quit();
        } else {
            m_starting->showError(shown(result.error()));
        }
    });
    watcher->setFuture(QtConcurrent::run(&m_startPool, [work = std::move(work)] { return domain::guarded(work); }));
}

void Console::openDemo()
{
    demo::DemoOptions options;
    options.dieWithParent = true;
    options.scanAndRecord = scanning::scanAndRecord;
    options.progress = showStart(tr("Starting the demo"));
    startWith<demo::DemoServer>([options] { return demo::startDemo(options); }, &Console::takeDemo);
}

void Console::openEvidence(const PackToOpen& pack)
{
    m_pack = pack;
    const auto progress = showStart(tr("Opening the evidence pack"));
    startWith<std::shared_ptr<const packed::OpenPack>>(
        [progress, path = pack.path] {
            return packed::openPack(
                path, [progress](std::uint64_t done, std::uint64_t total) { return progress("Reading the pack", done, total); });
        },
        &Console::takePack);
}

void Console::takePack(const domain::Result<std::shared_ptr<const packed::OpenPack>>& pack)
{
    show(portsOf(m_pack, *pack), {});
}

void Console::takeDemo(const domain::Result<demo::DemoServer>& server)
{
    m_demoService = server->service;
    m_demoSealer.emplace(server->directory);
    openService(server->service);
}

} // namespace scr::compose
