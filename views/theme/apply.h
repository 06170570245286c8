#pragma once

#include <QObject>

#include "theme/theme.h"

class QApplication;
class QDBusVariant;

namespace scr::theme {

/// Style, palette and font of the whole program; may be called again at any time. System is resolved by systemScheme().
void applyTheme(QApplication& app, Scheme scheme);

/// What the desktop prefers: its portal's setting, else what the lightness of the palette Qt started with says.
[[nodiscard]] Scheme systemScheme(const QApplication& app);

/// Tells when the desktop changes its preference while the program runs.
class SystemSchemeWatcher : public QObject {
    Q_OBJECT
public:
    explicit SystemSchemeWatcher(QObject* parent = nullptr);

signals:
    void schemeChanged(scr::theme::Scheme scheme);

private slots:
    void takeSetting(const QString& group, const QString& key, const QDBusVariant& value);
};

} // namespace scr::theme
