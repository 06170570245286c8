#include "pages/audit_page.h"

#include <array>
#include <charconv>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSplitter>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "dialogs/leaf_range_dialog.h"
#include "dialogs/text_dialog.h"
#include "domain/vote.h"
#include "pages/filter_chips.h"
#include "pages/paged_pane.h"
#include "pages/seal_pane.h"
#include "pages/table_copy.h"
#include "query/terms.h"
#include "tables/cell_text.h"
#include "tables/seal_tables.h"
#include "theme/metrics.h"
#include "theme/tooltip.h"
#include "widgets/banner.h"
#include "widgets/buttons.h"
#include "widgets/segmented_button.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

constexpr int kListWidth = 800;
constexpr int kSealWidth = 432;
constexpr int kNarrowWindow = 1500;

domain::Status refused(const query::RawTerm& term, const char* accepted)
{
    return domain::failure(domain::Fault::Invalid, "\"" + term.source + "\" is not understood", std::string{"Write "} + accepted);
}

constexpr const char* kAccepted = "token=…, post=…, outcome=duplicate, origin=10.1.0.0/16 or leaf=184103";

domain::Status takeLeaf(ports::AuditFilter& filter, const query::RawTerm& term)
{
    std::uint64_t leaf = 0;
    const char* end = term.value.data() + term.value.size();
    if (std::from_chars(term.value.data(), end, leaf).ptr != end || term.value.empty() || leaf > INT64_MAX)
        return refused(term, kAccepted);
    filter.leaf = leaf;
    return domain::Nothing{};
}

domain::Status take(ports::AuditFilter& filter, const query::RawTerm& term)
{
    if (term.op != query::Op::Equal || term.name.empty())
        return refused(term, kAccepted);
    if (term.name == "token")
        filter.token = term.value;
    else if (term.name == "post")
        filter.post = term.value;
    else if (term.name == "outcome" || term.name == "decision")
        filter.outcome = term.value;
    else if (term.name == "origin")
        filter.origin = term.value;
    else if (term.name == "leaf")
        return takeLeaf(filter, term);
    else
        return refused(term, kAccepted);
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

AuditPage::AuditPage(ports::AuditSource& source, jobs::SealJob& seal, QWidget* parent) :
    Page{parent}, m_seal{seal}, m_model{source}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* splitter = new QSplitter{Qt::Horizontal};
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(makeList());
    splitter->addWidget(m_sealPane = new SealPane{m_seal});
    splitter->setStretchFactor(0, 1);
    splitter->setSizes({kListWidth, kSealWidth});
    m_sealPane->setMinimumWidth(kSealWidth - 40);
    layout->addWidget(splitter, 1);
    setFocusProxy(m_pane);
    wireSeal();
}

QWidget* AuditPage::makeList()
{
    auto* list = new QWidget;
    auto* layout = new QVBoxLayout{list};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_banner = new widgets::Banner;
    m_pane = new PagedPane{m_model, m_model.notifier(), tr("entries")};
    m_pane->table().setAccessibleName(tr("Audit log"));
    QHeaderView& header = *m_pane->table().horizontalHeader();
    const std::array<int, 9> widths{84, 178, 112, 84, 80, 84, 72, 0, 112};
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
    layout->addWidget(makeHead());
    layout->addWidget(m_banner);
    layout->addWidget(m_pane, 1);
    layout->addWidget(foot);
    connect(m_pane, &PagedPane::stateChanged, this, &AuditPage::updateFoot);
    connect(m_pane, &PagedPane::retryWanted, this, [this] { m_model.retry(); });
    connect(m_pane, &PagedPane::stopWanted, this, [this] { m_model.stop(); });
    return list;
}

