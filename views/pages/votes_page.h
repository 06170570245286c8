#pragma once

#include <cstdint>

#include "pages/page.h"
#include "ports/latest.h"
#include "ports/vote_source.h"
#include "tables/vote_pages_model.h"

class QLineEdit;
class QPushButton;

namespace scr::widgets {
class TextLabel;
}

namespace scr::pages {

class PagedPane;

/// The votes of the time range that match the filter, newest first, over any number of rows.
class VotesPage : public Page {
    Q_OBJECT
public:
    explicit VotesPage(ports::VoteSource& votes, QWidget* parent = nullptr);

    void setTimeRange(const domain::TimeRange& range) override;
    void refresh() override;
    [[nodiscard]] std::vector<widgets::FilterChip> parseFilter(const QString& text) const override;
    [[nodiscard]] QString filterPlaceholder() const override;
    void setFilterText(const QString& text) override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeFoot();
    void ask();
    void updateFoot();
    void fitToRows(const QModelIndex& parent, int first, int last);
    void count();
    void takeCount(const domain::Result<std::int64_t>& count);
    void jump();

    ports::VoteSource& m_source;
    tables::VotePagesModel m_model;
    domain::TimeRange m_range;
    ports::Latest<domain::Result<std::int64_t>> m_countAnswer;
    bool m_stale = true;   ///< the question changed while the page was hidden
    bool m_fitted = false; ///< the columns have had their first widths
    PagedPane* m_pane{};
    widgets::TextLabel* m_rows{};
    widgets::TextLabel* m_counted{};
    QPushButton* m_count{};
    QPushButton* m_newest{};
    QLineEdit* m_jump{};
};

} // namespace scr::pages
