#pragma once

#include "pages/page.h"
#include "ports/audit_source.h"
#include "tables/audit_pages_model.h"

namespace scr::widgets {
class SegmentedButton;
class TextLabel;
} // namespace scr::widgets

namespace scr::pages {

class PagedPane;

/// Vote attempts and what was done with this program, newest first.
class AuditPage : public Page {
    Q_OBJECT
public:
    explicit AuditPage(ports::AuditSource& source, QWidget* parent = nullptr);

    void setTimeRange(const domain::TimeRange& range) override;
    void refresh() override;
    [[nodiscard]] std::vector<widgets::FilterChip> parseFilter(const QString& text) const override;
    [[nodiscard]] QString filterPlaceholder() const override;
    void setFilterText(const QString& text) override;

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeHead();
    void ask();
    void updateFoot();

    tables::AuditPagesModel m_model;
    ports::AuditFilter m_filter;
    bool m_stale = true;
    PagedPane* m_pane{};
    widgets::SegmentedButton* m_kinds{};
    widgets::TextLabel* m_rows{};
};

} // namespace scr::pages
