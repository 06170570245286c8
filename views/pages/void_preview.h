#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include "actions/void_action.h"
#include "domain/source.h"
#include "tables/void_tables.h"

class QPushButton;
class QScrollArea;
class QTabBar;
class QTableView;

namespace scr::widgets {
class Banner;
class SlopePane;
class Tag;
class TextLabel;
class TotalsStrip;
} // namespace scr::widgets

namespace scr::pages {

class VoidSignOff;

/// What exactly a void or a restore would do, with the sign-off beside it, and then what became of it.
class VoidPreview : public QWidget {
    Q_OBJECT
public:
    explicit VoidPreview(actions::VoidAction& action, QWidget* parent = nullptr);

    void setSource(const domain::Source& source, const QString& elevatedLabel);
    void show(const domain::VoidPlan& plan);
    using QWidget::show;

signals:
    void closed(); ///< Cancel, or back after it is done

private:
    QWidget* makeLeft();
    QWidget* makeHead();
    void takeStage(actions::VoidAction::Stage stage);
    void tellWorking();
    void showTab(int index);
    void takeReceipt(const domain::VoidReceipt& receipt);
    void showError(const domain::Error& error);

    actions::VoidAction& m_action;
    QElapsedTimer m_since; ///< when the transaction was sent
    QTimer m_working;
    domain::Source m_source;
    tables::PlanVotesModel m_votes;
    tables::PlanTokensModel m_tokens;
    tables::PlanPostsModel m_posts;

    widgets::TextLabel* m_title{};
    widgets::Tag* m_state{};
    widgets::TextLabel* m_computed{};
    QPushButton* m_recompute{};
    widgets::Banner* m_banner{};
    widgets::Banner* m_outcome{};
    widgets::TotalsStrip* m_totals{};
    widgets::SlopePane* m_slope{};
    QScrollArea* m_slopeArea{};
    QTabBar* m_tabs{};
    QTableView* m_table{};
    VoidSignOff* m_sign{};
};

} // namespace scr::pages
