#include "pages/leaderboard_page.h"

#include <algorithm>
#include <array>
#include <map>

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSlider>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "charts/leaderboard_charts.h"
#include "delegates/dense_delegate.h"
#include "delegates/table_setup.h"
#include "dialogs/save_dialog.h"
#include "pages/table_copy.h"
#include "report/leaderboard_csv.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "widgets/banner.h"
#include "widgets/buttons.h"
#include "widgets/segmented_button.h"
#include "widgets/slope_pane.h"
#include "widgets/state_pane.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

constexpr int kRightWidth = 388;
constexpr int kScoreHeight = 132;
constexpr int kBarsHeight = 118;
constexpr int kLabelMargin = 206;

/// The rows of both sides of a comparison as changes from "with" to "without".
std::vector<domain::ScoreChange> changesOf(const rank::WhatIf& whatIf)
{
    std::map<domain::PostKey, domain::ScoreChange> changes;
    for (const auto* side : {&whatIf.with, &whatIf.without}) {
        for (const rank::WhatIfRow& row : *side)
            changes[row.post] = {row.post,        tables::postName(row.title, row.post).toStdString(),
                                 row.scoreWith,   row.scoreWithout,
                                 row.rankWith,    row.rankWithout,
                                 row.flaggedVotes};
    }
    std::vector<domain::ScoreChange> list;
    for (auto& [post, change] : changes)
        list.push_back(std::move(change));
    std::sort(list.begin(), list.end(), [](const auto& a, const auto& b) { return a.rankBefore < b.rankBefore; });
    return list;
}

} // namespace

LeaderboardPage::LeaderboardPage(ports::LeaderboardSource& source, QThreadPool& pool, QWidget* parent) :
    Page{parent}, m_job{source, pool}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* splitter = new QSplitter{Qt::Horizontal};
    splitter->addWidget(makeLeft());
    splitter->addWidget(makeRight());
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    splitter->setSizes({1000, kRightWidth});
    splitter->setChildrenCollapsible(false);
    m_content = splitter;
    m_state = new widgets::StatePane;
    m_stack = new QStackedWidget;
    m_stack->addWidget(m_content);
    m_stack->addWidget(m_state);
    m_banner = new widgets::Banner;
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    connect(&m_job, &jobs::LeaderboardJob::answered, this, &LeaderboardPage::take);
    connect(&m_job, &jobs::LeaderboardJob::failed, this, &LeaderboardPage::showFailure);
    connect(m_state, &widgets::StatePane::stopRequested, this, [this] {
        m_job.cancel();
        connect(m_state->showStopped(), &QPushButton::clicked, this, &LeaderboardPage::refresh);
    });
    connect(m_banner, &widgets::Banner::buttonClicked, this, &LeaderboardPage::refresh);
    applyMode();
}

QWidget* LeaderboardPage::makeLeft()
{
    auto* pane = new QWidget;
    auto* layout = new QVBoxLayout{pane};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHead());
    layout->addWidget(makeCharts(), 1);
    layout->addWidget(makeScrubber());
    return pane;
}

QWidget* LeaderboardPage::makeHead()
{
    auto* head = new widgets::Band{theme::Role::Base, widgets::Band::Edge::Bottom};
    head->setFixedHeight(theme::kPageHeader);
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(12);
    m_mode = new widgets::SegmentedButton{{tr("Rank"), tr("Score")}};
    m_top = new QComboBox;
    for (const int top : {5, 10, 15, 25, 50})
        m_top->addItem(tr("Top %1").arg(top), top);
    m_top->setCurrentIndex(2);
    m_top->setAccessibleName(tr("How many posts"));
    m_counts = new widgets::TextLabel{{}, theme::Type::Dense, theme::Role::Text2};
    m_export = widgets::makeButton(tr("Export…"), theme::Icon::Export, this);
    layout->addWidget(new widgets::TextLabel{tr("Leaderboard"), theme::Type::Section});
    layout->addWidget(m_mode);
    layout->addWidget(m_top);
    layout->addStretch(1);
    layout->addWidget(m_counts);
    layout->addWidget(m_export);
    connect(m_mode, &widgets::SegmentedButton::currentChanged, this, &LeaderboardPage::applyMode);
    connect(m_top, &QComboBox::currentIndexChanged, this, [this] {
        m_question.top = m_top->currentData().toUInt();
        ask();
    });
    connect(m_export, &QPushButton::clicked, this, &LeaderboardPage::exportAs);
    return head;
}

