#pragma once

#include <string>
#include <vector>

#include <QString>
#include <QWidget>

#include "theme/fonts.h"
#include "theme/text_paint.h"

namespace scr::widgets {

/// One line of text from outside: plain, elided, hidden characters as boxed codes.
class UntrustedLabel : public QWidget {
    Q_OBJECT
public:
    explicit UntrustedLabel(QWidget* parent = nullptr, theme::Type type = theme::Type::Body,
                            theme::Role role = theme::Role::Text);
    void setUntrusted(const std::string& utf8);
    [[nodiscard]] QString shownText() const; ///< codes in brackets
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    std::vector<theme::TextRun> m_runs;
    theme::Role m_role;
};

/// Untrusted text for places that show a string of their own: codes in brackets.
[[nodiscard]] QString shownOf(const std::string& utf8);

} // namespace scr::widgets
