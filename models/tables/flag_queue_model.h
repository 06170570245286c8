#pragma once

#include <optional>
#include <vector>

#include "domain/review.h"
#include "tables/row_table_model.h"

namespace scr::tables {

/// Which flags the queue shows, all conditions together.
struct FlagFilter {
    std::vector<domain::FlagState> states; ///< empty: any
    domain::Severity atLeast = domain::Severity::Low;
    std::vector<domain::DetectorId> detectors; ///< empty: any
    std::string token;                         ///< equals one of the flag's tokens; empty: any
    std::string post;
    std::optional<std::int64_t> moreVotesThan;
    std::string text; ///< contained in subject, label or headline, whatever the case

    [[nodiscard]] bool accepts(const domain::RecordedFlag& flag) const;
    friend bool operator==(const FlagFilter&, const FlagFilter&) = default;
};

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
    void setNow(domain::UtcTime now); ///< what the ages are reckoned from
    [[nodiscard]] int rowOf(const domain::FlagKey& key) const; ///< -1 when not shown
    [[nodiscard]] const std::vector<domain::RecordedFlag>& all() const noexcept { return m_all; }
    [[nodiscard]] std::vector<domain::FlagKey> keysInState(domain::FlagState state) const; ///< over all, not only shown

protected:
    [[nodiscard]] QVariant rowData(const domain::RecordedFlag& row, int column, int role) const override;

private:
    void refilter();

    std::vector<domain::RecordedFlag> m_all;
    FlagFilter m_filter;
    domain::UtcTime m_now{};
};

} // namespace scr::tables
