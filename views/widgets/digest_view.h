#pragma once

#include <QString>
#include <QWidget>

namespace scr::widgets {

/// "9f2c41d807ba…" -> "9f2c 41d8 07ba …", `perLine` groups a line.
[[nodiscard]] QString groupedDigest(const QString& hex, int perLine = 8);

/// A hash in groups of four; a click or Ctrl+C copies it without the spaces.
class DigestView : public QWidget {
    Q_OBJECT
public:
    explicit DigestView(QWidget* parent = nullptr);
    void setDigest(const QString& hex);
    [[nodiscard]] QString digest() const { return m_hex; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void copy();

    QString m_hex;
};

} // namespace scr::widgets
