#pragma once

#include <optional>
#include <vector>

#include <QTimer>

#include "actions/review_action.h"
#include "pages/flag_parts.h"
#include "pages/page.h"
#include "ports/flag_source.h"
#include "ports/latest.h"
#include "ports/vote_source.h"
#include "tables/flag_queue_model.h"

class QStackedWidget;

namespace scr::widgets {
class Banner;
class StatePane;
} // namespace scr::widgets

namespace scr::pages {

class DecisionBar;
class FlagDetail;
class FlagQueue;

/// The moderator's page: the queue at the left, the selected flag at the right, one key a verdict.
class FlagsPage : public Page {
    Q_OBJECT
public:
    FlagsPage(ports::FlagSource& flags, ports::VoteSource& votes, actions::ReviewAction& review, QWidget* parent = nullptr);

    void setTimeRange(const domain::TimeRange& range) override;
    void refresh() override;
    [[nodiscard]] std::vector<widgets::FilterChip> parseFilter(const QString& text) const override;
    [[nodiscard]] QString filterPlaceholder() const override;
    void setFilterText(const QString& text) override;
    void setReadOnly() override;
    void setOwnLogin(const QString& login);
    /// A scan of the time range looked at so many votes and raised no flag.
    void setScannedInVain(qint64 votes);
    void showFlag(const domain::FlagKey& key);

signals:
    void scanWanted();
    void voidWanted(const std::vector<scr::domain::FlagKey>& flags);
    void openCountChanged(int count);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeDetail();
    void connectQueue();
    void connectReview();
    void bindKeys();
    void tellUnreadable(const std::vector<std::string>& sentences);
    void takeFlags(const domain::Result<ports::FlagList>& list);
    void showCurrent();
    void decide(domain::Decision decision);
    void updateCounts();
    void updateQueueState();
    void selectRow(int row);
    void changeFilter(const QString& text);

    ports::FlagSource& m_flagSource;
    actions::ReviewAction& m_review;
    tables::FlagQueueModel m_model;
    domain::TimeRange m_range;
    std::optional<domain::RecordedFlag> m_shown;
    FlagParts m_parts;
    ports::Latest<domain::Result<ports::FlagList>> m_flagsAnswer;

    FlagQueue* m_queue{};
    widgets::StatePane* m_detailState{};
    QStackedWidget* m_detailStack{};
    FlagDetail* m_detail{};
    widgets::Banner* m_banner{};
    DecisionBar* m_decisions{};
    bool m_isReadOnly = false;
    QTimer m_ages; ///< the age column goes with the clock
};

} // namespace scr::pages
