#pragma once

#include <vector>

#include <QWidget>

#include "domain/review.h"
#include "tables/flag_tables.h"

class QLabel;
class QPushButton;
class QSplitter;
class QTabBar;
class QTableView;
class QVBoxLayout;

namespace scr::widgets {
class ElidedLabel;
class HistoryList;
class Tag;
class TextLabel;
class UntrustedLabel;
} // namespace scr::widgets

namespace scr::pages {

class EvidencePane;

/// Why a flag fired: headline, explanation beside what speaks against it, the evidence chart, votes, attempts and rule as
/// tables, and the history. Shows what it is given and asks nobody.
class FlagDetail : public QWidget {
    Q_OBJECT
public:
    explicit FlagDetail(QWidget* parent = nullptr);

    void setFlag(const domain::RecordedFlag& flag);
    void setVotes(const std::vector<domain::Vote>& votes);
    void setReviews(const std::vector<domain::ReviewEntry>& reviews);
    void setCaseSize(std::size_t flags); ///< of the flag shown, itself included
    void clear();
    /// A narrow window shows the history as a tab instead of a pane of its own.
    void setNarrow(bool narrow);

signals:
    void caseWanted(const scr::domain::FlagKey& flag);

private:
    enum class Tab { Votes, Attempts, Rule, History };
    QWidget* makeHead();
    QWidget* makeText();
    QWidget* makeTables();
    void fillText();
    [[nodiscard]] std::string titleOfImpact() const;
    void fillTabs();
    void showTab(int index);
    void fitTable();

    domain::RecordedFlag m_flag;
    tables::FlagVotesModel m_votes;
    tables::FlagAttemptsModel m_attempts;
    tables::RuleModel m_rule;
    std::vector<Tab> m_tabOrder;
    Tab m_wanted = Tab::Votes; ///< what the user chose last; a flag that lacks it shows its first tab
    std::size_t m_votesShown = 0;
    bool m_narrow = false;

    widgets::Tag* m_severity{};
    widgets::Tag* m_detector{};
    widgets::ElidedLabel* m_key{};
    widgets::UntrustedLabel* m_subject{};
    widgets::TextLabel* m_headline{};
    widgets::TextLabel* m_explanation{};
    widgets::TextLabel* m_impact{};
    widgets::TextLabel* m_certainty{};
    QPushButton* m_case{};
    widgets::TextLabel* m_counter{};
    widgets::TextLabel* m_clears{};
    EvidencePane* m_evidence{};
    QTabBar* m_tabs{};
    QTableView* m_table{};
    widgets::HistoryList* m_history{};
    QWidget* m_historyPane{};
    widgets::HistoryList* m_historyTab{};
    QWidget* m_historyTabPage{};
};

} // namespace scr::pages