QWidget* LeaderboardPage::makeCharts()
{
    auto* box = new QWidget;
    auto* layout = new QVBoxLayout{box};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_bump = new charts::BumpChart;
    m_score = new charts::ScoreChart;
    m_bars = new charts::VotesBarChart;
    m_litTitle = new widgets::TextLabel{{}, theme::Type::DenseStrong, theme::Role::Text2};
    m_litTitle->setContentsMargins(theme::kPanePadding, 6, theme::kPanePadding, 0);
    m_litTitle->setTextFormat(Qt::PlainText);
    m_bars->setFixedHeight(kBarsHeight);
    m_bump->setTimeAxisShown(false);
    m_score->setTimeAxisShown(false);
    for (charts::TimelineChart* chart :
         {static_cast<charts::TimelineChart*>(m_bump), static_cast<charts::TimelineChart*>(m_score),
          static_cast<charts::TimelineChart*>(m_bars)}) {
        chart->setLabelMargins(kLabelMargin, kLabelMargin);
        chart->setBrushable(true);
        connect(chart, &charts::Chart::scrubbed, this, &LeaderboardPage::scrubTo);
        connect(chart, &charts::Chart::brushed, this, &LeaderboardPage::timeRangeWanted);
    }
    m_bump->setEmptyText(tr("No votes in this time range"));
    connect(m_bump, &charts::Chart::pointSelected, this, [this](int line) {
        if (m_answer && line >= 0 && static_cast<std::size_t>(line) < m_answer->series.lines.size())
            light(m_answer->series.lines[static_cast<std::size_t>(line)].post);
    });
    layout->addWidget(m_bump, 1);
    layout->addWidget(new widgets::Rule);
    layout->addWidget(m_litTitle);
    layout->addWidget(m_score);
    layout->addWidget(m_bars);
    return box;
}

QWidget* LeaderboardPage::makeScrubber()
{
    auto* bar = new widgets::Band{theme::Role::Window, widgets::Band::Edge::Top};
    bar->setFixedHeight(theme::kFooter);
    auto* layout = new QHBoxLayout{bar};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(12);
    m_scrub = new QSlider{Qt::Horizontal};
    m_scrub->setAccessibleName(tr("Moment"));
    m_moment = new widgets::TextLabel{{}, theme::Type::BodyStrong};
    layout->addWidget(new widgets::TextLabel{tr("Moment"), theme::Type::Dense, theme::Role::Text2});
    layout->addWidget(m_scrub, 1);
    layout->addWidget(m_moment);
    connect(m_scrub, &QSlider::valueChanged, this, [this](int bin) {
        m_question.bin = static_cast<std::uint32_t>(bin);
        ask();
    });
    return bar;
}

QWidget* LeaderboardPage::makeRight()
{
    auto* pane = new QWidget;
    pane->setMinimumWidth(300);
    pane->setAutoFillBackground(true);
    pane->setBackgroundRole(QPalette::Base);
    auto* layout = new QVBoxLayout{pane};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* head = new QWidget;
    head->setFixedHeight(theme::kPageHeader);
    auto* headLayout = new QHBoxLayout{head};
    headLayout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_flagged = new widgets::SegmentedButton{{tr("With flagged votes"), tr("Without")}};
    m_flagged->setStretched(true);
    headLayout->addWidget(m_flagged);
    m_slope = new widgets::SlopeMini;
    m_movesTitle = new widgets::TextLabel{{}, theme::Type::Section};
    m_movesTitle->setContentsMargins(theme::kPanePadding, 8, theme::kPanePadding, 8);
    m_movesTable = new QTableView;
    m_movesTable->setModel(&m_moves);
    delegates::dressDense(*m_movesTable);
    offerCopy(*m_movesTable);
    QHeaderView& header = *m_movesTable->horizontalHeader();
    header.setStretchLastSection(false);
    header.setSectionResizeMode(static_cast<int>(tables::MovesModel::Column::Post), QHeaderView::Stretch);
    constexpr std::array kWidths{
        std::pair{tables::MovesModel::Column::With, 52}, std::pair{tables::MovesModel::Column::Without, 70},
        std::pair{tables::MovesModel::Column::Move, 58}, std::pair{tables::MovesModel::Column::Votes, 58}};
    for (const auto& [column, width] : kWidths)
        header.resizeSection(static_cast<int>(column), width);
    layout->addWidget(head);
    layout->addWidget(new widgets::Rule);
    layout->addWidget(m_slope);
    layout->addWidget(new widgets::Rule);
    layout->addWidget(m_movesTitle);
    layout->addWidget(m_movesTable, 1);
    connect(m_flagged, &widgets::SegmentedButton::currentChanged, this, [this](int choice) {
        m_question.withFlagged = choice == 0;
        ask();
    });
    connect(m_movesTable->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& current) {
        if (current.isValid())
            light(m_moves.row(current.row()).post);
    });
    return pane;
}

void LeaderboardPage::setTimeRange(const domain::TimeRange& range)
{
    m_question.range = range;
    m_question.bin.reset();
    m_question.lit = {};
    ask();
}

void LeaderboardPage::refresh()
{
    m_banner->dismiss();
    m_job.forgetHistory();
    ask();
}

void LeaderboardPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_stale)
        ask();
}

void LeaderboardPage::ask()
{
    m_stale = !isVisible();
    if (m_stale)
        return;
    m_job.ask(m_question);
    if (!m_answer) {
        m_state->showLoading(tr("Adding up the votes"));
        m_stack->setCurrentWidget(m_state);
    }
}

