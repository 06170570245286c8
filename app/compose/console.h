#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include <QObject>
#include <QThreadPool>

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

private:
    void askForSource(const domain::ConnectionTarget& proposed, bool connectAtOnce);
    void open(const dialogs::ConnectDialog::Attached& attached);
    void useScheme(theme::Scheme scheme);
    void remember();
    void takeDemo(const domain::Result<demo::DemoServer>& server);

    QApplication& m_app;
    settings::Memory m_memory;
    std::string m_demoService;
    theme::Scheme m_scheme;
    theme::SystemSchemeWatcher m_schemeWatcher;
    std::optional<demo::DemoSealer> m_demoSealer;
    QThreadPool m_demoPool;
    std::atomic<bool> m_demoUnwanted{false};
    std::unique_ptr<dialogs::StartDialog> m_starting;
    std::unique_ptr<dialogs::ConnectDialog> m_connecting;
    std::unique_ptr<ConsoleSession> m_session;
};

} // namespace scr::compose
