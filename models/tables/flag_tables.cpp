#include "tables/flag_tables.h"

#include <algorithm>
#include <array>

#include "tables/cell_text.h"
#include "tables/vote_columns_spec.h"

namespace scr::tables {

namespace {

template <class Row>
QString rowNumberText(const Row& row)
{
    return QString::number(row.number);
}

template <class Row>
QVariant rowNumber(const Row& row)
{
    return row.number;
}

template <class Row>
Meaning muted(const Row& /*row*/)
{
    return Meaning::Muted;
}

template <class Row>
Meaning asKey(const Row& /*row*/)
{
    return Meaning::Key;
}

QString timeText(const FlagVoteRow& row)
{
    return row.dated ? preciseTimeText(row.vote.castAt) : clockText(row.vote.castAt);
}

QString fullTime(const FlagVoteRow& row)
{
    return fullTimeText(row.vote.castAt);
}

QString gapText(const FlagVoteRow& row)
{
    return row.gap ? QString::fromStdString(domain::durationText(*row.gap)) : QStringLiteral("–");
}

QString tokenText(const FlagVoteRow& row)
{
    return voteTokenText(row.vote);
}

QString postText(const FlagVoteRow& row)
{
    return votePostText(row.vote);
}

QString keyText(const FlagVoteRow& row)
{
    return voteKeyText(row.vote);
}

QString titleText(const FlagVoteRow& row)
{
    return voteTitleText(row.vote);
}

QString valueText(const FlagVoteRow& row)
{
    return voteValueText(row.vote);
}

QVariant valueNumber(const FlagVoteRow& row)
{
    return row.vote.value;
}

QString stateText(const FlagVoteRow& row)
{
    const QString state = voteStateText(row.vote);
    return row.extra ? QCoreApplication::translate("FlagVotesModel", "%1, flagged").arg(state) : state;
}

Meaning stateMeaning(const FlagVoteRow& row)
{
    if (row.vote.state != domain::VoteState::Counted)
        return Meaning::Muted;
    return row.extra ? Meaning::Warning : Meaning::Plain;
}

constexpr std::array<ColumnSpec<FlagVoteRow>, static_cast<std::size_t>(FlagVotesModel::Column::Count)> kVoteColumns{{
    {"number", QT_TRANSLATE_NOOP("FlagVotesModel", "#"), rowNumberText, rowNumber, muted, nullptr, false},
    {"time", QT_TRANSLATE_NOOP("FlagVotesModel", "Time (UTC)"), timeText, nullptr, nullptr, fullTime, false},
    {"gap", QT_TRANSLATE_NOOP("FlagVotesModel", "Gap"), gapText, nullptr, nullptr, nullptr, false},
    {"token", QT_TRANSLATE_NOOP("FlagVotesModel", "Token"), tokenText, nullptr, asKey, tokenText, false},
    {"post", QT_TRANSLATE_NOOP("FlagVotesModel", "Post"), postText, nullptr, asKey, postText, false},
    {"value", QT_TRANSLATE_NOOP("FlagVotesModel", "Vote"), valueText, valueNumber, nullptr, nullptr, true},
    {"state", QT_TRANSLATE_NOOP("FlagVotesModel", "State"), stateText, nullptr, stateMeaning, nullptr, false},
    {"vote", QT_TRANSLATE_NOOP("FlagVotesModel", "Vote key"), keyText, nullptr, asKey, keyText, false},
    {"title", QT_TRANSLATE_NOOP("FlagVotesModel", "Title"), titleText, nullptr, nullptr, titleText, false},
}};

QString attemptedText(const FlagAttemptRow& row)
{
    return clockText(row.bar.start);
}

QString attemptedFull(const FlagAttemptRow& row)
{
    return fullTimeText(row.bar.start);
}

QString tookText(const FlagAttemptRow& row)
{
    return row.bar.end ? QString::fromStdString(domain::durationText(*row.bar.end - row.bar.start)) : QStringLiteral("–");
}

QString outcomeText(const FlagAttemptRow& row)
{
    const QString outcome = QString::fromUtf8(domain::nameOf(row.bar.outcome).data());
    return row.bar.extraVote ? QCoreApplication::translate("FlagAttemptsModel", "%1, extra vote").arg(outcome) : outcome;
}

Meaning outcomeMeaning(const FlagAttemptRow& row)
{
    if (row.bar.extraVote)
        return Meaning::Warning;
    return row.bar.outcome == domain::AttemptOutcome::Accepted ? Meaning::Strong : Meaning::Muted;
}

QString sqlstateText(const FlagAttemptRow& row)
{
    return row.bar.sqlstate.empty() ? QStringLiteral("–") : shown(row.bar.sqlstate);
}

QString attemptVoteText(const FlagAttemptRow& row)
{
    return row.bar.vote.empty() ? QStringLiteral("–") : shown(row.bar.vote.text);
}

QString attemptOriginText(const FlagAttemptRow& row)
{
    return row.bar.origin.empty() ? QStringLiteral("–") : shown(row.bar.origin);
}

constexpr std::array<ColumnSpec<FlagAttemptRow>, static_cast<std::size_t>(FlagAttemptsModel::Column::Count)> kAttemptColumns{{
    {"number", QT_TRANSLATE_NOOP("FlagAttemptsModel", "#"), rowNumberText, rowNumber, muted, nullptr, false},
    {"attempted", QT_TRANSLATE_NOOP("FlagAttemptsModel", "Attempted (UTC)"), attemptedText, nullptr, nullptr, attemptedFull,
     false},
    {"took", QT_TRANSLATE_NOOP("FlagAttemptsModel", "Took"), tookText, nullptr, nullptr, nullptr, false},
    {"outcome", QT_TRANSLATE_NOOP("FlagAttemptsModel", "Outcome"), outcomeText, nullptr, outcomeMeaning, nullptr, false},
    {"sqlstate", QT_TRANSLATE_NOOP("FlagAttemptsModel", "SQLSTATE"), sqlstateText, nullptr, asKey, nullptr, false},
    {"vote", QT_TRANSLATE_NOOP("FlagAttemptsModel", "Vote key"), attemptVoteText, nullptr, asKey, nullptr, false},
    {"origin", QT_TRANSLATE_NOOP("FlagAttemptsModel", "Origin"), attemptOriginText, nullptr, asKey, nullptr, false},
}};

QString ruleName(const domain::RuleParameter& row)
{
    QString name = QString::fromStdString(row.name);
    return name.replace(QLatin1Char{'_'}, QLatin1Char{' '});
}

QString ruleValue(const domain::RuleParameter& row)
{
    return QString::fromStdString(row.unit.empty() ? row.value : row.value + " " + row.unit);
}

constexpr std::array<ColumnSpec<domain::RuleParameter>, static_cast<std::size_t>(RuleModel::Column::Count)> kRuleColumns{{
    {"name", QT_TRANSLATE_NOOP("RuleModel", "Threshold"), ruleName, nullptr, nullptr, nullptr, false},
    {"value", QT_TRANSLATE_NOOP("RuleModel", "Value"), ruleValue, nullptr, asKey, nullptr, false},
}};

} // namespace

FlagVotesModel::FlagVotesModel(QObject* parent) : RowTableModel{kVoteColumns, "FlagVotesModel", parent} {}

void FlagVotesModel::setVotes(const domain::Flag& flag, const std::vector<domain::Vote>& votes)
{
    std::vector<domain::VoteKey> extra = flag.extraVotes;
    std::sort(extra.begin(), extra.end());
    std::vector<FlagVoteRow> rows;
    rows.reserve(votes.size());
    const bool dated = !votes.empty() && votes.back().castAt - votes.front().castAt > std::chrono::hours{24};
    for (const domain::Vote& vote : votes) {
        FlagVoteRow row{static_cast<int>(rows.size()) + 1, vote, std::nullopt,
                        std::binary_search(extra.begin(), extra.end(), vote.key), dated};
        if (!rows.empty())
            row.gap = vote.castAt - rows.back().vote.castAt;
        rows.push_back(std::move(row));
    }
    setRows(std::move(rows));
}

QVariant FlagVotesModel::rowData(const FlagVoteRow& row, int /*column*/, int role) const
{
    return role == KeyRole ? QVariant{QString::fromStdString(row.vote.key.text)} : QVariant{};
}

FlagAttemptsModel::FlagAttemptsModel(QObject* parent) : RowTableModel{kAttemptColumns, "FlagAttemptsModel", parent} {}

void FlagAttemptsModel::setWaterfall(const domain::AttemptWaterfall& waterfall)
{
    std::vector<FlagAttemptRow> rows;
    rows.reserve(waterfall.bars.size());
    for (const domain::AttemptWaterfall::Bar& bar : waterfall.bars)
        rows.push_back({static_cast<int>(rows.size()) + 1, bar});
    setRows(std::move(rows));
}

QVariant FlagAttemptsModel::rowData(const FlagAttemptRow& row, int /*column*/, int role) const
{
    return role == KeyRole ? QVariant{QString::fromStdString(row.bar.vote.text)} : QVariant{};
}

RuleModel::RuleModel(QObject* parent) : RowTableModel{kRuleColumns, "RuleModel", parent} {}

} // namespace scr::tables
