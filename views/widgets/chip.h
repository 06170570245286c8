#pragma once

#include <QString>
#include <QWidget>

namespace scr::widgets {

/// One term of a filter, 20 high: field in text 2, value in weight, a cross. A refused one is in danger; its tooltip says why.
class Chip : public QWidget {
    Q_OBJECT
public:
    Chip(const QString& field, const QString& value, QWidget* parent = nullptr);

    void setError(const QString& reason); ///< empty: it holds
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void removeRequested();
    void editRequested();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    [[nodiscard]] QRectF crossRect() const;

    QString m_field;
    QString m_value;
    QString m_error;
};

} // namespace scr::widgets
