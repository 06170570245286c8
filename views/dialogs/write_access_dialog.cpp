#include "dialogs/write_access_dialog.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "domain/visible_text.h"
#include "theme/metrics.h"
#include "widgets/banner.h"
#include "widgets/buttons.h"
#include "widgets/code_box.h"
#include "widgets/text_label.h"

namespace scr::dialogs {

namespace {

constexpr int kWidth = 620;
constexpr int kMostLines = 16;

QString shown(const std::string& text)
{
    return QString::fromStdString(domain::visibleText(text));
}

} // namespace

WriteAccessDialog::WriteAccessDialog(const domain::Source& source, QWidget* parent) : QDialog{parent}
{
    setWindowTitle(tr("Read-only proof"));
    setFixedWidth(kWidth);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, theme::kPanePadding);
    layout->setSpacing(12);
    auto* banner = new widgets::Banner;
    const bool proved = source.writeAccess.empty();
    banner->present(proved ? widgets::Banner::Kind::Ok : widgets::Banner::Kind::Danger,
                    proved ? tr("Read-only, proved.") : tr("Not read-only: %1 ways to write.").arg(source.writeAccess.size()),
                    tr("%1 kinds were looked for in the catalogue at connect.").arg(source.waysLookedFor));
    layout->addWidget(banner);
    QString code;
    QStringList details;
    for (const domain::WriteAccess& access : source.writeAccess) {
        details << shown(access.what);
        code += shown(access.remedy) + QLatin1Char{'\n'};
    }
    banner->setDetails(details);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    if (!proved) {
        auto* box = new widgets::CodeBox{nullptr, kMostLines};
        box->setCode(code.trimmed());
        auto* padded = new QHBoxLayout;
        padded->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
        padded->addWidget(box);
        layout->addLayout(padded);
    }
    buttons->addStretch(1);
    QPushButton* close = widgets::makeButton(tr("Close"), this);
    close->setDefault(true);
    buttons->addWidget(close);
    layout->addLayout(buttons);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

} // namespace scr::dialogs
