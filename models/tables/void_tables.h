#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/audit_reading.h"
#include "domain/void_plan.h"
#include "tables/row_table_model.h"

namespace scr::tables {

/// History of voids, restores and proposals, newest first.
class VoidHistoryModel : public RowTableModel<domain::VoidRequestRow> {
    Q_OBJECT
public:
    enum class Column { Number, Kind, State, Votes, Posts, RequestedBy, ApprovedBy, When, Reason, Count };
    explicit VoidHistoryModel(QObject* parent = nullptr);
    [[nodiscard]] int rowOf(const domain::RequestId& request) const; ///< -1 when not there

protected:
    [[nodiscard]] QVariant rowData(const domain::VoidRequestRow& row, int column, int role) const override;
};

/// What became of a request, in words.
[[nodiscard]] QString stateText(const domain::VoidRequestRow& row);

/// Every vote of a plan.
class PlanVotesModel : public RowTableModel<domain::Vote> {
    Q_OBJECT
public:
    enum class Column { Vote, CastAt, Token, Post, Value, Origin, State, Count };
    explicit PlanVotesModel(QObject* parent = nullptr);
};

/// A plan's votes counted by token.
struct PlanTokenRow {
    std::string token;
    std::int64_t posts{};
    std::int64_t votes{};
    double net{}; ///< change of all scores by this token's votes
};
[[nodiscard]] std::vector<PlanTokenRow> byToken(const domain::VoidPlan& plan);

class PlanTokensModel : public RowTableModel<PlanTokenRow> {
    Q_OBJECT
public:
    enum class Column { Token, Posts, Votes, Net, Count };
    explicit PlanTokensModel(QObject* parent = nullptr);
};

/// Every post whose score a plan changes.
class PlanPostsModel : public RowTableModel<domain::ScoreChange> {
    Q_OBJECT
public:
    enum class Column { Post, Votes, ScoreBefore, ScoreAfter, SiteBefore, SiteAfter, RankBefore, RankAfter, Count };
    explicit PlanPostsModel(QObject* parent = nullptr);
};

/// What a request that was made does to each post.
class PostSharesModel : public RowTableModel<domain::PostShare> {
    Q_OBJECT
public:
    enum class Column { Post, Votes, Change, Count };
    explicit PostSharesModel(QObject* parent = nullptr);
};

} // namespace scr::tables
