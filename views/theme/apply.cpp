#include "theme/apply.h"

#include <QApplication>
#include <QToolTip>
#include <QVariant>

#ifdef SCRUTINEER_HAS_DBUS
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVariant>
#endif

#include "theme/fonts.h"
#include "theme/style.h"

namespace scr::theme {

namespace {

constexpr char kFirstLightness[] = "scrFirstLightness";

/// The palette Qt started with is gone after the first applyTheme, so its lightness is kept with the application.
int firstLightness(const QApplication& app)
{
    const QVariant kept = app.property(kFirstLightness);
    return kept.isValid() ? kept.toInt() : app.palette().color(QPalette::Window).lightness();
}

#ifdef SCRUTINEER_HAS_DBUS
const QString kPortal = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPortalPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kSettings = QStringLiteral("org.freedesktop.portal.Settings");
const QString kAppearance = QStringLiteral("org.freedesktop.appearance");
const QString kColorScheme = QStringLiteral("color-scheme");
constexpr int kPortalWait =
    150; // ms; asked once before the first window, a desktop that answers later gets its palette's lightness

/// The portal's number: 1 prefers dark, 2 prefers light, 0 has no preference; -1 when nobody answers.
int portalPreference()
{
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return -1;
    QDBusMessage ask = QDBusMessage::createMethodCall(kPortal, kPortalPath, kSettings, QStringLiteral("Read"));
    ask << kAppearance << kColorScheme;
    const QDBusMessage answer = bus.call(ask, QDBus::Block, kPortalWait);
    if (answer.type() != QDBusMessage::ReplyMessage || answer.arguments().isEmpty())
        return -1;
    QVariant value = answer.arguments().constFirst();
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value.toInt();
}
#else
int portalPreference()
{
    return -1;
}
#endif

} // namespace

void applyTheme(QApplication& app, Scheme scheme)
{
    app.setProperty(kFirstLightness, firstLightness(app));
    const Theme& theme = themeOf(scheme == Scheme::System ? systemScheme(app) : scheme);
    if (qobject_cast<ScrutineerStyle*>(app.style()) == nullptr)
        QApplication::setStyle(new ScrutineerStyle);
    QApplication::setPalette(paletteOf(theme));
    QApplication::setFont(fontOf(Type::Body));
    QToolTip::setPalette(paletteOf(theme));
    QToolTip::setFont(fontOf(Type::Dense));
}

Scheme systemScheme(const QApplication& app)
{
    const int preference = portalPreference();
    if (preference == 1)
        return Scheme::Dark;
    if (preference == 2)
        return Scheme::Light;
    return firstLightness(app) < 128 ? Scheme::Dark : Scheme::Light;
}

SystemSchemeWatcher::SystemSchemeWatcher(QObject* parent) : QObject{parent}
{
#ifdef SCRUTINEER_HAS_DBUS
    QDBusConnection::sessionBus().connect(kPortal, kPortalPath, kSettings, QStringLiteral("SettingChanged"), this,
                                          SLOT(takeSetting(QString, QString, QDBusVariant)));
#endif
}

void SystemSchemeWatcher::takeSetting(const QString& group, const QString& key, const QDBusVariant& value)
{
#ifdef SCRUTINEER_HAS_DBUS
    if (group == kAppearance && key == kColorScheme)
        emit schemeChanged(value.variant().toInt() == 1 ? Scheme::Dark : Scheme::Light);
#else
    Q_UNUSED(group)
    Q_UNUSED(key)
    Q_UNUSED(value)
#endif
}

} // namespace scr::theme
