#pragma once

#include <optional>

#include <QString>
#include <QWidget>

#include "theme/icons.h"

namespace scr::widgets {

/// A word in a frame, 18 high. Only severities, results and states that matter are tinted.
class Tag : public QWidget {
    Q_OBJECT
public:
    enum class Kind { Plain, Info, Ok, Warning, Danger };
    explicit Tag(QWidget* parent = nullptr);
    Tag(const QString& text, Kind kind, QWidget* parent = nullptr);

    void present(const QString& text, Kind kind = Kind::Plain, std::optional<theme::Icon> icon = std::nullopt);
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    Kind m_kind = Kind::Plain;
    std::optional<theme::Icon> m_icon;
};

} // namespace scr::widgets
