#include "photographer.h"

#include <array>
#include <cstdio>

#include <QApplication>
#include <QPixmap>
#include <QTest>

#include "settings/targets.h"
#include "shell/main_window.h"
#include "store/source_probe.h"
#include "theme/apply.h"

namespace scr::shots {

namespace {

struct Look {
    theme::Scheme scheme;
    const char* name;
};
constexpr std::array<Look, 2> kLooks{{{theme::Scheme::Light, "light"}, {theme::Scheme::Dark, "dark"}}};
constexpr std::array<QSize, 2> kSizes{QSize{1280, 800}, QSize{1920, 1080}};
constexpr int kSettleMillis = 350;
constexpr int kPatienceMillis = 20'000;

} // namespace

bool Photographer::open(const std::string& service)
{
    domain::ConnectionTarget reader;
    reader.service = service;
    const auto source = store::probeSource(reader);
    const auto elevated = settings::elevatedTarget(reader);
    if (!source || !elevated) {
        std::fprintf(stderr, "%s\n", domain::sentenceOf(source ? elevated.error() : source.error()).c_str());
        return false;
    }
    show(compose::portsOf(reader, *elevated, *source));
    return true;
}

bool Photographer::openPack(const compose::PackToOpen& pack)
{
    const auto opened = packed::openPack(pack.path, {});
    if (opened)
        show(compose::portsOf(pack, *opened));
    else
        std::fprintf(stderr, "%s\n", domain::sentenceOf(opened.error()).c_str());
    return opened.has_value();
}

void Photographer::show(compose::SessionPorts ports)
{
    m_session.reset();
    m_session = std::make_unique<compose::ConsoleSession>(std::move(ports));
    window().resize(kSizes.front());
    window().show();
    QApplication::setActiveWindow(&window());
    rest(2000);
}

shell::MainWindow& Photographer::window()
{
    return m_session->window();
}

void Photographer::page(const QString& id)
{
    window().showPage(id);
    rest(1800);
}

void Photographer::key(Qt::Key key)
{
    QTest::keyClick(&window(), key);
    rest();
}

bool Photographer::until(const std::function<bool()>& condition)
{
    return QTest::qWaitFor(condition, kPatienceMillis);
}

void Photographer::rest(int millis)
{
    QTest::qWait(millis);
}

void Photographer::applyScheme(theme::Scheme scheme)
{
    theme::applyTheme(m_app, scheme);
}

void Photographer::shoot(const QString& name)
{
    for (const Look& look : kLooks) {
        applyScheme(look.scheme);
        for (const QSize& size : kSizes) {
            window().resize(size);
            rest(kSettleMillis);
            const QString file =
                QStringLiteral("%1-%2-%3x%4.png").arg(name, QString::fromLatin1(look.name)).arg(size.width()).arg(size.height());
            if (!window().grab().save(m_folder.filePath(file)))
                std::fprintf(stderr, "%s could not be written\n", qPrintable(file));
        }
    }
}

void Photographer::shootDialog(QWidget& dialog, const QString& name)
{
    for (const Look& look : kLooks) {
        applyScheme(look.scheme);
        rest(kSettleMillis);
        if (!dialog.grab().save(m_folder.filePath(QStringLiteral("%1-%2.png").arg(name, QString::fromLatin1(look.name)))))
            std::fprintf(stderr, "%s could not be written\n", qPrintable(name));
    }
}

} // namespace scr::shots
