#pragma once

#include <vector>

#include <QString>
#include <QWidget>

#include "domain/time.h"
#include "widgets/filter_bar.h"

namespace scr::pages {

/// What the window's top bar needs to know of a page, and what the page needs from the window.
class Page : public QWidget {
    Q_OBJECT
public:
    using QWidget::QWidget;

    /// Time range of the whole window; the page asks anew.
    virtual void setTimeRange(const domain::TimeRange& range) = 0;
    /// Reads again what it shows.
    virtual void refresh() = 0;

    /// The filter language of the page as chips; a page without a filter leaves these three as they are.
    [[nodiscard]] virtual std::vector<widgets::FilterChip> parseFilter(const QString& text) const;
    [[nodiscard]] virtual QString filterPlaceholder() const { return {}; }
    virtual void setFilterText(const QString& text);
    [[nodiscard]] QString filterText() const { return m_filterText; }

    /// Nothing can be decided about what it shows, so nothing of that is offered; for good.
    virtual void setReadOnly() {}

signals:
    void noticed(const QString& sentence); ///< one line for the status bar
    void timeRangeWanted(const scr::domain::TimeRange& range);
    void filterTextChanged(const QString& text); ///< the page changed its own filter

protected:
    QString m_filterText;
};

} // namespace scr::pages
