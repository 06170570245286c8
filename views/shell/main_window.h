#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <QTimer>
#include <QWidget>

#include "detect/scan.h"
#include "shell/workspace.h"
#include "theme/theme.h"

class QMenu;
class QStackedWidget;
class QToolButton;

namespace scr::pages {
class FlagsPage;
class Page;
class VoidsPage;
} // namespace scr::pages

namespace scr::widgets {
class Banner;
class FilterBar;
class NavRail;
class StatusStrip;
class TimeRangeButton;
} // namespace scr::widgets

namespace scr::shell {

class AppearanceMenu;
class DoubtBanner;
class Exports;
class JobBar;
class LiveStatus;
class ScanControl;
class Settling;

/// The frame: rail, top bar, the pages, status bar. It knows which page is shown and passes time range and filter on to it.
class MainWindow : public QWidget {
    Q_OBJECT
public:
    explicit MainWindow(Workspace& workspace, QWidget* parent = nullptr);
    ~MainWindow() override;

    void showPage(const QString& id);
    void setScheme(theme::Scheme scheme); ///< the one ticked in the menu
    void setLive(bool isLive);            ///< whether the source is followed
    [[nodiscard]] pages::Page* page(const QString& id) const;
    /// Calls `act` once nothing is being written any more: at once, or when the database has answered. Until then the status bar
    /// says what is waited for. An act that comes while another waits takes its place.
    void whenSettled(std::function<void()> act);

signals:
    void connectWanted();
    void schemeWanted(scr::theme::Scheme scheme);
    void liveChanged(bool isLive);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

private:
    struct Entry {
        QString id;
        pages::Page* page{};
    };
    QWidget* makeTopBar();
    void makePages();
    void makeStatus();
    QMenu* makeMenu();
    void addPage(const QString& id, int icon, const QString& name, pages::Page* page);
    void wireFlags(pages::FlagsPage& flags, pages::VoidsPage& voids);
    void wireJobs();
    void setTimeRange(const domain::TimeRange& range);
    void readUnfinished();
    [[nodiscard]] query::Query queryShown() const; ///< the time range, and the filter of the votes while these are shown
    void refreshAll();
    void refreshFlags();
    void notice(const QString& sentence);
    void showShortcuts();

    Workspace& m_workspace;
    std::vector<Entry> m_pages;
    domain::TimeRange m_range;
    QTimer m_noticeTimer;

    AppearanceMenu* m_appearance{};
    widgets::NavRail* m_rail{};
    widgets::TimeRangeButton* m_time{};
    widgets::FilterBar* m_filter{};
    widgets::Banner* m_readOnly{};
    DoubtBanner* m_doubt{};
    Exports* m_exports{};
    JobBar* m_jobs{};
    LiveStatus* m_live{};
    ScanControl* m_scans{};
    Settling* m_settling{};
    QStackedWidget* m_stack{};
    widgets::StatusStrip* m_status{};
    pages::FlagsPage* m_flagsPage{};
    pages::VoidsPage* m_voidsPage{};
};

} // namespace scr::shell
