#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <QObject>
#include <QThreadPool>

#include "compose/pack_ports.h"
#include "demo/demo.h"
#include "demo/demo_seal.h"
#include "dialogs/connect_dialog.h"
#include "domain/connection.h"
#include "domain/result.h"
#include "domain/source.h"
#include "settings/memory.h"
#include "theme/apply.h"

class QApplication;

namespace scr::dialogs {
class StartDialog;
} // namespace scr::dialogs

namespace scr::shell {
class MainWindow;
} // namespace scr::shell

namespace scr::compose {

class ConsoleSession;

/// The desktop program from its first dialog to its last window: connects, opens a session, and swaps it for another source.
class Console : public QObject {
    Q_OBJECT
public:
    /// `scheme` is what the command line asks for; without it the one of the last time.
    Console(QApplication& app, std::optional<theme::Scheme> scheme);
    ~Console() override;

    void openService(const std::string& service); ///< empty: the dialog asks, and proposes the last one
    /// Starts the demo server off this thread under a progress window and opens its console. The server ends with the program.
    void openDemo();
    /// Opens the console on an evidence pack, read off this thread under a progress window.
    void openEvidence(const PackToOpen& pack);

private:
    void askForSource(const domain::ConnectionTarget& proposed, bool connectAtOnce);
    void open(const dialogs::ConnectDialog::Attached& attached);
    /// A window on these ports in the place of the one there is; `reader`: what the dialog proposes for another source.
    shell::MainWindow& show(SessionPorts ports, const domain::ConnectionTarget& reader);
    void useScheme(theme::Scheme scheme);
    void remember();
    /// The progress window; what is returned shows a step in it from any thread, and answers whether to go on.
    std::function<bool(std::string_view step, std::uint64_t done, std::uint64_t total)> showStart(const QString& title);
    /// Work under the progress window; what it comes to is taken on this thread, and an error shown.
    template <class T>
    void startWith(std::function<domain::Result<T>()> work, void (Console::*take)(const domain::Result<T>&));
    void takeDemo(const domain::Result<demo::DemoServer>& server);
    void takePack(const domain::Result<std::shared_ptr<const packed::OpenPack>>& pack);

    QApplication& m_app;
    settings::Memory m_memory;
    std::string m_demoService;
    PackToOpen m_pack;
    theme::Scheme m_scheme;
    theme::SystemSchemeWatcher m_schemeWatcher;
    std::optional<demo::DemoSealer> m_demoSealer;
    QThreadPool m_startPool;
    std::atomic<bool> m_startUnwanted{false};
    std::unique_ptr<dialogs::StartDialog> m_starting;
    std::unique_ptr<dialogs::ConnectDialog> m_connecting;
    std::unique_ptr<ConsoleSession> m_session;
};

} // namespace scr::compose
