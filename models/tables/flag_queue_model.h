#pragma once

#include <optional>
#include <vector>

#include "domain/review.h"
#include "tables/flag_filter.h"
#include "tables/row_table_model.h"

namespace scr::tables {

/// True when every condition of the filter holds but the case, which takes all flags to tell.
[[nodiscard]] bool accepts(const FlagFilter& filter, const domain::RecordedFlag& flag);

/// The queue: flags that pass the filter, worst first. It holds all flags of the range, so a change of filter asks nobody.
class FlagQueueModel : public RowTableModel<domain::RecordedFlag> {
    Q_OBJECT
public:
    enum class Column { Severity, Subject, Votes, RankImpact, Age, State, Count };
    explicit FlagQueueModel(QObject* parent = nullptr);

    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

    void setFlags(std::vector<domain::RecordedFlag> flags);
    void setFilter(FlagFilter filter);
    [[nodiscard]] const FlagFilter& filter() const noexcept { return m_filter; }
    /// Takes the new state of a flag; a row that no longer passes the filter goes.
    void update(const domain::RecordedFlag& flag);
    void setNow(domain::UtcTime now);                          ///< what the ages are reckoned from
    [[nodiscard]] int rowOf(const domain::FlagKey& key) const; ///< -1 when not shown
    [[nodiscard]] const std::vector<domain::RecordedFlag>& all() const noexcept { return m_all; }
    [[nodiscard]] std::vector<domain::FlagKey> keysInState(domain::FlagState state) const; ///< over all, not only shown
    /// Keys of the flags that belong to one case with this one, itself included; see domain::casesOf. Over all, not only shown.
    [[nodiscard]] std::vector<domain::FlagKey> caseOf(const domain::FlagKey& flag) const;
    /// Confirmed flags with votes to void: those among the rows when several are selected, otherwise all there are.
    [[nodiscard]] std::vector<domain::FlagKey> voidable(const std::vector<int>& rows) const;

protected:
    [[nodiscard]] QVariant rowData(const domain::RecordedFlag& row, int column, int role) const override;

private:
    void refilter();

    std::vector<domain::RecordedFlag> m_all;
    FlagFilter m_filter;
    mutable std::vector<std::size_t> m_cases; ///< of m_all; empty until somebody asks
    domain::UtcTime m_now{};
};

} // namespace scr::tables