QWidget* AuditPage::makeHead()
{
    auto* head = new widgets::Band{theme::Role::Base, widgets::Band::Edge::Bottom};
    head->setFixedHeight(theme::kPageHeader);
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(theme::kGap);
    layout->addWidget(new widgets::TextLabel{tr("Audit log"), theme::Type::Section});
    layout->addWidget(m_sealed = new widgets::TextLabel{tr("newest first"), theme::Type::Dense, theme::Role::Text2});
    layout->addStretch(1);
    m_kinds = new widgets::SegmentedButton{{tr("All"), tr("Vote attempts"), tr("Moderation")}};
    layout->addWidget(m_kinds);
    m_verify = widgets::makeButton(tr("Verify all"), theme::Icon::Check, head);
    m_verify->setObjectName(QStringLiteral("verifyAll"));
    m_verify->setEnabled(false); // until it is known what is sealed
    layout->addWidget(m_verify);
    QToolButton* more = widgets::makeToolButton(theme::Icon::More, tr("More about the sealed log"), head);
    more->setObjectName(QStringLiteral("sealMenu"));
    more->setPopupMode(QToolButton::InstantPopup);
    more->setMenu(makeMenu());
    layout->addWidget(more);
    connect(m_kinds, &widgets::SegmentedButton::currentChanged, this, [this] { ask(); });
    return head;
}

QMenu* AuditPage::makeMenu()
{
    auto* menu = new QMenu{this};
    m_range = menu->addAction(tr("Verify a range of entries…"), this, &AuditPage::askForRange);
    m_findings = menu->addAction(tr("List all findings…"), this, &AuditPage::listFindings);
    m_range->setEnabled(false);
    m_findings->setEnabled(false);
    return menu;
}

void AuditPage::setReadOnly()
{
    m_range->setVisible(false); // a pack is verified as a whole
    m_sealPane->setReadOnly();
}

/// From the first to the last of the rows that are chosen.
void AuditPage::askForRange()
{
    const auto& reading = m_seal.reading();
    if (!reading || !*reading || !(*reading)->report.newest || m_seal.isVerifying())
        return;
    const std::uint64_t size = (*reading)->report.newest->checkpoint.size;
    std::uint64_t first = size;
    std::uint64_t last = 0;
    for (const QModelIndex& index : m_pane->table().selectionModel()->selectedRows()) {
        if (const auto leaf = m_model.row(index.row()).leaf; leaf && *leaf < size) {
            first = std::min(first, *leaf);
            last = std::max(last, *leaf);
        }
    }
    if (size == 0)
        return;
    auto* dialog = first > last ? new dialogs::LeafRangeDialog{size, 0, size - 1, this}
                                : new dialogs::LeafRangeDialog{size, first, last, this};
    connect(dialog, &dialogs::LeafRangeDialog::chosen, this, [this](quint64 from, quint64 to) { verify(from, to + 1); });
    dialog->open();
}

void AuditPage::verify(std::optional<std::uint64_t> from, std::optional<std::uint64_t> to)
{
    m_seal.verify(from, to);
    // A button that is disabled hands its focus to the next one, where nobody wants it.
    if (window()->focusWidget() == m_verify)
        m_pane->table().setFocus();
    m_verify->setEnabled(false);
    emit verificationStarted();
}

void AuditPage::listFindings()
{
    QStringList lines;
    for (const audit::LogFinding& finding : m_seal.verified() ? m_seal.verified()->findings : std::vector<audit::LogFinding>{})
        lines << tables::findingText(finding);
    const auto count = static_cast<std::int64_t>(m_seal.verified() ? m_seal.verified()->findingCount : 0);
    (new dialogs::TextDialog{tr("What the last verification found"),
                             count > lines.size() ? tr("The first %1 of %2.").arg(lines.size()).arg(count)
                                                  : tables::countText(count, "finding", "findings") + QLatin1Char{'.'},
                             lines.join(QLatin1Char{'\n'}), this})
        ->open();
}

void AuditPage::wireSeal()
{
    connect(m_verify, &QPushButton::clicked, this, [this] { verify({}, {}); });
    connect(&m_seal, &jobs::SealJob::looked, this, &AuditPage::takeReading);
    connect(&m_seal, &jobs::SealJob::verificationEnded, this, &AuditPage::takeVerification);
    connect(m_banner, &widgets::Banner::buttonClicked, this, &AuditPage::goToEntry);
    connect(m_sealPane, &SealPane::noticed, this, &AuditPage::noticed);
    connect(m_pane->table().selectionModel(), &QItemSelectionModel::currentRowChanged, this, &AuditPage::showCurrent);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &AuditPage::showCurrent);
}

