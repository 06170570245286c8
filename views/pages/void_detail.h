#pragma once

#include <QWidget>

#include "domain/audit_reading.h"
#include "tables/void_tables.h"

class QTabBar;
class QTableView;
class QVBoxLayout;

namespace scr::widgets {
class DigestView;
class ElidedLabel;
class HistoryList;
class Tag;
class TextLabel;
} // namespace scr::widgets

namespace scr::pages {

/// One void, restore or proposal: which posts and votes, why, who and when, and the flags it came from.
class VoidDetail : public QWidget {
    Q_OBJECT
public:
    explicit VoidDetail(QWidget* parent = nullptr);

    /// What the list knows already; posts and votes follow with show().
    void begin(const domain::VoidRequestRow& request);
    void show(const domain::RequestReading& reading);
    using QWidget::show;

signals:
    void flagWanted(const scr::domain::FlagKey& flag);

private:
    QWidget* makeTables();
    QWidget* makeFacts();
    void fillTabs();
    void showTab(int index);
    void fillFlags(const std::vector<domain::FlagKey>& flags);

    tables::PostSharesModel m_posts;
    tables::PlanVotesModel m_votes;
    domain::VoidRequestRow m_request;

    QTabBar* m_tabs{};
    QTableView* m_table{};
    widgets::TextLabel* m_title{};
    widgets::Tag* m_state{};
    widgets::ElidedLabel* m_key{};
    widgets::TextLabel* m_reason{};
    widgets::HistoryList* m_history{};
    widgets::TextLabel* m_flagsTitle{};
    QVBoxLayout* m_flags{};
    widgets::DigestView* m_digest{};
};

} // namespace scr::pages
