#include "dialogs/leaf_range_dialog.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"

namespace scr::dialogs {

namespace {

constexpr int kWidth = 420;

} // namespace

LeafRangeDialog::LeafRangeDialog(std::uint64_t size, std::uint64_t first, std::uint64_t last, QWidget* parent) :
    QDialog{parent}, m_size{size}
{
    setWindowTitle(tr("Verify a range of entries"));
    setFixedWidth(kWidth);
    setAttribute(Qt::WA_DeleteOnClose);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(theme::kPanePadding, theme::kPanePadding, theme::kPanePadding, theme::kPanePadding);
    layout->setSpacing(12);
    auto* about = new widgets::TextLabel{tr("Each of them is held against its leaf, its columns and the newest signed root. The "
                                            "signed log has the entries 0 to %1.")
                                             .arg(QLocale::c().toString(static_cast<qulonglong>(size - 1))),
                                         theme::Type::Body, theme::Role::Text2};
    about->setWordWrap(true);
    layout->addWidget(about);
    auto* fields = new QFormLayout;
    m_first = new QLineEdit{QString::number(first)};
    m_last = new QLineEdit{QString::number(last)};
    m_first->setObjectName(QStringLiteral("firstLeaf"));
    m_last->setObjectName(QStringLiteral("lastLeaf"));
    fields->addRow(tr("First entry"), m_first);
    fields->addRow(tr("Last entry"), m_last);
    layout->addLayout(fields);
    auto* buttons = new QHBoxLayout;
    QPushButton* cancel = widgets::makeButton(tr("Cancel"), this);
    m_go = widgets::makeButton(tr("Verify"), this, theme::ButtonKind::Accent);
    m_go->setObjectName(QStringLiteral("verifyRange"));
    m_go->setDefault(true);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_go);
    layout->addLayout(buttons);
    for (QLineEdit* field : {m_first, m_last})
        connect(field, &QLineEdit::textChanged, this, &LeafRangeDialog::check);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_go, &QPushButton::clicked, this, [this] {
        emit chosen(m_first->text().toULongLong(), m_last->text().toULongLong());
        accept();
    });
    check();
}

void LeafRangeDialog::check()
{
    bool isFirst = false;
    bool isLast = false;
    const quint64 first = m_first->text().toULongLong(&isFirst);
    const quint64 last = m_last->text().toULongLong(&isLast);
    m_go->setEnabled(isFirst && isLast && first <= last && last < m_size);
}

} // namespace scr::dialogs