void AuditPage::takeReading(const domain::Result<jobs::SealReading>& reading)
{
    m_sealPane->showReading(reading);
    m_verify->setEnabled(reading.has_value() && !m_seal.isVerifying());
    m_range->setEnabled(m_verify->isEnabled());
    if (reading) {
        m_sealed->setText(tables::sealHeadText(*reading));
        tellTrouble(*reading);
        return;
    }
    const bool isUnsealed = reading.error().fault == domain::Fault::NotFound;
    m_sealed->setText(isUnsealed ? tr("not sealed") : tr("the seal could not be looked at"));
    m_sealed->setToolTip(theme::plainTip(tables::shown(domain::sentenceOf(reading.error()))));
    if (!isUnsealed && reading.error().detail != m_trouble) {
        m_trouble = reading.error().detail;
        m_wanted.reset();
        m_banner->present(widgets::Banner::Kind::Danger, tr("The seal of the log could not be looked at."),
                          tables::shown(domain::sentenceOf(reading.error())));
    }
}

/// What is wrong with the newest checkpoint, or what a sealer refused; the same is told once, and goes when it is over. What a
/// verification found stays.
void AuditPage::tellTrouble(const jobs::SealReading& reading)
{
    const bool isBroken = !reading.report.findings.empty();
    QString sentence;
    if (isBroken)
        sentence = tables::findingText(reading.report.findings.front());
    else if (!reading.alarms.empty())
        sentence = tables::shown(reading.alarms.front().what) + QLatin1Char{'.'};
    if (sentence.toStdString() == m_trouble)
        return;
    const bool isShown = !m_trouble.empty();
    m_trouble = sentence.toStdString();
    if (sentence.isEmpty() && isShown)
        m_banner->dismiss();
    if (sentence.isEmpty())
        return;
    m_wanted.reset();
    m_banner->present(widgets::Banner::Kind::Danger,
                      !isBroken                     ? tr("A sealer refused to sign.")
                      : reading.report.isAsSigned() ? tr("The signature of a witness is gone.")
                                                    : tr("The log is not what was signed."),
                      sentence);
}

void AuditPage::takeVerification(const domain::Result<jobs::VerifyReport>& report)
{
    m_verify->setEnabled(true);
    m_wanted.reset();
    m_trouble.clear(); // what is wrong beside it is told again by the next look
    if (!report) {
        if (report.error().fault != domain::Fault::Cancelled)
            m_banner->present(widgets::Banner::Kind::Danger, tr("The log could not be verified."),
                              tables::shown(domain::sentenceOf(report.error())));
        return;
    }
    m_model.setProblems(tables::problemsOf(*m_seal.verified()));
    m_findings->setEnabled(!m_seal.verified()->findings.empty());
    const auto shown = tables::firstShown(*report);
    if (shown)
        m_wanted = shown->first;
    const QString sentence = shown                      ? tables::findingText(*shown)
                             : report->findings.empty() ? tables::remarksText(*report)
                                                        : tables::findingText(report->findings.front());
    m_banner->present(report->isGood() ? widgets::Banner::Kind::Ok : widgets::Banner::Kind::Danger, tables::verifiedText(*report),
                      sentence, shown ? tr("Go to entry") : QString{});
    showCurrent();
}

void AuditPage::goToEntry()
{
    if (!m_wanted)
        return;
    m_filterText = QStringLiteral("leaf=%1").arg(*m_wanted);
    emit filterTextChanged(m_filterText);
    ask();
}

void AuditPage::showCurrent()
{
    const QModelIndex current = m_pane->table().currentIndex();
    m_sealPane->showEntry(current.isValid() && current.row() < m_model.rowCount() ? &m_model.row(current.row()) : nullptr);
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

/// What an entry says is worth more than from where it came.
void AuditPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    m_pane->table().setColumnHidden(static_cast<int>(tables::AuditPagesModel::Column::Origin),
                                    window()->width() <= kNarrowWindow);
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
    return tr("Filter: token=…, post=…, outcome=duplicate, origin=10.1.0.0/16, leaf=…");
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
