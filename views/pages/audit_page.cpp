#include "pages/audit_page.h"

#include <array>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include "domain/vote.h"
#include "pages/filter_chips.h"
#include "pages/paged_pane.h"
#include "pages/table_copy.h"
#include "query/terms.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/segmented_button.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

domain::Status refused(const query::RawTerm& term, const char* accepted)
{
    return domain::failure(domain::Fault::Invalid, "\"" + term.source + "\" is not understood", std::string{"Write "} + accepted);
}

domain::Status take(ports::AuditFilter& filter, const query::RawTerm& term)
{
    if (term.op != query::Op::Equal || term.name.empty())
        return refused(term, "token=…, post=…, outcome=duplicate or origin=10.1.0.0/16");
    if (term.name == "token")
        filter.token = term.value;
    else if (term.name == "post")
        filter.post = term.value;
    else if (term.name == "outcome" || term.name == "decision")
        filter.outcome = term.value;
    else if (term.name == "origin")
        filter.origin = term.value;
    else
        return refused(term, "token=…, post=…, outcome=duplicate or origin=10.1.0.0/16");
    return domain::Nothing{};
}

domain::Status takeAll(ports::AuditFilter& filter, const std::string& text)
{
    const auto terms = query::splitTerms(text);
    if (!terms)
        return domain::failureOf(terms);
    for (const query::RawTerm& term : *terms) {
        if (const domain::Status taken = take(filter, term); !taken)
            return taken;
    }
    return domain::Nothing{};
}

} // namespace

AuditPage::AuditPage(ports::AuditSource& source, QWidget* parent) : Page{parent}, m_model{source}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_pane = new PagedPane{m_model, m_model.notifier(), tr("entries")};
    m_pane->table().setAccessibleName(tr("Audit log"));
    QHeaderView& header = *m_pane->table().horizontalHeader();
    const std::array<int, 7> widths{180, 120, 130, 110, 130, 0, 140};
    for (int column = 0; column < m_model.columnCount(); ++column)
        header.resizeSection(column, widths[static_cast<std::size_t>(column)]);
    header.setStretchLastSection(false);
    giveRest(m_pane->table(), static_cast<int>(tables::AuditPagesModel::Column::Detail));
    auto* foot = new widgets::Band{theme::Role::Window, widgets::Band::Edge::Top};
    foot->setFixedHeight(theme::kFooter);
    auto* footLayout = new QHBoxLayout{foot};
    footLayout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_rows = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    footLayout->addWidget(m_rows, 1);
    footLayout->addWidget(
        new widgets::TextLabel{tr("Ctrl C  copy rows     Ctrl Shift C  copy as CSV"), theme::Type::Caption, theme::Role::Text3});
    setFocusProxy(m_pane);
    layout->addWidget(makeHead());
    layout->addWidget(m_pane, 1);
    layout->addWidget(foot);
    connect(m_pane, &PagedPane::stateChanged, this, &AuditPage::updateFoot);
    connect(m_pane, &PagedPane::retryWanted, this, [this] { m_model.retry(); });
    connect(m_pane, &PagedPane::stopWanted, this, [this] { m_model.stop(); });
}

QWidget* AuditPage::makeHead()
{
    auto* head = new widgets::Band{theme::Role::Base, widgets::Band::Edge::Bottom};
    head->setFixedHeight(theme::kPageHeader);
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(theme::kGap);
    layout->addWidget(new widgets::TextLabel{tr("Audit log"), theme::Type::Section});
    layout->addWidget(new widgets::TextLabel{tr("newest first"), theme::Type::Dense, theme::Role::Text2});
    layout->addStretch(1);
    m_kinds = new widgets::SegmentedButton{{tr("All entries"), tr("Vote attempts"), tr("Moderation")}};
    layout->addWidget(m_kinds);
    connect(m_kinds, &widgets::SegmentedButton::currentChanged, this, [this] { ask(); });
    return head;
}

void AuditPage::setTimeRange(const domain::TimeRange& range)
{
    m_filter.range = range;
    ask();
}

void AuditPage::setFilterText(const QString& text)
{
    m_filterText = text;
    ask();
}

void AuditPage::refresh()
{
    ask();
}

void AuditPage::ask()
{
    m_stale = !isVisible();
    if (m_stale)
        return;
    ports::AuditFilter filter;
    if (!takeAll(filter, m_filterText.toStdString()))
        return; // the bar shows the chip that is refused
    filter.range = m_filter.range;
    if (m_kinds->current() > 0)
        filter.attempts = m_kinds->current() == 1;
    m_filter = filter;
    m_model.setFilter(filter);
}

void AuditPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    // Whoever has read on keeps the place; at the top stands what is newest now.
    if (m_stale || m_pane->table().verticalScrollBar()->value() == 0)
        ask();
}

std::vector<widgets::FilterChip> AuditPage::parseFilter(const QString& text) const
{
    return chipsOf(text, [](const std::string& term) {
        ports::AuditFilter unused;
        return takeAll(unused, term);
    });
}

QString AuditPage::filterPlaceholder() const
{
    return tr("Filter: token=…, post=…, outcome=duplicate, origin=10.1.0.0/16");
}

void AuditPage::updateFoot()
{
    const QString rows = tables::countText(m_model.rowCount(), "entry", "entries");
    switch (m_model.state()) {
    case tables::PageState::Loading: m_rows->setText(tr("%1 read, reading on").arg(rows)); break;
    case tables::PageState::MoreToCome: m_rows->setText(tr("%1 read, more below").arg(rows)); break;
    case tables::PageState::Complete: m_rows->setText(tr("%1, all that match").arg(rows)); break;
    case tables::PageState::Failed: m_rows->setText(tr("%1 read before the error").arg(rows)); break;
    case tables::PageState::Stopped: m_rows->setText(tr("%1 read before you stopped it").arg(rows)); break;
    }
}

} // namespace scr::pages
