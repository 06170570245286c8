#pragma once

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include "actions/void_action.h"
#include "domain/source.h"
#include "tables/void_tables.h"

class QPlainTextEdit;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QTabBar;
class QTableView;

namespace scr::widgets {
class Banner;
class DigestView;
class ElidedLabel;
class SlopePane;
class Tag;
class TextLabel;
class TotalsStrip;
} // namespace scr::widgets

namespace scr::pages {

/// What exactly a void or a restore would do, and the sign-off beside it. Cancel is the default; the destructive button wakes up
/// when the number of votes was typed and a reason given.
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
    QWidget* makeRight();
    QWidget* makeReason();
    QWidget* makePeople();
    QWidget* makeSteps();
    QWidget* makeSign();
    QWidget* makeButtons();
    void takeStage(actions::VoidAction::Stage stage);
    void tellWorking();
    void updateSign();
    void showTab(int index);
    void run();
    void takeReceipt(const domain::VoidReceipt& receipt);
    void showError(const domain::Error& error);
    [[nodiscard]] bool isRestore() const;
    [[nodiscard]] bool onlyProposes() const; ///< a second person has to approve this one

    actions::VoidAction& m_action;
    QElapsedTimer m_since; ///< when the transaction was sent
    QTimer m_working;
    domain::Source m_source;
    QString m_elevatedLabel;
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
    widgets::TextLabel* m_signTitle{};
    widgets::ElidedLabel* m_request{};
    QPlainTextEdit* m_reason{};
    widgets::TextLabel* m_people{};
    widgets::DigestView* m_digest{};
    widgets::TextLabel* m_steps{};
    widgets::TextLabel* m_typeLabel{};
    QLineEdit* m_typed{};
    widgets::TextLabel* m_match{};
    QPushButton* m_cancel{};
    QPushButton* m_withdraw{};
    QPushButton* m_go{};
};

} // namespace scr::pages
