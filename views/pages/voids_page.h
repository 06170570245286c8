#pragma once

#include <optional>

#include "actions/void_action.h"
#include "domain/source.h"
#include "pages/page.h"
#include "ports/latest.h"
#include "ports/void_source.h"
#include "tables/void_tables.h"

class QPushButton;
class QStackedWidget;
class QTableView;

namespace scr::widgets {
class StatePane;
class TextLabel;
} // namespace scr::widgets

namespace scr::pages {

class VoidDetail;
class VoidPreview;

/// The history of voids and restores, and the preview of the one at hand.
class VoidsPage : public Page {
    Q_OBJECT
public:
    VoidsPage(ports::VoidSource& source, actions::VoidAction& action, QWidget* parent = nullptr);

    void setTimeRange(const domain::TimeRange& range) override;
    void refresh() override;
    void setReadOnly() override;
    void setSource(const domain::Source& source, const QString& elevatedLabel);
    void previewVoid(const std::vector<domain::FlagKey>& flags);

signals:
    void committed(const scr::domain::VoidReceipt& receipt); ///< scores changed: the other pages read anew
    void waitingCountChanged(int proposals);
    void flagWanted(const scr::domain::FlagKey& flag);

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeHistory();
    QWidget* makeHead();
    QWidget* makeFoot();
    void takeRequests(const domain::Result<std::vector<domain::VoidRequestRow>>& requests);
    void filterRows();
    void updateButtons();
    void showSelected();
    void takeReading(const domain::Result<domain::RequestReading>& reading);
    void act();
    void withdraw();
    void showPlanning(bool asked);
    void showPlanError(const domain::Error& error);
    void takeOrderError(const domain::Error& error);
    [[nodiscard]] const domain::VoidRequestRow* selected() const;

    ports::VoidSource& m_source;
    actions::VoidAction& m_action;
    tables::VoidHistoryModel m_model;
    std::vector<domain::VoidRequestRow> m_all;
    domain::UtcTime m_readAt{};
    domain::TimeRange m_range;
    ports::Latest<domain::Result<std::vector<domain::VoidRequestRow>>> m_answer;
    ports::Latest<domain::Result<domain::RequestReading>> m_reading;

    QStackedWidget* m_stack{};
    QWidget* m_historyPane{};
    QStackedWidget* m_historyStack{};
    QTableView* m_table{};
    widgets::StatePane* m_state{};
    widgets::StatePane* m_planning{};
    VoidDetail* m_detail{};
    VoidPreview* m_preview{};
    widgets::TextLabel* m_rows{};
    QPushButton* m_act{};
    QPushButton* m_withdraw{};
    bool m_isReadOnly = false;
};

} // namespace scr::pages
