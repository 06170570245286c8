#include "tables/void_tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "tables/cell_text.h"
#include "tables/vote_columns_spec.h"

namespace scr::tables {

QString stateText(const domain::VoidRequestRow& row)
{
    switch (row.state) {
    case domain::RequestState::Proposed: return QCoreApplication::translate("VoidHistoryModel", "waiting for a second person");
    case domain::RequestState::Done:
        if (row.kind == domain::RequestKind::Void && row.standing < row.votes)
            return QCoreApplication::translate("VoidHistoryModel", "%1 still voided")
                .arg(countText(row.standing, "vote", "votes"));
        return row.kind == domain::RequestKind::Void ? QCoreApplication::translate("VoidHistoryModel", "voided")
                                                     : QCoreApplication::translate("VoidHistoryModel", "put back");
    case domain::RequestState::Withdrawn: return QCoreApplication::translate("VoidHistoryModel", "withdrawn");
    case domain::RequestState::Restored: return QCoreApplication::translate("VoidHistoryModel", "restored");
    }
    return {};
}

namespace {

using domain::PostShare;
using domain::ScoreChange;
using domain::VoidRequestRow;
using domain::Vote;

template <class Row>
Meaning asKey(const Row& /*row*/)
{
    return Meaning::Key;
}

QString numberOfRequest(const VoidRequestRow& row)
{
    return QStringLiteral("V-%1").arg(row.number);
}

QString kindText(const VoidRequestRow& row)
{
    return row.kind == domain::RequestKind::Void ? QCoreApplication::translate("VoidHistoryModel", "void")
                                                 : QCoreApplication::translate("VoidHistoryModel", "restore");
}

Meaning stateMeaning(const VoidRequestRow& row)
{
    switch (row.state) {
    case domain::RequestState::Proposed: return Meaning::Warning;
    case domain::RequestState::Done: return Meaning::Strong;
    case domain::RequestState::Withdrawn:
    case domain::RequestState::Restored: return Meaning::Muted;
    }
    return Meaning::Plain;
}

QString votesText(const VoidRequestRow& row)
{
    return numberText(static_cast<double>(row.votes));
}

QVariant votesNumber(const VoidRequestRow& row)
{
    return static_cast<qlonglong>(row.votes);
}

QString postsText(const VoidRequestRow& row)
{
    return numberText(static_cast<double>(row.posts));
}

QVariant postsNumber(const VoidRequestRow& row)
{
    return static_cast<qlonglong>(row.posts);
}

QString requestedBy(const VoidRequestRow& row)
{
    return shown(row.requestedBy);
}

QString approvedBy(const VoidRequestRow& row)
{
    return row.approvedBy.empty() ? QStringLiteral("–") : shown(row.approvedBy);
}

QString whenText(const VoidRequestRow& row)
{
    return dateTimeText(row.committedAt.value_or(row.requestedAt));
}

QString whenFull(const VoidRequestRow& row)
{
    return fullTimeText(row.committedAt.value_or(row.requestedAt));
}

QString reasonText(const VoidRequestRow& row)
{
    return shown(row.reason);
}

constexpr std::array<ColumnSpec<VoidRequestRow>, static_cast<std::size_t>(VoidHistoryModel::Column::Count)> kHistoryColumns{{
    {"number", QT_TRANSLATE_NOOP("VoidHistoryModel", "Number"), numberOfRequest, nullptr, asKey, nullptr, false},
    {"kind", QT_TRANSLATE_NOOP("VoidHistoryModel", "What"), kindText, nullptr, nullptr, nullptr, false},
    {"state", QT_TRANSLATE_NOOP("VoidHistoryModel", "State"), stateText, nullptr, stateMeaning, nullptr, false},
    {"votes", QT_TRANSLATE_NOOP("VoidHistoryModel", "Votes"), votesText, votesNumber, nullptr, nullptr, false},
    {"posts", QT_TRANSLATE_NOOP("VoidHistoryModel", "Posts"), postsText, postsNumber, nullptr, nullptr, false},
    {"requested_by", QT_TRANSLATE_NOOP("VoidHistoryModel", "Requested by"), requestedBy, nullptr, nullptr, requestedBy, false},
    {"approved_by", QT_TRANSLATE_NOOP("VoidHistoryModel", "Carried out by"), approvedBy, nullptr, nullptr, approvedBy, false},
    {"when", QT_TRANSLATE_NOOP("VoidHistoryModel", "When (UTC)"), whenText, nullptr, nullptr, whenFull, false},
    {"reason", QT_TRANSLATE_NOOP("VoidHistoryModel", "Reason"), reasonText, nullptr, nullptr, reasonText, false},
}};

constexpr std::array<ColumnSpec<Vote>, static_cast<std::size_t>(PlanVotesModel::Column::Count)> kPlanVoteColumns{{
    {"vote", QT_TRANSLATE_NOOP("PlanVotesModel", "Vote key"), voteKeyText, nullptr, keyMeaning, voteKeyText, false},
    {"cast_at", QT_TRANSLATE_NOOP("PlanVotesModel", "Time (UTC)"), voteTimeText, nullptr, nullptr, voteFullTime, false},
    {"token", QT_TRANSLATE_NOOP("PlanVotesModel", "Token"), voteTokenText, nullptr, keyMeaning, voteTokenText, false},
    {"post", QT_TRANSLATE_NOOP("PlanVotesModel", "Post"), votePostText, nullptr, keyMeaning, votePostText, false},
    {"value", QT_TRANSLATE_NOOP("PlanVotesModel", "Vote"), voteValueText, voteValueNumber, nullptr, nullptr, true},
    {"origin", QT_TRANSLATE_NOOP("PlanVotesModel", "Origin"), voteOriginText, nullptr, keyMeaning, nullptr, false},
    {"state", QT_TRANSLATE_NOOP("PlanVotesModel", "State now"), voteStateText, nullptr, nullptr, nullptr, false},
}};

QString tokenText(const PlanTokenRow& row)
{
    return shown(row.token);
}

QString tokenPosts(const PlanTokenRow& row)
{
    return numberText(static_cast<double>(row.posts));
}

QVariant tokenPostsNumber(const PlanTokenRow& row)
{
    return static_cast<qlonglong>(row.posts);
}

QString tokenVotes(const PlanTokenRow& row)
{
    return numberText(static_cast<double>(row.votes));
}

QVariant tokenVotesNumber(const PlanTokenRow& row)
{
    return static_cast<qlonglong>(row.votes);
}

QString tokenNet(const PlanTokenRow& row)
{
    return signedText(row.net);
}

QVariant tokenNetNumber(const PlanTokenRow& row)
{
    return row.net;
}

constexpr std::array<ColumnSpec<PlanTokenRow>, static_cast<std::size_t>(PlanTokensModel::Column::Count)> kTokenColumns{{
    {"token", QT_TRANSLATE_NOOP("PlanTokensModel", "Token"), tokenText, nullptr, asKey, tokenText, false},
    {"posts", QT_TRANSLATE_NOOP("PlanTokensModel", "Posts"), tokenPosts, tokenPostsNumber, nullptr, nullptr, false},
    {"votes", QT_TRANSLATE_NOOP("PlanTokensModel", "Votes"), tokenVotes, tokenVotesNumber, nullptr, nullptr, false},
    {"net", QT_TRANSLATE_NOOP("PlanTokensModel", "Net score"), tokenNet, tokenNetNumber, nullptr, nullptr, true},
}};

QString postText(const ScoreChange& row)
{
    return row.title.empty() ? shown(row.post.text) : shown(row.title);
}

QString postKeyText(const ScoreChange& row)
{
    return QStringLiteral("%1\n%2").arg(shown(row.title), shown(row.post.text));
}

QString postVotes(const ScoreChange& row)
{
    return numberText(static_cast<double>(row.votes));
}

QVariant postVotesNumber(const ScoreChange& row)
{
    return static_cast<qlonglong>(row.votes);
}

QString scoreBefore(const ScoreChange& row)
{
    return numberText(row.scoreBefore);
}

QVariant scoreBeforeNumber(const ScoreChange& row)
{
    return row.scoreBefore;
}

QString scoreAfter(const ScoreChange& row)
{
    return numberText(row.scoreAfter);
}

QVariant scoreAfterNumber(const ScoreChange& row)
{
    return row.scoreAfter;
}

/// The site shows something else than its rows sum to.
Meaning driftMeaning(const std::optional<double>& site, double rows)
{
    return site && std::abs(*site - rows) > 1e-6 * std::max(1.0, std::abs(rows)) ? Meaning::Warning : Meaning::Plain;
}

QString siteText(const std::optional<double>& site)
{
    return site ? numberText(*site) : QStringLiteral("–");
}

QVariant siteNumber(const std::optional<double>& site)
{
    return site ? QVariant{*site} : QVariant{};
}

QString siteBefore(const ScoreChange& row)
{
    return siteText(row.siteBefore);
}

QVariant siteBeforeNumber(const ScoreChange& row)
{
    return siteNumber(row.siteBefore);
}

Meaning siteBeforeMeaning(const ScoreChange& row)
{
    return driftMeaning(row.siteBefore, row.scoreBefore);
}

QString siteAfter(const ScoreChange& row)
{
    return siteText(row.siteAfter);
}

QVariant siteAfterNumber(const ScoreChange& row)
{
    return siteNumber(row.siteAfter);
}

Meaning siteAfterMeaning(const ScoreChange& row)
{
    return driftMeaning(row.siteAfter, row.scoreAfter);
}

QString rankBefore(const ScoreChange& row)
{
    return QStringLiteral("#%1").arg(row.rankBefore);
}

QVariant rankBeforeNumber(const ScoreChange& row)
{
    return static_cast<qlonglong>(row.rankBefore);
}

QString rankAfter(const ScoreChange& row)
{
    return QStringLiteral("#%1").arg(row.rankAfter);
}

QVariant rankAfterNumber(const ScoreChange& row)
{
    return static_cast<qlonglong>(row.rankAfter);
}

Meaning rankMeaning(const ScoreChange& row)
{
    return row.rankAfter > row.rankBefore ? Meaning::Warning : Meaning::Plain;
}

constexpr std::array<ColumnSpec<ScoreChange>, static_cast<std::size_t>(PlanPostsModel::Column::Count)> kPostColumns{{
    {"post", QT_TRANSLATE_NOOP("PlanPostsModel", "Post"), postText, nullptr, nullptr, postKeyText, false},
    {"votes", QT_TRANSLATE_NOOP("PlanPostsModel", "Votes"), postVotes, postVotesNumber, nullptr, nullptr, false},
    {"score_before", QT_TRANSLATE_NOOP("PlanPostsModel", "Score before"), scoreBefore, scoreBeforeNumber, nullptr, nullptr,
     false},
    {"score_after", QT_TRANSLATE_NOOP("PlanPostsModel", "after"), scoreAfter, scoreAfterNumber, nullptr, nullptr, false},
    {"site_before", QT_TRANSLATE_NOOP("PlanPostsModel", "Site shows"), siteBefore, siteBeforeNumber, siteBeforeMeaning, nullptr,
     false},
    {"site_after", QT_TRANSLATE_NOOP("PlanPostsModel", "after"), siteAfter, siteAfterNumber, siteAfterMeaning, nullptr, false},
    {"rank_before", QT_TRANSLATE_NOOP("PlanPostsModel", "Rank before"), rankBefore, rankBeforeNumber, nullptr, nullptr, false},
    {"rank_after", QT_TRANSLATE_NOOP("PlanPostsModel", "after"), rankAfter, rankAfterNumber, rankMeaning, nullptr, false},
}};

QString shareText(const PostShare& row)
{
    return row.title.empty() ? shown(row.post.text) : shown(row.title);
}

QString shareKeyText(const PostShare& row)
{
    return QStringLiteral("%1\n%2").arg(shown(row.title), shown(row.post.text));
}

QString shareVotes(const PostShare& row)
{
    return numberText(static_cast<double>(row.votes));
}

QVariant shareVotesNumber(const PostShare& row)
{
    return static_cast<qlonglong>(row.votes);
}

QString shareChange(const PostShare& row)
{
    return signedText(row.change);
}

QVariant shareChangeNumber(const PostShare& row)
{
    return row.change;
}

constexpr std::array<ColumnSpec<PostShare>, static_cast<std::size_t>(PostSharesModel::Column::Count)> kShareColumns{{
    {"post", QT_TRANSLATE_NOOP("PostSharesModel", "Post"), shareText, nullptr, nullptr, shareKeyText, false},
    {"votes", QT_TRANSLATE_NOOP("PostSharesModel", "Votes"), shareVotes, shareVotesNumber, nullptr, nullptr, false},
    {"change", QT_TRANSLATE_NOOP("PostSharesModel", "Score"), shareChange, shareChangeNumber, nullptr, nullptr, true},
}};

} // namespace

VoidHistoryModel::VoidHistoryModel(QObject* parent) : RowTableModel{kHistoryColumns, "VoidHistoryModel", parent} {}

int VoidHistoryModel::rowOf(const domain::RequestId& request) const
{
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [&](const VoidRequestRow& row) { return row.request == request; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

QVariant VoidHistoryModel::rowData(const VoidRequestRow& row, int /*column*/, int role) const
{
    return role == KeyRole ? QVariant{QString::fromStdString(row.request.text)} : QVariant{};
}

PlanVotesModel::PlanVotesModel(QObject* parent) : RowTableModel{kPlanVoteColumns, "PlanVotesModel", parent} {}

PlanTokensModel::PlanTokensModel(QObject* parent) : RowTableModel{kTokenColumns, "PlanTokensModel", parent} {}

PlanPostsModel::PlanPostsModel(QObject* parent) : RowTableModel{kPostColumns, "PlanPostsModel", parent} {}

PostSharesModel::PostSharesModel(QObject* parent) : RowTableModel{kShareColumns, "PostSharesModel", parent} {}

std::vector<PlanTokenRow> byToken(const domain::VoidPlan& plan)
{
    struct Sum {
        std::set<std::string> posts;
        std::int64_t votes = 0;
        double net = 0;
    };
    const double sign = plan.kind == domain::RequestKind::Void ? -1 : 1;
    std::map<std::string, Sum> sums;
    for (const Vote& vote : plan.votes) {
        Sum& sum = sums[vote.token.text];
        sum.posts.insert(vote.post.text);
        ++sum.votes;
        sum.net += sign * vote.value;
    }
    std::vector<PlanTokenRow> rows;
    rows.reserve(sums.size());
    for (const auto& [token, sum] : sums)
        rows.push_back({token, static_cast<std::int64_t>(sum.posts.size()), sum.votes, sum.net});
    std::stable_sort(rows.begin(), rows.end(), [](const PlanTokenRow& a, const PlanTokenRow& b) { return a.votes > b.votes; });
    return rows;
}

} // namespace scr::tables
