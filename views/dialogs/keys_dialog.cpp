#include "dialogs/keys_dialog.h"

#include <array>

#include <QGridLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"

namespace scr::dialogs {

namespace {

constexpr int kColumnGap = 28;

struct Key {
    const char* keys;
    const char* what;
    bool acts = false; ///< on the site
};

struct Group {
    const char* title;
    std::array<Key, 8> keys; ///< as many as there are; the rest is empty
};

constexpr std::array kGroups{
    Group{QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Flags"),
          {{{"J  K", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Next, previous flag")},
            {"C", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Confirm"), true},
            {"D", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Dismiss"), true},
            {"S", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Snooze for a day"), true},
            {"R", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Write a reason"), true},
            {"Z", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Undo the last decision"), true},
            {"V", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Preview the void of what is confirmed"), true}}}},
    Group{QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Everywhere"),
          {{{"Ctrl 1 … 6", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Pages")},
            {"/", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Filter")},
            {"F5", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Scan now"), true},
            {"F6", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Follow live, or not"), true},
            {"Ctrl R", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Read again")},
            {"Ctrl E", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Export a report")},
            {"Ctrl O", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Connect to another source")},
            {"?  F1", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "These keys")}}}},
    Group{QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Tables"),
          {{{"Ctrl C", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Copy rows")},
            {"Ctrl Shift C", QT_TRANSLATE_NOOP("scr::dialogs::KeysDialog", "Copy rows as CSV")}}}}};

} // namespace

KeysDialog::KeysDialog(bool isReadOnly, QWidget* parent) : QDialog{parent}
{
    setWindowTitle(tr("Keys"));
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(theme::kPanePadding, theme::kPanePadding, theme::kPanePadding, theme::kPanePadding);
    layout->setSpacing(theme::kGap);
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(kColumnGap);
    grid->setVerticalSpacing(theme::kGap);
    int row = 0;
    for (const Group& group : kGroups) {
        if (row > 0)
            grid->setRowMinimumHeight(row++, theme::kGap);
        grid->addWidget(new widgets::TextLabel{tr(group.title), theme::Type::DenseStrong, theme::Role::Text2}, row++, 0, 1, 2);
        for (const Key& key : group.keys) {
            if (key.keys == nullptr || (isReadOnly && key.acts))
                continue;
            grid->addWidget(new widgets::TextLabel{QString::fromUtf8(key.keys), theme::Type::Mono}, row, 0);
            grid->addWidget(new widgets::TextLabel{tr(key.what)}, row++, 1);
        }
    }
    layout->addLayout(grid);
    layout->addSpacing(theme::kGap);
    QPushButton* close = widgets::makeButton(tr("Close"), this, theme::ButtonKind::Normal, tr("Esc"));
    close->setDefault(true);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    layout->addWidget(close, 0, Qt::AlignRight);
    setFixedSize(sizeHint());
}

} // namespace scr::dialogs
