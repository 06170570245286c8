#pragma once

#include <cstdint>
#include <optional>

#include "jobs/seal_job.h"
#include "pages/page.h"
#include "ports/audit_source.h"
#include "tables/audit_pages_model.h"

class QPushButton;

namespace scr::widgets {
class Banner;
class SegmentedButton;
class TextLabel;
} // namespace scr::widgets

namespace scr::pages {

class PagedPane;
class SealPane;

/// Vote attempts and what was done with this program, newest first, and how it is sealed.
class AuditPage : public Page {
    Q_OBJECT
public:
    AuditPage(ports::AuditSource& source, jobs::SealJob& seal, QWidget* parent = nullptr);

    void setTimeRange(const domain::TimeRange& range) override;
    void refresh() override;
    [[nodiscard]] std::vector<widgets::FilterChip> parseFilter(const QString& text) const override;
    [[nodiscard]] QString filterPlaceholder() const override;
    void setFilterText(const QString& text) override;
    void setReadOnly() override;

signals:
    void verificationStarted();

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeList();
    void wireSeal();
    void ask();
    void takeReading(const domain::Result<jobs::SealReading>& reading);
    void takeVerification(const domain::Result<jobs::VerifyReport>& report);
    void tellTrouble(const jobs::SealReading& reading);
    QMenu* makeMenu();
    void askForRange();
    void verify(std::optional<std::uint64_t> from, std::optional<std::uint64_t> to);
    void listFindings();
    void goToEntry();
    void showCurrent();
    void updateFoot();

    jobs::SealJob& m_seal;
    tables::AuditPagesModel m_model;
    ports::AuditFilter m_filter;
    bool m_stale = true;
    PagedPane* m_pane{};
    widgets::SegmentedButton* m_kinds{};
    widgets::TextLabel* m_rows{};
    widgets::TextLabel* m_sealed{};
    widgets::Banner* m_banner{};
    QPushButton* m_verify{};
    QAction* m_range{};
    QAction* m_findings{};
    SealPane* m_sealPane{};
    std::optional<std::uint64_t> m_wanted; ///< leaf that the banner's button leads to
    std::string m_trouble;                 ///< what the banner says of the seal; told once
};

} // namespace scr::pages
