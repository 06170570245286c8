#pragma once

#include <vector>

#include "domain/flag.h"
#include "domain/vote.h"
#include "tables/row_table_model.h"

namespace scr::tables {

/// A vote of the selected flag, with the time since the one before it.
struct FlagVoteRow {
    int number{};
    domain::Vote vote;
    std::optional<domain::Micros> gap;
    bool extra{}; ///< a void would take it out
    bool dated{}; ///< the votes of the flag span more than a day: the clock alone would not tell when
};

class FlagVotesModel : public RowTableModel<FlagVoteRow> {
    Q_OBJECT
public:
    enum class Column { Number, Time, Gap, Token, Post, Value, State, Vote, Title, Count };
    explicit FlagVotesModel(QObject* parent = nullptr);
    /// Votes in the order they were cast; `flag` says which of them are extra.
    void setVotes(const domain::Flag& flag, const std::vector<domain::Vote>& votes);

protected:
    [[nodiscard]] QVariant rowData(const FlagVoteRow& row, int column, int role) const override;
};

struct FlagAttemptRow {
    int number{};
    domain::AttemptWaterfall::Bar bar;
};

class FlagAttemptsModel : public RowTableModel<FlagAttemptRow> {
    Q_OBJECT
public:
    enum class Column { Number, Attempted, Took, Outcome, SqlState, Vote, Origin, Count };
    explicit FlagAttemptsModel(QObject* parent = nullptr);
    void setWaterfall(const domain::AttemptWaterfall& waterfall);

protected:
    [[nodiscard]] QVariant rowData(const FlagAttemptRow& row, int column, int role) const override;
};

/// The rule a flag was raised by: parameter, value, unit.
class RuleModel : public RowTableModel<domain::RuleParameter> {
    Q_OBJECT
public:
    enum class Column { Name, Value, Count };
    explicit RuleModel(QObject* parent = nullptr);
};

} // namespace scr::tables
