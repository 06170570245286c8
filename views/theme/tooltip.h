#pragma once

#include <QString>

namespace scr::theme {

/// A tooltip guesses whether its text is markup, and would fetch what a title names in an <img>. This makes any text be shown as
/// it stands, line breaks included; empty text stays empty.
[[nodiscard]] QString plainTip(const QString& text);

} // namespace scr::theme
