#pragma once

#include <QWidget>

#include "report/picture.h"

namespace scr::pages {

/// The picture of a report on the screen, as wide as there is room, in the colours of the theme.
class PictureView : public QWidget {
    Q_OBJECT
public:
    explicit PictureView(QWidget* parent = nullptr);
    void show(report::Picture picture);
    using QWidget::show;
    [[nodiscard]] int heightNeeded() const; ///< with its caption

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    report::Picture m_picture;
};

} // namespace scr::pages
