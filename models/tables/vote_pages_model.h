#pragma once

#include "ports/vote_source.h"
#include "tables/paged_table_model.h"

namespace scr::tables {

/// Votes newest first, page by page, over any number of rows.
class VotePagesModel : public PagedTableModel<domain::Vote, ports::VoteCursor, ports::VotePage> {
    Q_OBJECT
public:
    enum class Column { CastAt, Token, Label, Post, Title, Author, Value, Origin, State, Vote, Count };
    explicit VotePagesModel(ports::VoteSource& source, QObject* parent = nullptr);

    void setQuery(const query::Query& query);
    [[nodiscard]] const query::Query& query() const noexcept { return m_query; }
    void jumpTo(domain::UtcTime time); ///< the next row shown is the newest vote at or before it
    void reload() { restart(); }

protected:
    [[nodiscard]] bool isReady() const override { return m_asked; }
    [[nodiscard]] QFuture<domain::Result<ports::VotePage>> askPage(const std::optional<ports::VoteCursor>& after,
                                                                   int limit) override;
    [[nodiscard]] QVariant rowData(const domain::Vote& row, int column, int role) const override;

private:
    ports::VoteSource& m_source;
    query::Query m_query;
    bool m_asked = false; ///< no page is fetched before the first question
};

} // namespace scr::tables
