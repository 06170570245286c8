#include "theme/tooltip.h"

namespace scr::theme {

QString plainTip(const QString& text)
{
    if (text.isEmpty())
        return {};
    // Escaped text alone would be taken for plain, and its entities shown.
    return QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped().replace(QLatin1Char{'\n'}, QStringLiteral("<br>")));
}

} // namespace scr::theme
