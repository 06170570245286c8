#include "pages/flag_detail.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QVBoxLayout>

#include "delegates/cell_paint.h"
#include "delegates/dense_delegate.h"
#include "delegates/table_setup.h"
#include "pages/evidence_pane.h"
#include "pages/flag_text.h"
#include "pages/table_copy.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "theme/style.h"
#include "widgets/buttons.h"
#include "widgets/elided_label.h"
#include "widgets/history_list.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"
#include "widgets/untrusted_label.h"

namespace scr::pages {

namespace {

constexpr int kCounterWidth = 256;
constexpr int kHistoryWidth = 200;

QScrollArea* scrolling(QWidget* content)
{
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);
    return area;
}

QWidget* padded(QWidget* content)
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout{box};
    layout->setContentsMargins(12, 8, 12, 8);
    layout->addWidget(content);
    layout->addStretch(1);
    return box;
}

} // namespace

FlagDetail::FlagDetail(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHead());
    layout->addWidget(makeText());
    layout->addWidget(new widgets::Rule);
    m_evidence = new EvidencePane;
    layout->addWidget(m_evidence);
    layout->addWidget(makeTables(), 1);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
}

QWidget* FlagDetail::makeHead()
{
    auto* head = new QWidget;
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(theme::kPanePadding, 10, theme::kPanePadding, 2);
    layout->setSpacing(theme::kGap);
    m_severity = new widgets::Tag;
    m_detector = new widgets::Tag;
    m_key = new widgets::ElidedLabel{nullptr, theme::Type::Mono, theme::Role::Text2};
    m_subject = new widgets::UntrustedLabel{nullptr, theme::Type::Dense, theme::Role::Text2};
    layout->addWidget(m_severity);
    layout->addWidget(m_detector);
    layout->addWidget(m_key);
    layout->addWidget(m_subject, 1);
    m_case = widgets::makeButton({}, this);
    theme::setSmall(*m_case);
    m_case->setFixedHeight(20);
    m_case->setToolTip(tr("Flags that share two tokens, or a token and a post"));
    m_case->hide();
    connect(m_case, &QPushButton::clicked, this, [this] { emit caseWanted(m_flag.flag.key); });
    layout->addWidget(m_case);
    m_key->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    return head;
}

QWidget* FlagDetail::makeText()
{
    auto* box = new QWidget;
    auto* layout = new QHBoxLayout{box};
    layout->setContentsMargins(theme::kPanePadding, 4, theme::kPanePadding, 12);
    layout->setSpacing(theme::kPanePadding);
    auto* left = new QVBoxLayout;
    m_headline = new widgets::TextLabel{{}, theme::Type::Headline};
    m_explanation = new widgets::TextLabel;
    m_impact = new widgets::TextLabel{{}, theme::Type::BodyStrong};
    m_certainty = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    auto* right = new QVBoxLayout;
    auto* caption = new widgets::TextLabel{tr("What speaks against it"), theme::Type::CaptionStrong, theme::Role::Text2};
    m_counter = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    m_clears = new widgets::TextLabel{{}, theme::Type::Dense};
    for (widgets::TextLabel* label : {m_headline, m_explanation, m_impact, m_certainty, m_counter, m_clears}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setFocusPolicy(Qt::NoFocus);
    }
    for (QWidget* widget : {static_cast<QWidget*>(m_headline), static_cast<QWidget*>(m_explanation),
                            static_cast<QWidget*>(m_impact), static_cast<QWidget*>(m_certainty)})
        left->addWidget(widget);
    for (QWidget* widget : {static_cast<QWidget*>(caption), static_cast<QWidget*>(m_counter), static_cast<QWidget*>(m_clears)})
        right->addWidget(widget);
    left->addStretch(1);
    right->addStretch(1);
    left->setSpacing(6);
    right->setSpacing(4);
    auto* against = new QWidget;
    against->setFixedWidth(kCounterWidth);
    right->setContentsMargins(0, 0, 0, 0);
    against->setLayout(right);
    layout->addLayout(left, 1);
    layout->addWidget(new widgets::Rule{Qt::Vertical});
    layout->addWidget(against);
    return box;
}

