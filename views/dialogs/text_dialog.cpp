#include "dialogs/text_dialog.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/code_box.h"
#include "widgets/text_label.h"

namespace scr::dialogs {

namespace {

constexpr int kWidth = 760;
constexpr int kMostLines = 26;

} // namespace

TextDialog::TextDialog(const QString& title, const QString& about, const QString& text, QWidget* parent) : QDialog{parent}
{
    setWindowTitle(title);
    setFixedWidth(kWidth);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(theme::kPanePadding, theme::kPanePadding, theme::kPanePadding, theme::kPanePadding);
    layout->setSpacing(12);
    auto* explanation = new widgets::TextLabel{about, theme::Type::Body, theme::Role::Text2};
    explanation->setWordWrap(true);
    layout->addWidget(explanation);
    auto* box = new widgets::CodeBox{nullptr, kMostLines};
    box->setCode(text.trimmed());
    layout->addWidget(box);
    auto* buttons = new QHBoxLayout;
    QPushButton* close = widgets::makeButton(tr("Close"), this);
    close->setDefault(true);
    buttons->addStretch(1);
    buttons->addWidget(close);
    layout->addLayout(buttons);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
}

} // namespace scr::dialogs
