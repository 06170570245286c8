#include "tables/flag_queue_model.h"

#include <algorithm>
#include <array>

#include "domain/cases.h"
#include "tables/cell_text.h"

namespace scr::tables {

namespace {

using domain::RecordedFlag;

QString severityText(const RecordedFlag& row)
{
    return titleOf(row.flag.severity);
}

/// "tok_7 “label”", "tok_7 × “title”", "counter of “title”" or what else a flag may be about.
QString subjectText(const RecordedFlag& row)
{
    const domain::Subject& subject = row.flag.subject;
    // Isolated: a title that is written from right to left must not turn the whole line.
    const auto quoted = [](const std::string& text) { return QStringLiteral("“\u2068%1\u2069”").arg(shown(text)); };
    const QString post = row.postTitle.empty() ? postName({}, subject.post) : quoted(row.postTitle);
    switch (subject.kind) {
    case domain::SubjectKind::Counter: return QCoreApplication::translate("FlagQueueModel", "counter of %1").arg(post);
    case domain::SubjectKind::Post: return post;
    case domain::SubjectKind::Group:
        if (!row.flag.siteRule.empty()) // the rule gave it a name of its own
            return shown(subject.key);
        return QCoreApplication::translate("FlagQueueModel", "%1 tokens around %2")
            .arg(numberText(static_cast<double>(row.flag.tokens.size())), shown(subject.key));
    case domain::SubjectKind::Subnet: return QCoreApplication::translate("FlagQueueModel", "network %1").arg(shown(subject.key));
    case domain::SubjectKind::Control: return QCoreApplication::translate("FlagQueueModel", "control %1").arg(shown(subject.key));
    case domain::SubjectKind::Token: break;
    }
    const QString token = row.subjectLabel.empty()
                              ? QCoreApplication::translate("FlagQueueModel", "token %1").arg(shown(subject.key))
                              : shown(subject.key);
    if (!subject.post.empty())
        return QStringLiteral("%1 × %2").arg(token, post);
    return row.subjectLabel.empty() ? token : QStringLiteral("%1 %2").arg(token, quoted(row.subjectLabel));
}

QString votesText(const RecordedFlag& row)
{
    return numberText(static_cast<double>(row.flag.votes.size()));
}

QVariant votesNumber(const RecordedFlag& row)
{
    return static_cast<qlonglong>(row.flag.votes.size());
}

QString impactText(const RecordedFlag& row)
{
    if (!row.flag.rankImpact)
        return QCoreApplication::translate("FlagQueueModel", "none");
    const domain::RankImpact& impact = *row.flag.rankImpact;
    if (impact.rankWith == impact.rankWithout)
        return QCoreApplication::translate("FlagQueueModel", "#%1 stays").arg(impact.rankWith);
    return QStringLiteral("#%1 → #%2").arg(impact.rankWith).arg(impact.rankWithout);
}

QString stateText(const RecordedFlag& row)
{
    switch (row.state) {
    case domain::FlagState::Open: return QCoreApplication::translate("FlagState", "Open");
    case domain::FlagState::Confirmed: return QCoreApplication::translate("FlagState", "Confirmed");
    case domain::FlagState::Dismissed: return QCoreApplication::translate("FlagState", "Dismissed");
    case domain::FlagState::Snoozed: return QCoreApplication::translate("FlagState", "Snoozed");
    case domain::FlagState::Voided: return QCoreApplication::translate("FlagState", "Voided");
    }
    return {};
}

QString recordedText(const RecordedFlag& row)
{
    return fullTimeText(row.flag.to);
}

constexpr std::array<ColumnSpec<RecordedFlag>, static_cast<std::size_t>(FlagQueueModel::Column::Count)> kColumns{{
    {"severity", "", severityText, nullptr, nullptr, severityText, false},
    {"subject", QT_TRANSLATE_NOOP("FlagQueueModel", "Subject"), subjectText, nullptr, nullptr, subjectText, false},
    {"votes", QT_TRANSLATE_NOOP("FlagQueueModel", "Votes"), votesText, votesNumber, nullptr, nullptr, false},
    {"impact", QT_TRANSLATE_NOOP("FlagQueueModel", "Rank impact"), impactText, nullptr, nullptr, nullptr, false},
    {"age", QT_TRANSLATE_NOOP("FlagQueueModel", "Age"), recordedText, nullptr, nullptr, recordedText, false},
    {"state", QT_TRANSLATE_NOOP("FlagQueueModel", "State"), stateText, nullptr, nullptr, nullptr, false},
}};

bool worse(const RecordedFlag& a, const RecordedFlag& b)
{
    return domain::isWorse(a.flag, b.flag);
}

template <class List, class Value>
bool emptyOrHas(const List& list, const Value& value)
{
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

bool containsText(const RecordedFlag& row, const std::string& text)
{
    const QString needle = QString::fromStdString(text);
    return subjectText(row).contains(needle, Qt::CaseInsensitive) ||
           QString::fromStdString(row.flag.headline).contains(needle, Qt::CaseInsensitive) ||
           QString::fromStdString(row.flag.key.text).contains(needle, Qt::CaseInsensitive);
}

} // namespace

bool accepts(const FlagFilter& filter, const RecordedFlag& row)
{
    const domain::Flag& flag = row.flag;
    if (!emptyOrHas(filter.states, row.state) || !emptyOrHas(filter.detectors, flag.detector) || flag.severity < filter.atLeast)
        return false;
    if (!filter.token.empty() &&
        std::find(flag.tokens.begin(), flag.tokens.end(), domain::TokenKey{filter.token}) == flag.tokens.end())
        return false;
    if (!filter.post.empty() && std::find(flag.posts.begin(), flag.posts.end(), domain::PostKey{filter.post}) == flag.posts.end())
        return false;
    if (filter.moreVotesThan && static_cast<std::int64_t>(flag.votes.size()) <= *filter.moreVotesThan)
        return false;
    return filter.text.empty() || containsText(row, filter.text);
}

FlagQueueModel::FlagQueueModel(QObject* parent) : RowTableModel{kColumns, "FlagQueueModel", parent} {}

void FlagQueueModel::setFlags(std::vector<RecordedFlag> flags)
{
    std::sort(flags.begin(), flags.end(), worse);
    m_all = std::move(flags);
    m_cases.clear();
    refilter();
}

void FlagQueueModel::setFilter(FlagFilter filter)
{
    m_filter = std::move(filter);
    refilter();
}

void FlagQueueModel::setNow(domain::UtcTime now)
{
    m_now = now;
    if (const int count = rowCount(); count > 0) {
        const int age = static_cast<int>(Column::Age);
        emit dataChanged(index(0, age), index(count - 1, age), {Qt::DisplayRole});
    }
}

void FlagQueueModel::refilter()
{
    std::vector<RecordedFlag> kept;
    const std::vector<domain::FlagKey> inCase =
        m_filter.inCaseOf.empty() ? std::vector<domain::FlagKey>{} : caseOf(domain::FlagKey{m_filter.inCaseOf});
    std::copy_if(m_all.begin(), m_all.end(), std::back_inserter(kept), [&](const RecordedFlag& flag) {
        return accepts(m_filter, flag) &&
               (m_filter.inCaseOf.empty() || std::binary_search(inCase.begin(), inCase.end(), flag.flag.key));
    });
    setRows(std::move(kept));
}

void FlagQueueModel::update(const RecordedFlag& flag)
{
    const auto known =
        std::find_if(m_all.begin(), m_all.end(), [&](const RecordedFlag& one) { return one.flag.key == flag.flag.key; });
    if (known != m_all.end())
        *known = flag;
    const int row = rowOf(flag.flag.key);
    if (row < 0) {
        if (accepts(m_filter, flag))
            refilter();
        return;
    }
    if (accepts(m_filter, flag)) {
        m_rows[static_cast<std::size_t>(row)] = flag;
        emit dataChanged(index(row, 0), index(row, columnCount() - 1));
        return;
    }
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
}

int FlagQueueModel::rowOf(const domain::FlagKey& key) const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const RecordedFlag& one) { return one.flag.key == key; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

std::vector<domain::FlagKey> FlagQueueModel::keysInState(domain::FlagState state) const
{
    std::vector<domain::FlagKey> keys;
    for (const RecordedFlag& one : m_all) {
        if (one.state == state)
            keys.push_back(one.flag.key);
    }
    return keys;
}

std::vector<domain::FlagKey> FlagQueueModel::caseOf(const domain::FlagKey& flag) const
{
    if (m_cases.size() != m_all.size()) {
        std::vector<const domain::Flag*> flags;
        flags.reserve(m_all.size());
        for (const RecordedFlag& one : m_all)
            flags.push_back(&one.flag);
        m_cases = domain::casesOf(flags);
    }
    std::vector<domain::FlagKey> keys;
    const auto found = std::find_if(m_all.begin(), m_all.end(), [&](const RecordedFlag& one) { return one.flag.key == flag; });
    for (std::size_t at = 0; found != m_all.end() && at < m_all.size(); ++at) {
        if (m_cases[at] == m_cases[static_cast<std::size_t>(found - m_all.begin())])
            keys.push_back(m_all[at].flag.key);
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

std::vector<domain::FlagKey> FlagQueueModel::voidable(const std::vector<int>& rows) const
{
    std::vector<domain::FlagKey> keys;
    const auto take = [&keys](const RecordedFlag& one) {
        if (one.state == domain::FlagState::Confirmed && !one.flag.extraVotes.empty())
            keys.push_back(one.flag.key);
    };
    if (rows.size() > 1) {
        for (const int number : rows)
            take(row(number));
    }
    if (keys.empty())
        std::for_each(m_all.begin(), m_all.end(), take);
    return keys;
}

QVariant FlagQueueModel::data(const QModelIndex& index, int role) const
{
    if (role == Qt::DisplayRole && index.isValid() && index.column() == static_cast<int>(Column::Age))
        return ageText(row(index.row()).flag.to, m_now);
    return RowTableModel::data(index, role);
}

QVariant FlagQueueModel::rowData(const RecordedFlag& row, int /*column*/, int role) const
{
    switch (role) {
    case KeyRole: return QString::fromStdString(row.flag.key.text);
    case SeverityRole: return static_cast<int>(row.flag.severity);
    case FlagStateRole: return static_cast<int>(row.state);
    case ActorRole: return row.state == domain::FlagState::Open ? QString{} : shown(row.actor);
    case SecondLineRole:
        return (row.flag.belowReviewLine ? tr("%1 · doubtful · %2") : QStringLiteral("%1 · %2"))
            .arg(titleOf(row.flag.detector), shown(row.flag.summary));
    case ImpactRole:
        return row.flag.rankImpact ? QVariant::fromValue(Impact{row.flag.rankImpact->rankWith, row.flag.rankImpact->rankWithout})
                                   : QVariant::fromValue(Impact{});
    case AccessibleRole:
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1: %2, %3, %4")
            .arg(titleOf(row.flag.severity), subjectText(row), titleOf(row.flag.detector), stateText(row));
    default: return {};
    }
}

} // namespace scr::tables