void LeaderboardPage::take(const std::shared_ptr<const jobs::LeaderboardAnswer>& answer)
{
    m_answer = answer;
    m_banner->dismiss();
    if (answer->series.lines.empty()) {
        m_state->showEmpty(theme::Icon::Leaderboard, tr("No leaderboard in this time range"),
                           tr("No counted vote lies in it or before it."));
        m_stack->setCurrentWidget(m_state);
        return;
    }
    m_stack->setCurrentWidget(m_content);
    showAnswer();
    showWhatIf();
}

void LeaderboardPage::showAnswer()
{
    const rank::BumpSeries& series = m_answer->series;
    m_bump->show(series);
    m_score->show(series, m_answer->lit);
    m_bars->show(charts::binsOf(series), m_answer->lit);
    m_counts->setText(
        tr("Top %1 of %2").arg(series.top).arg(tables::countText(static_cast<std::int64_t>(series.posts), "post", "posts")));
    if (m_answer->lit)
        m_litTitle->setText(tr("Score and votes of %1").arg(tables::postName(m_answer->lit->title, m_answer->lit->post)));
    const QSignalBlocker quiet{m_scrub};
    m_scrub->setRange(0, std::max(0, static_cast<int>(series.bins) - 1));
    m_scrub->setValue(static_cast<int>(m_answer->whatIf.bin));
    const domain::UtcTime moment = m_answer->whatIf.at;
    m_moment->setText(tables::dateTimeText(moment) + tr(" UTC"));
    m_bump->setScrub(moment);
    m_score->setScrub(moment);
    m_bars->setScrub(moment);
}

void LeaderboardPage::showWhatIf()
{
    const rank::WhatIf& whatIf = m_answer->whatIf;
    m_slope->show(changesOf(whatIf), static_cast<int>(std::min<std::uint32_t>(m_question.top, 15)));
    m_slope->setCaptions(tr("With"), tables::dateTimeText(whatIf.at).left(11), tr("Without"));
    const QSignalBlocker quiet{m_movesTable->selectionModel()};
    m_moves.setRows(whatIf.moved);
    m_movesTitle->setText(whatIf.moved.empty()
                              ? tr("No flagged vote changes a rank")
                              : tr("What changes: %1, %2")
                                    .arg(tables::countText(static_cast<std::int64_t>(whatIf.moved.size()), "post", "posts"),
                                         tables::countText(whatIf.flaggedVotes, "flagged vote", "flagged votes")));
}

void LeaderboardPage::showFailure(const domain::Error& error)
{
    const QString sentence = tables::shown(domain::sentenceOf(error));
    if (m_answer) {
        m_banner->present(widgets::Banner::Kind::Warning, tr("The leaderboard could not be read again."),
                          sentence + tr(" You see what was read before."), tr("Try again"));
        return;
    }
    m_state->showError(tr("The leaderboard could not be read"), sentence, tables::shown(error.sqlstate));
    connect(m_state->addAction(tr("Try again")), &QPushButton::clicked, this, &LeaderboardPage::refresh);
    m_stack->setCurrentWidget(m_state);
}

void LeaderboardPage::light(const domain::PostKey& post)
{
    if (m_question.lit == post)
        return;
    m_question.lit = post;
    ask();
}

void LeaderboardPage::scrubTo(domain::UtcTime moment)
{
    if (!m_answer || m_answer->series.binWidth.count() <= 0)
        return;
    const auto bin = (moment - m_answer->series.from) / m_answer->series.binWidth;
    m_scrub->setValue(static_cast<int>(std::clamp<std::int64_t>(bin, 0, m_scrub->maximum())));
}

void LeaderboardPage::applyMode()
{
    const bool ranks = m_mode->current() == 0;
    m_bump->setVisible(ranks);
    m_score->setMinimumHeight(ranks ? 0 : 2 * kScoreHeight);
    m_score->setMaximumHeight(ranks ? kScoreHeight : QWIDGETSIZE_MAX);
    m_score->setSizePolicy(QSizePolicy::Expanding, ranks ? QSizePolicy::Fixed : QSizePolicy::Expanding);
}

void LeaderboardPage::exportAs()
{
    if (!m_answer)
        return;
    dialogs::askWhereToSave(
        *this, tr("Export the leaderboard"), QStringLiteral("leaderboard"),
        {{tr("Picture"), QStringLiteral("png")}, {tr("Document"), QStringLiteral("pdf")}, {tr("Figures"), QStringLiteral("csv")}},
        [this](const QString& path) { write(path); });
}

void LeaderboardPage::write(const QString& path)
{
    const std::string file = path.toStdString();
    const std::string detail = "leaderboard, top " + std::to_string(m_answer->series.top) + " of " +
                               std::to_string(m_answer->series.posts) + " posts, " + file;
    using Writer = std::function<domain::Status()>;
    if (path.endsWith(QStringLiteral(".csv"), Qt::CaseInsensitive)) {
        emit exportWanted(path, detail, [answer = m_answer, file]() -> Writer {
            return [answer, file] { return report::writeLeaderboardCsv(answer->series, file); };
        });
        return;
    }
    charts::Chart* chart = m_mode->current() == 0 ? static_cast<charts::Chart*>(m_bump) : m_score;
    emit exportWanted(path, detail, [chart, path]() -> Writer { return [saved = chart->save(path)] { return saved; }; });
}

} // namespace scr::pages