QWidget* FlagDetail::makeTables()
{
    auto* box = new QWidget;
    auto* layout = new QHBoxLayout{box};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* left = new QVBoxLayout;
    left->setSpacing(0);
    m_tabs = new QTabBar;
    m_tabs->setDrawBase(true);
    m_tabs->setExpanding(false);
    m_tabs->setFocusPolicy(Qt::TabFocus);
    m_tabs->setFixedHeight(theme::kTabs);
    m_table = new QTableView;
    delegates::dressDense(*m_table);
    offerCopy(*m_table);
    m_historyTab = new widgets::HistoryList;
    m_historyTabPage = scrolling(padded(m_historyTab));
    m_historyTabPage->hide();
    left->addWidget(m_tabs);
    left->addWidget(m_table, 1);
    left->addWidget(m_historyTabPage, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int index) {
        if (index >= 0)
            m_wanted = m_tabOrder[static_cast<std::size_t>(index)];
        showTab(index);
    });

    m_historyPane = new QWidget;
    m_historyPane->setFixedWidth(kHistoryWidth);
    auto* history = new QVBoxLayout{m_historyPane};
    history->setContentsMargins(0, 0, 0, 0);
    history->setSpacing(0);
    auto* title = new widgets::TextLabel{tr("History"), theme::Type::DenseStrong};
    title->setContentsMargins(12, 0, 0, 0);
    title->setFixedHeight(theme::kTabs);
    m_history = new widgets::HistoryList;
    history->addWidget(title);
    history->addWidget(new widgets::Rule);
    history->addWidget(scrolling(padded(m_history)), 1);
    layout->addLayout(left, 1);
    layout->addWidget(new widgets::Rule{Qt::Vertical});
    layout->addWidget(m_historyPane);
    return box;
}

void FlagDetail::setFlag(const domain::RecordedFlag& flag)
{
    const bool another = flag.flag.key != m_flag.flag.key;
    m_flag = flag;
    const domain::Flag& one = flag.flag;
    const bool grave = one.severity >= domain::Severity::High;
    m_severity->present(tables::titleOf(one.severity), grave ? widgets::Tag::Kind::Warning : widgets::Tag::Kind::Plain,
                        delegates::severityIcon(static_cast<int>(one.severity)));
    m_detector->present(tables::titleOf(one.detector));
    m_key->setText(tables::shown(one.key.text));
    m_subject->setUntrusted(subjectOf(flag));
    fillText();
    if (!another)
        return;
    m_evidence->show(one);
    m_votes.setVotes(one, {});
    m_votesShown = one.votes.size();
    const auto* waterfall = std::get_if<domain::AttemptWaterfall>(&one.evidence);
    m_attempts.setWaterfall(waterfall != nullptr && !waterfall->fromVotes ? *waterfall : domain::AttemptWaterfall{});
    m_rule.setRows(one.rule);
    m_history->show({});
    m_historyTab->show({});
    fillTabs();
}

void FlagDetail::fillText()
{
    const domain::Flag& flag = m_flag.flag;
    m_headline->setText(tables::shown(flag.headline));
    m_explanation->setText(tables::shown(flag.explanation));
    const bool voided = m_flag.state == domain::FlagState::Voided;
    m_impact->setVisible(voided || flag.rankImpact.has_value());
    if (voided)
        m_impact->setText(tr("The extra votes of this flag are voided now; above stands what the scan saw."));
    else if (flag.rankImpact)
        m_impact->setText(impactSentence(*flag.rankImpact, titleOfImpact()));
    const std::string certainty = domain::certaintyText(flag);
    m_certainty->setText(tables::shown(certainty));
    m_certainty->setVisible(!certainty.empty());
    QStringList against;
    for (const std::string& line : flag.counterEvidence)
        against << QStringLiteral("– %1").arg(tables::shown(line));
    m_counter->setText(against.isEmpty() ? tr("Nothing that was looked at.") : against.join(QLatin1Char{'\n'}));
    m_clears->setText(tables::shown(flag.clearsIf));
    m_clears->setVisible(!flag.clearsIf.empty());
}

void FlagDetail::fillTabs()
{
    m_tabs->blockSignals(true);
    while (m_tabs->count() > 0)
        m_tabs->removeTab(0);
    m_tabOrder.clear();
    const auto add = [this](Tab tab, const QString& title) {
        m_tabOrder.push_back(tab);
        m_tabs->addTab(title);
    };
    if (m_votesShown > 0)
        add(Tab::Votes, tr("Votes %1").arg(tables::numberText(static_cast<double>(m_votesShown))));
    if (m_attempts.rowCount() > 0)
        add(Tab::Attempts, tr("Attempts %1").arg(tables::numberText(m_attempts.rowCount())));
    add(Tab::Rule, tr("Rule"));
    if (m_narrow)
        add(Tab::History, tr("History"));
    const auto again = std::find(m_tabOrder.begin(), m_tabOrder.end(), m_wanted);
    const int index = again == m_tabOrder.end() ? 0 : static_cast<int>(again - m_tabOrder.begin());
    m_tabs->setCurrentIndex(index);
    m_tabs->blockSignals(false);
    showTab(index);
}

