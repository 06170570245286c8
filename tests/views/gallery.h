#pragma once

#include <functional>
#include <memory>
#include <set>

#include <QApplication>
#include <QDir>
#include <QTest>
#include <QWidget>

#include "theme/apply.h"
#include "theme/theme.h"

/// Pictures of our parts in the three themes, below the test's own folder: gallery/<name>-<scheme>.png.
namespace scr::gallery {

inline QString pathOf(const QString& name, const QString& scheme)
{
    const QDir dir{QCoreApplication::applicationDirPath() + QStringLiteral("/gallery")};
    dir.mkpath(QStringLiteral("."));
    return dir.filePath(QStringLiteral("%1-%2.png").arg(name, scheme));
}

inline int colorsIn(const QImage& image)
{
    std::set<QRgb> colors;
    for (int y = 0; y < image.height(); y += 2) {
        for (int x = 0; x < image.width(); x += 2)
            colors.insert(image.pixel(x, y));
    }
    return static_cast<int>(colors.size());
}

/// Draws what `make` builds in each theme; each picture must show something and stand on its theme's ground.
inline void render(const QString& name, const QSize& size, const std::function<QWidget*()>& make)
{
    static const std::pair<theme::Scheme, QString> kSchemes[] = {{theme::Scheme::Light, QStringLiteral("light")},
                                                                 {theme::Scheme::Dark, QStringLiteral("dark")},
                                                                 {theme::Scheme::HighContrast, QStringLiteral("highcontrast")}};
    for (const auto& [scheme, word] : kSchemes) {
        theme::applyTheme(*qApp, scheme);
        const std::unique_ptr<QWidget> widget{make()};
        widget->resize(size);
        widget->show();
        QCoreApplication::processEvents();
        const QImage picture = widget->grab().toImage();
        QVERIFY2(colorsIn(picture) >= 4, qPrintable(name + word));
        QVERIFY(picture.save(pathOf(name, word)));
    }
}

} // namespace scr::gallery
