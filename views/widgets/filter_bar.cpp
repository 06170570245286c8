#include "widgets/filter_bar.h"

#include <QFocusEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>

#include "theme/fonts.h"
#include "theme/icons.h"
#include "theme/metrics.h"
#include "theme/text_paint.h"
#include "widgets/chip.h"

namespace scr::widgets {

namespace {

using theme::Role;

constexpr int kIconColumn = 28;
constexpr int kHintColumn = 28;

QString valueOf(const FilterChip& chip)
{
    if (chip.op.isEmpty() || chip.op == QLatin1String{"="})
        return chip.value;
    return QStringLiteral("%1 %2").arg(chip.op, chip.value);
}

} // namespace

FilterBar::FilterBar(QWidget* parent) : QWidget{parent}, m_layout{new QHBoxLayout{this}}, m_input{new QLineEdit{this}}
{
    setFixedHeight(theme::kButton);
    setFocusProxy(m_input);
    m_layout->setContentsMargins(kIconColumn, 0, kHintColumn, 0);
    m_layout->setSpacing(4);
    m_input->setFrame(false);
    m_input->setAccessibleName(tr("Filter"));
    m_input->installEventFilter(this);
    m_layout->addWidget(m_input, 1);
    connect(m_input, &QLineEdit::returnPressed, this, &FilterBar::submit);
}

void FilterBar::setParser(Parser parser)
{
    m_parser = std::move(parser);
}

void FilterBar::setPlaceholder(const QString& text)
{
    m_input->setPlaceholderText(text);
}

void FilterBar::setFilterText(const QString& text)
{
    setChips(m_parser && !text.trimmed().isEmpty() ? m_parser(text) : std::vector<FilterChip>{});
}

QString FilterBar::filterText() const
{
    QStringList good;
    for (const FilterChip& chip : m_chips) {
        if (chip.error.isEmpty())
            good.append(chip.text);
    }
    return good.join(QLatin1Char{' '});
}

void FilterBar::setChips(std::vector<FilterChip> chips)
{
    m_chips = std::move(chips);
    rebuild();
}

void FilterBar::focusInput()
{
    m_input->setFocus(Qt::ShortcutFocusReason);
    m_input->selectAll();
}

void FilterBar::removeChip(int index)
{
    if (index < 0 || index >= static_cast<int>(m_chips.size()))
        return;
    m_chips.erase(m_chips.begin() + index);
    rebuild();
    m_input->setFocus();
    announce();
}

void FilterBar::editChip(int index)
{
    const QString text = m_chips[static_cast<std::size_t>(index)].text;
    removeChip(index);
    m_input->setText(text);
    focusInput();
}

void FilterBar::submit()
{
    const QString typed = m_input->text().trimmed();
    if (typed.isEmpty() || !m_parser)
        return;
    const std::vector<FilterChip> added = m_parser(typed);
    m_chips.insert(m_chips.end(), added.begin(), added.end());
    m_input->clear();
    rebuild();
    announce();
}

void FilterBar::announce()
{
    emit filterChanged(filterText());
    for (const FilterChip& chip : m_chips) {
        if (!chip.error.isEmpty()) {
            emit refused(chip.error);
            return;
        }
    }
}

void FilterBar::rebuild()
{
    for (Chip* chip : m_chipWidgets) {
        m_layout->removeWidget(chip);
        chip->hide();
        chip->deleteLater(); // one of them may be the sender of what we answer
    }
    m_chipWidgets.clear();
    for (std::size_t i = 0; i < m_chips.size(); ++i) {
        auto* chip = new Chip{m_chips[i].field, valueOf(m_chips[i]), this};
        chip->setError(m_chips[i].error);
        const int index = static_cast<int>(i);
        connect(chip, &Chip::removeRequested, this, [this, index] { removeChip(index); });
        connect(chip, &Chip::editRequested, this, [this, index] { editChip(index); });
        m_layout->insertWidget(index, chip);
        chip->setVisible(true);
        m_chipWidgets.push_back(chip);
    }
    update();
}

bool FilterBar::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Backspace && m_input->text().isEmpty() && !m_chips.empty()) {
            removeChip(static_cast<int>(m_chips.size()) - 1);
            return true;
        }
        if (key == Qt::Key_Escape) {
            m_input->clear();
            m_input->clearFocus();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void FilterBar::paintEvent(QPaintEvent*)
{
    const theme::Theme& theme = theme::themeOf(palette());
    const bool focused = m_input->hasFocus();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const double half = focused ? 1 : 0.5;
    painter.setPen(QPen{theme[focused ? Role::Focus : Role::LineStrong], 2 * half});
    painter.setBrush(theme[Role::Base]);
    painter.drawRoundedRect(QRectF{rect()}.adjusted(half, half, -half, -half), theme::kRadius - half, theme::kRadius - half);
    theme::drawIcon(painter, QRectF(8, (height() - 14) / 2.0, 14, 14), theme::Icon::Search, theme[Role::Text2]);
    if (!focused)
        theme::drawKeyHint(painter, QRectF(width() - kHintColumn + 4, 0, 16, height()), QStringLiteral("/"), theme[Role::Text2],
                           theme[Role::LineStrong]);
}

void FilterBar::mousePressEvent(QMouseEvent*)
{
    m_input->setFocus(Qt::MouseFocusReason);
}

} // namespace scr::widgets
