#include "pages/votes_page.h"

#include <array>

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "pages/filter_chips.h"
#include "pages/paged_pane.h"
#include "pages/table_copy.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/buttons.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

constexpr int kJumpWidth = 190;

using Column = tables::VotePagesModel::Column;
constexpr std::array kWhereKnown{Column::Label, Column::Title, Column::Author, Column::Origin};

} // namespace

VotesPage::VotesPage(ports::VoteSource& votes, QWidget* parent) :
    Page{parent}, m_source{votes}, m_model{votes}, m_countAnswer{this, &VotesPage::takeCount}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_pane = new PagedPane{m_model, m_model.notifier(), tr("votes")};
    m_pane->table().setAccessibleName(tr("Votes"));
    setFocusProxy(m_pane);
    layout->addWidget(makeHead());
    layout->addWidget(m_pane, 1);
    layout->addWidget(makeFoot());
    connect(m_pane, &PagedPane::stateChanged, this, &VotesPage::updateFoot);
    connect(m_pane, &PagedPane::retryWanted, this, [this] { m_model.retry(); });
    connect(m_pane, &PagedPane::stopWanted, this, [this] { m_model.stop(); });
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &VotesPage::updateFoot);
    for (const Column column : kWhereKnown)
        m_pane->table().setColumnHidden(static_cast<int>(column), true);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &VotesPage::fitToRows);
}

QWidget* VotesPage::makeHead()
{
    auto* head = new widgets::Band{theme::Role::Base, widgets::Band::Edge::Bottom};
    head->setFixedHeight(theme::kPageHeader);
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(theme::kGap);
    layout->addWidget(new widgets::TextLabel{tr("Votes"), theme::Type::Section});
    m_counted = new widgets::TextLabel{tr("newest first"), theme::Type::Dense, theme::Role::Text2};
    layout->addWidget(m_counted);
    layout->addStretch(1);
    m_jump = new QLineEdit;
    m_jump->setPlaceholderText(tr("Jump to 2026-03-12 14:20"));
    m_jump->setToolTip(tr("Continue with the newest vote at or before this moment, UTC"));
    m_jump->setFixedWidth(kJumpWidth);
    m_newest = widgets::makeButton(tr("Back to newest"), this);
    m_newest->setVisible(false);
    m_count = widgets::makeButton(tr("Count all"), this);
    m_count->setToolTip(tr("Counts exactly every vote that matches; on a large table this takes a while"));
    layout->addWidget(m_newest);
    layout->addWidget(m_jump);
    layout->addWidget(m_count);
    connect(m_jump, &QLineEdit::returnPressed, this, &VotesPage::jump);
    connect(m_jump, &QLineEdit::textEdited, this, [this] { theme::setInvalid(*m_jump, false); });
    connect(m_count, &QPushButton::clicked, this, &VotesPage::count);
    connect(m_newest, &QPushButton::clicked, this, [this] {
        m_newest->hide();
        m_model.reload();
    });
    return head;
}

QWidget* VotesPage::makeFoot()
{
    auto* foot = new widgets::Band{theme::Role::Window, widgets::Band::Edge::Top};
    foot->setFixedHeight(theme::kFooter);
    auto* layout = new QHBoxLayout{foot};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_rows = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    layout->addWidget(m_rows, 1);
    layout->addWidget(
        new widgets::TextLabel{tr("Ctrl C  copy rows     Ctrl Shift C  copy as CSV"), theme::Type::Caption, theme::Role::Text3});
    return foot;
}

/// What not every site has, names and addresses, has a column where there is any. The first rows say how wide keys are here;
/// after that the widths are the reader's own.
void VotesPage::fitToRows(const QModelIndex& /*parent*/, int first, int last)
{
    QTableView& table = m_pane->table();
    bool appeared = false;
    for (const Column column : kWhereKnown) {
        const int at = static_cast<int>(column);
        for (int row = first; row <= last && table.isColumnHidden(at); ++row) {
            if (!m_model.index(row, at).data().toString().isEmpty()) {
                table.setColumnHidden(at, false);
                appeared = true;
            }
        }
    }
    if (m_fitted && !appeared)
        return;
    m_fitted = true;
    fitColumns(table);
    if (!table.isColumnHidden(static_cast<int>(Column::Title)))
        giveRest(table, static_cast<int>(Column::Title));
}

void VotesPage::setTimeRange(const domain::TimeRange& range)
{
    m_range = range;
    ask();
}

void VotesPage::setFilterText(const QString& text)
{
    m_filterText = text;
    ask();
}

void VotesPage::refresh()
{
    ask();
}

void VotesPage::ask()
{
    m_stale = !isVisible();
    if (m_stale)
        return;
    const auto filter = query::parseFilter(m_filterText.toStdString());
    if (!filter)
        return; // the bar shows the chip that is refused; what is on screen stays
    m_countAnswer.forget();
    m_counted->setText(tr("newest first"));
    m_count->setEnabled(true);
    m_newest->hide();
    m_model.setQuery({*filter, m_range});
}

void VotesPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale)
        ask();
}

std::vector<widgets::FilterChip> VotesPage::parseFilter(const QString& text) const
{
    return chipsOf(text, [](const std::string& term) -> domain::Status {
        const auto filter = query::parseFilter(term);
        if (!filter)
            return domain::failureOf(filter);
        return domain::Nothing{};
    });
}

QString VotesPage::filterPlaceholder() const
{
    return tr("Filter: token=…, post=…, author=…, origin=10.1.0.0/16, state=voided, value<0");
}

void VotesPage::updateFoot()
{
    const QString rows = tables::countText(m_model.rowCount(), "row", "rows");
    switch (m_model.state()) {
    case tables::PageState::Loading: m_rows->setText(tr("%1 read, reading on").arg(rows)); return;
    case tables::PageState::MoreToCome: m_rows->setText(tr("%1 read, more below").arg(rows)); break;
    case tables::PageState::Complete: m_rows->setText(tr("%1, all that match").arg(rows)); break;
    case tables::PageState::Failed: m_rows->setText(tr("%1 read before the error").arg(rows)); break;
    case tables::PageState::Stopped: m_rows->setText(tr("%1 read before you stopped it").arg(rows)); break;
    }
    if (m_model.rowsLetGo() > 0) {
        m_rows->setText(m_rows->text() +
                        tr(" · %1 above let go").arg(tables::numberText(static_cast<double>(m_model.rowsLetGo()))));
        m_newest->show();
    }
}

void VotesPage::count()
{
    m_count->setEnabled(false);
    m_counted->setText(tr("counting…"));
    m_countAnswer.ask(m_source.countVotes(m_model.query()));
}

void VotesPage::takeCount(const domain::Result<std::int64_t>& count)
{
    m_count->setEnabled(true);
    m_counted->setText(count ? tr("%1 match").arg(tables::countText(*count, "vote", "votes"))
                             : tr("not counted: %1").arg(tables::shown(domain::sentenceOf(count.error()))));
}

void VotesPage::jump()
{
    const auto time = domain::parseTime(m_jump->text().trimmed().toStdString());
    theme::setInvalid(*m_jump, !time);
    if (!time) {
        emit noticed(tables::shown(domain::sentenceOf(time.error())));
        return;
    }
    m_model.jumpTo(*time);
    m_newest->show();
}

} // namespace scr::pages
