#pragma once

#include <functional>
#include <memory>

#include <QDir>
#include <QString>

#include "compose/console_session.h"
#include "compose/pack_ports.h"

#include "theme/theme.h"

class QApplication;

namespace scr::shots {

/// Opens consoles on services and takes pictures of their pages in both themes and both sizes.
class Photographer {
public:
    Photographer(QApplication& app, const QDir& folder) : m_app{app}, m_folder{folder} {}

    /// False when the source cannot be reached; says why on standard error.
    [[nodiscard]] bool open(const std::string& service);
    /// The same on an evidence pack.
    [[nodiscard]] bool openPack(const compose::PackToOpen& pack);
    void close() { m_session.reset(); }
    /// `<name>-<theme>-<width>x<height>.png` of the window as it is, after it came to rest.
    void shoot(const QString& name);
    void shootDialog(QWidget& dialog, const QString& name);
    [[nodiscard]] shell::MainWindow& window();
    void page(const QString& id);
    void key(Qt::Key key);
    /// Lets events run until the condition holds, 20 s at most.
    bool until(const std::function<bool()>& condition);
    void rest(int millis = 900);

private:
    void show(compose::SessionPorts ports);
    void applyScheme(theme::Scheme scheme);

    QApplication& m_app;
    QDir m_folder;
    std::unique_ptr<compose::ConsoleSession> m_session;
};

} // namespace scr::shots
