#include "widgets/segmented_button.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPushButton>

#include "theme/style.h"

namespace scr::widgets {

SegmentedButton::SegmentedButton(const QStringList& choices, QWidget* parent) : QWidget{parent}, m_group{new QButtonGroup{this}}
{
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (qsizetype i = 0; i < choices.size(); ++i) {
        auto* button = new QPushButton{choices[i], this};
        button->setCheckable(true);
        button->setAutoDefault(false);
        button->setFocusPolicy(i == 0 ? Qt::StrongFocus : Qt::ClickFocus);
        const bool last = i + 1 == choices.size();
        const char* place = i == 0 ? "first" : last ? "last" : "middle";
        if (choices.size() > 1)
            button->setProperty(theme::kSegmentProperty, QString::fromLatin1(place));
        layout->addWidget(button);
        m_group->addButton(button, static_cast<int>(i));
    }
    if (QAbstractButton* first = m_group->button(0))
        first->setChecked(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(m_group, &QButtonGroup::idToggled, this, [this](int id, bool on) {
        // Tab reaches the one that holds; Qt sees to that only once one of them has had the focus.
        m_group->button(id)->setFocusPolicy(on ? Qt::StrongFocus : Qt::ClickFocus);
        if (on)
            emit currentChanged(id);
    });
}

int SegmentedButton::current() const
{
    return m_group->checkedId();
}

void SegmentedButton::setCurrent(int index)
{
    if (QAbstractButton* button = m_group->button(index))
        button->setChecked(true);
}

void SegmentedButton::setStretched(bool stretched)
{
    setSizePolicy(stretched ? QSizePolicy::Expanding : QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto* row = static_cast<QHBoxLayout*>(layout());
    for (int i = 0; i < row->count(); ++i) {
        row->setStretch(i, stretched ? 1 : 0);
        row->itemAt(i)->widget()->setSizePolicy(stretched ? QSizePolicy::Expanding : QSizePolicy::Minimum, QSizePolicy::Fixed);
    }
}

} // namespace scr::widgets