void FlagDetail::showTab(int index)
{
    if (index < 0 || static_cast<std::size_t>(index) >= m_tabOrder.size())
        return;
    const Tab tab = m_tabOrder[static_cast<std::size_t>(index)];
    m_historyTabPage->setVisible(tab == Tab::History);
    m_table->setVisible(tab != Tab::History);
    switch (tab) {
    case Tab::Votes: m_table->setModel(&m_votes); break;
    case Tab::Attempts: m_table->setModel(&m_attempts); break;
    case Tab::Rule: m_table->setModel(&m_rule); break;
    case Tab::History: return;
    }
    fitTable();
}

/// What all votes have in common stands in the subject above; a site without titles has no use for their column.
void FlagDetail::fitTable()
{
    using Column = tables::FlagVotesModel::Column;
    for (int column = 0; column < m_table->model()->columnCount(); ++column)
        m_table->setColumnHidden(column, false); // the header keeps what another table hid
    if (m_table->model() == &m_votes) {
        const auto& rows = m_votes.rows();
        const auto differ = [&rows](auto keyOf) {
            return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return keyOf(row) != keyOf(rows.front()); });
        };
        const bool posts = differ([](const auto& row) { return row.vote.post; });
        const bool titled = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !row.vote.postTitle.empty(); });
        m_table->setColumnHidden(static_cast<int>(Column::Token), !differ([](const auto& row) { return row.vote.token; }));
        m_table->setColumnHidden(static_cast<int>(Column::Post), !posts);
        m_table->setColumnHidden(static_cast<int>(Column::Title), !posts || !titled);
    }
    fitColumns(*m_table);
}

/// A finding about several posts comes without a title: that of the post it moves most stands with its votes.
std::string FlagDetail::titleOfImpact() const
{
    if (!m_flag.postTitle.empty() && m_flag.flag.subject.post == m_flag.flag.rankImpact->post)
        return m_flag.postTitle;
    const auto& rows = m_votes.rows();
    const auto named =
        std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.vote.post == m_flag.flag.rankImpact->post; });
    return named == rows.end() ? std::string{} : named->vote.postTitle;
}

void FlagDetail::setCaseSize(std::size_t flags)
{
    m_case->setText(tr("Case of %1").arg(tables::countText(static_cast<std::int64_t>(flags), "flag", "flags")));
    m_case->setVisible(flags > 1);
}

void FlagDetail::setVotes(const std::vector<domain::Vote>& votes)
{
    m_votes.setVotes(m_flag.flag, votes);
    fillText(); // the title of the post it moves most may have come with them
    if (m_table->model() == &m_votes)
        fitTable();
}

void FlagDetail::setReviews(const std::vector<domain::ReviewEntry>& reviews)
{
    std::vector<std::pair<domain::UtcTime, widgets::HistoryList::Line>> dated;
    const auto add = [&dated](domain::UtcTime at, const std::string& actor, const QString& what) {
        const QString time =
            tables::dateTimeText(at).section(QLatin1Char{' '}, 0, 1) + QLatin1Char{' '} + tables::clockText(at).left(5);
        dated.push_back({at, {time, tables::shown(actor), what}});
    };
    for (const domain::ReviewEntry& entry : reviews)
        add(entry.decidedAt, entry.actor, decisionText(entry));
    if (m_flag.changedAt)
        add(*m_flag.changedAt, m_flag.changedBy, tr("recorded it anew, version %1 of what it says").arg(m_flag.versions));
    add(m_flag.recordedAt, m_flag.recordedBy, tr("recorded the flag, rules %1").arg(tables::shown(m_flag.flag.ruleVersion)));
    std::stable_sort(dated.begin(), dated.end(), [](const auto& one, const auto& other) { return one.first > other.first; });
    std::vector<widgets::HistoryList::Line> lines;
    for (auto& [at, line] : dated)
        lines.push_back(std::move(line));
    m_historyTab->show(lines);
    m_history->show(std::move(lines));
}

void FlagDetail::clear()
{
    m_flag = {};
    m_votes.setRows({});
    m_attempts.setRows({});
    m_rule.setRows({});
}

void FlagDetail::setNarrow(bool narrow)
{
    if (m_narrow == narrow)
        return;
    m_narrow = narrow;
    m_historyPane->setVisible(!narrow);
    fillTabs();
}

} // namespace scr::pages
