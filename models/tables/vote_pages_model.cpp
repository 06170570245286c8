#include "tables/vote_pages_model.h"

#include <array>

#include "tables/vote_columns_spec.h"

namespace scr::tables {

namespace {

using domain::Vote;

constexpr std::array<ColumnSpec<Vote>, static_cast<std::size_t>(VotePagesModel::Column::Count)> kColumns{{
    {"cast_at", QT_TRANSLATE_NOOP("VotePagesModel", "Time (UTC)"), voteTimeText, nullptr, nullptr, voteFullTime, false},
    {"token", QT_TRANSLATE_NOOP("VotePagesModel", "Token"), voteTokenText, nullptr, keyMeaning, voteTokenText, false},
    {"label", QT_TRANSLATE_NOOP("VotePagesModel", "Label"), voteLabelText, nullptr, nullptr, voteLabelText, false},
    {"post", QT_TRANSLATE_NOOP("VotePagesModel", "Post"), votePostText, nullptr, keyMeaning, votePostText, false},
    {"title", QT_TRANSLATE_NOOP("VotePagesModel", "Title"), voteTitleText, nullptr, nullptr, voteTitleText, false},
    {"author", QT_TRANSLATE_NOOP("VotePagesModel", "Author"), voteAuthorText, nullptr, keyMeaning, voteAuthorText, false},
    {"value", QT_TRANSLATE_NOOP("VotePagesModel", "Value"), voteValueText, voteValueNumber, nullptr, nullptr, true},
    {"origin", QT_TRANSLATE_NOOP("VotePagesModel", "Origin"), voteOriginText, nullptr, keyMeaning, nullptr, false},
    {"state", QT_TRANSLATE_NOOP("VotePagesModel", "State"), voteStateText, nullptr, voteStateMeaning, nullptr, false},
    {"vote", QT_TRANSLATE_NOOP("VotePagesModel", "Vote key"), voteKeyText, nullptr, keyMeaning, voteKeyText, false},
}};

} // namespace

VotePagesModel::VotePagesModel(ports::VoteSource& source, QObject* parent) :
    PagedTableModel{kColumns, "VotePagesModel", parent}, m_source{source}
{
}

void VotePagesModel::setQuery(const query::Query& query)
{
    m_asked = true;
    m_query = query;
    restart();
}

void VotePagesModel::jumpTo(domain::UtcTime time)
{
    m_asked = true;
    // A cursor one microsecond later, before any key, lets every vote of `time` itself through.
    restart(ports::VoteCursor{time + domain::Micros{1}, domain::VoteKey{}});
}

QFuture<domain::Result<ports::VotePage>> VotePagesModel::askPage(const std::optional<ports::VoteCursor>& after, int limit)
{
    return m_source.votesAfter(m_query, after, limit);
}

QVariant VotePagesModel::rowData(const Vote& row, int /*column*/, int role) const
{
    return role == KeyRole ? QVariant{QString::fromStdString(row.key.text)} : QVariant{};
}

} // namespace scr::tables
