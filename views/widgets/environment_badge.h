#pragma once

#include <QWidget>

#include "domain/source.h"
#include "theme/theme.h"

namespace scr::widgets {

/// Which kind of site this is, in its colour: production red. Hidden until it is known.
class EnvironmentBadge : public QWidget {
    Q_OBJECT
public:
    explicit EnvironmentBadge(QWidget* parent = nullptr);

    void present(domain::Environment environment);
    void presentEvidence(domain::Environment environment); ///< a pack of such a site, in which nothing can be done to it
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void fill(const QString& text, theme::Role colour);

    QString m_text;
    theme::Role m_fill = theme::Role::Production;
};

} // namespace scr::widgets
