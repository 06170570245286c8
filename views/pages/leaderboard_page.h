#pragma once

#include <functional>
#include <memory>
#include <string>

#include "jobs/leaderboard_job.h"
#include "pages/page.h"
#include "tables/moves_model.h"

class QComboBox;
class QPushButton;
class QSlider;
class QStackedWidget;
class QTableView;

namespace scr::charts {
class BumpChart;
class ScoreChart;
class VotesBarChart;
} // namespace scr::charts

namespace scr::widgets {
class Banner;
class SegmentedButton;
class SlopeMini;
class StatePane;
class TextLabel;
} // namespace scr::widgets

namespace scr::pages {

/// Rank and score through time, with and without flagged votes, voids marked; at the right what the flagged votes do at one
/// moment.
class LeaderboardPage : public Page {
    Q_OBJECT
public:
    LeaderboardPage(ports::LeaderboardSource& source, QThreadPool& pool, QWidget* parent = nullptr);

    void setTimeRange(const domain::TimeRange& range) override;
    void refresh() override;

signals:
    /// What `prepare` gives makes the file; `detail` says in the audit log what left the house. Prepared by the window's thread,
    /// which alone can draw, and only when the file may be written.
    void exportWanted(const QString& path, const std::string& detail,
                      const std::function<std::function<scr::domain::Status()>()>& prepare);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeLeft();
    QWidget* makeHead();
    QWidget* makeCharts();
    QWidget* makeScrubber();
    QWidget* makeRight();
    void ask();
    void take(const std::shared_ptr<const jobs::LeaderboardAnswer>& answer);
    void showAnswer();
    void showWhatIf();
    void showFailure(const domain::Error& error);
    void light(const domain::PostKey& post);
    void scrubTo(domain::UtcTime moment);
    void exportAs();
    void write(const QString& path);
    void applyMode();

    jobs::LeaderboardJob m_job;
    jobs::LeaderboardQuestion m_question;
    std::shared_ptr<const jobs::LeaderboardAnswer> m_answer;
    tables::MovesModel m_moves;
    bool m_stale = true;

    QStackedWidget* m_stack{};
    QWidget* m_content{};
    widgets::StatePane* m_state{};
    widgets::Banner* m_banner{};
    widgets::SegmentedButton* m_mode{};
    widgets::SegmentedButton* m_flagged{};
    QComboBox* m_top{};
    QPushButton* m_export{};
    widgets::TextLabel* m_counts{};
    charts::BumpChart* m_bump{};
    charts::ScoreChart* m_score{};
    charts::VotesBarChart* m_bars{};
    widgets::TextLabel* m_litTitle{};
    QSlider* m_scrub{};
    widgets::TextLabel* m_moment{};
    widgets::SlopeMini* m_slope{};
    widgets::TextLabel* m_movesTitle{};
    QTableView* m_movesTable{};
};

} // namespace scr::pages
