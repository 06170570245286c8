#pragma once

#include <QWidget>

#include "tables/page_loader.h"

class QAbstractItemModel;
class QStackedWidget;
class QTableView;

namespace scr::widgets {
class Banner;
class StatePane;
} // namespace scr::widgets

namespace scr::pages {

/// A dense table over a paged model, with what stands in its place while there is nothing, while it reads, and after an error.
/// Rows that were read stay visible under a banner.
class PagedPane : public QWidget {
    Q_OBJECT
public:
    /// `what` in words: "votes", "entries".
    PagedPane(QAbstractItemModel& model, tables::PageNotifier& notifier, const QString& what, QWidget* parent = nullptr);

    [[nodiscard]] QTableView& table() noexcept { return *m_table; }
    [[nodiscard]] tables::PageState state() const noexcept { return m_state; }
    void setEmptyText(const QString& title, const QString& sentence);

signals:
    void retryWanted();
    void stopWanted();
    void stateChanged(scr::tables::PageState state);

private:
    void take(tables::PageState state);
    void showError(const domain::Error& error);

    QAbstractItemModel& m_model;
    QString m_what;
    QString m_emptyTitle;
    QString m_emptySentence;
    tables::PageState m_state = tables::PageState::MoreToCome;
    QTableView* m_table{};
    QStackedWidget* m_stack{};
    widgets::StatePane* m_statePane{};
    widgets::Banner* m_banner{};
};

} // namespace scr::pages
