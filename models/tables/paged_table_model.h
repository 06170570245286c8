#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "ports/latest.h"
#include "tables/page_loader.h"
#include "tables/row_table_model.h"

namespace scr::tables {

inline constexpr int kPageSize = 500;

/// Rows a paged model holds at most; beyond that the rows first loaded are let go (QTableView and memory both suffer else).
inline constexpr int kWindowRows = 200'000;

/// Pages by key: fetchMore() asks for the page behind the last row. It holds a window, never the table.
template <class Row, class Cursor, class Page>
class PagedTableModel : public RowTableModel<Row> {
public:
    PagedTableModel(std::span<const ColumnSpec<Row>> columns, const char* context, QObject* parent) :
        RowTableModel<Row>{columns, context, parent}, m_page{this, &PagedTableModel::takePage}
    {
    }

    [[nodiscard]] PageNotifier& notifier() noexcept { return m_notifier; }
    [[nodiscard]] PageState state() const noexcept { return m_state; }
    [[nodiscard]] qint64 rowsLetGo() const noexcept { return m_letGo; } ///< rows above the window

    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override
    {
        return !parent.isValid() && m_state == PageState::MoreToCome && isReady();
    }
    void fetchMore(const QModelIndex& parent) override
    {
        if (!canFetchMore(parent))
            return;
        setState(PageState::Loading);
        m_page.ask(askPage(m_cursor, kPageSize));
    }
    void retry()
    {
        if (m_state != PageState::Failed && m_state != PageState::Stopped)
            return;
        setState(PageState::MoreToCome);
        fetchMore({});
    }
    /// Lets go of the page that is on its way; the database is told.
    void stop()
    {
        if (m_state != PageState::Loading)
            return;
        m_page.forget();
        setState(PageState::Stopped);
    }

protected:
    [[nodiscard]] virtual bool isReady() const = 0;
    [[nodiscard]] virtual QFuture<domain::Result<Page>> askPage(const std::optional<Cursor>& after, int limit) = 0;

    /// Starts over, from `start` where a place other than the newest is wanted.
    void restart(std::optional<Cursor> start = {})
    {
        this->beginResetModel();
        m_page.forget();
        this->m_rows.clear();
        m_cursor = std::move(start);
        m_letGo = 0;
        m_state = PageState::MoreToCome;
        this->endResetModel();
        emit m_notifier.stateChanged(m_state);
        fetchMore({});
    }

private:
    void setState(PageState state)
    {
        m_state = state;
        emit m_notifier.stateChanged(state);
    }
    void takePage(const domain::Result<Page>& page)
    {
        if (!page) {
            setState(PageState::Failed);
            emit m_notifier.pageFailed(page.error());
            return;
        }
        m_cursor = page->next;
        appendRows(page->rows);
        trimWindow();
        setState(m_cursor ? PageState::MoreToCome : PageState::Complete);
    }
    void appendRows(const std::vector<Row>& rows)
    {
        if (rows.empty())
            return;
        const int first = this->rowCount();
        this->beginInsertRows({}, first, first + static_cast<int>(rows.size()) - 1);
        this->m_rows.insert(this->m_rows.end(), rows.begin(), rows.end());
        this->endInsertRows();
    }
    void trimWindow()
    {
        const int excess = this->rowCount() - kWindowRows;
        if (excess <= 0)
            return;
        this->beginRemoveRows({}, 0, excess - 1);
        this->m_rows.erase(this->m_rows.begin(), this->m_rows.begin() + excess);
        this->endRemoveRows();
        m_letGo += excess;
    }

    PageNotifier m_notifier;
    std::optional<Cursor> m_cursor;
    PageState m_state = PageState::MoreToCome;
    qint64 m_letGo = 0;
    ports::Latest<domain::Result<Page>> m_page;
};

} // namespace scr::tables
