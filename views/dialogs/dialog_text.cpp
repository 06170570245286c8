#include "dialogs/dialog_text.h"

#include <QGridLayout>

namespace scr::dialogs {

widgets::TextLabel* wrappedText(const QString& text, theme::Type type, theme::Role role, int width)
{
    auto* label = new widgets::TextLabel{text, type, role};
    label->setWordWrap(true);
    label->setFixedWidth(width);
    label->setMinimumHeight(label->heightForWidth(width)); // else a dialog of fixed width gives it the height of one line less
    return label;
}

void addCell(QGridLayout& grid, int row, int column, const QString& text, theme::Type type, theme::Role role, bool isText)
{
    auto* label = new widgets::TextLabel{text, type, role};
    grid.addWidget(label, row, column, (isText ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignTop);
}

} // namespace scr::dialogs
