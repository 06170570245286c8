#pragma once

#include <optional>
#include <string>
#include <vector>

#include <QTimer>

#include "actions/accept_action.h"
#include "domain/control.h"
#include "jobs/control_job.h"
#include "pages/page.h"
#include "tables/control_list_model.h"

class QPushButton;
class QTableView;

namespace scr::widgets {
class Banner;
class TextLabel;
} // namespace scr::widgets

namespace scr::pages {

class ControlDetail;

/// Each safeguard of the voting system: holds, does not hold, or cannot be checked; checked when the page is first opened.
class ControlsPage : public Page {
    Q_OBJECT
public:
    ControlsPage(jobs::ControlJob& job, actions::AcceptAction& accepting, QWidget* parent = nullptr);

    void setTimeRange(const domain::TimeRange& range) override; ///< controls are about now
    void refresh() override;
    [[nodiscard]] std::vector<widgets::FilterChip> parseFilter(const QString& text) const override;
    [[nodiscard]] QString filterPlaceholder() const override;
    void setFilterText(const QString& text) override;
    void setReadOnly() override; ///< what is on record is shown, and neither checked again nor decided

signals:
    void checkStarted();
    void leftInDoubt();             ///< a decision whose outcome is not known
    void failingChanged(int count); ///< those that nobody answers for

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeList();
    QWidget* makeHead();
    void check(std::vector<std::string> names);
    void take(const domain::Result<std::vector<domain::Control>>& controls);
    void order(const domain::AcceptOrder& order);
    void takeOrdered(const domain::AcceptOrder& order, const domain::Status& status);
    void relist(); ///< row heights and selection after the model was made anew
    void showCurrent();
    void updateHead();

    jobs::ControlJob& m_job;
    actions::AcceptAction& m_accepting;
    std::optional<domain::AcceptOrder> m_refused; ///< what "Try again" is about; nothing: the check
    std::string m_toCheck;                        ///< decided about while a check ran; checked when that is over
    tables::ControlListModel m_model;
    QTimer m_ages;
    std::string m_chosen; ///< name of the control that is shown
    bool m_asked = false;
    QTableView* m_table{};
    ControlDetail* m_detail{};
    widgets::Banner* m_problem{};
    widgets::TextLabel* m_counts{};
    QPushButton* m_all{};
};

} // namespace scr::pages
