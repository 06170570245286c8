#pragma once

#include <map>

#include "ports/audit_source.h"
#include "tables/paged_table_model.h"

namespace scr::tables {

/// Attempts and moderation entries newest first, page by page.
class AuditPagesModel : public PagedTableModel<domain::AuditEntry, ports::AuditCursor, ports::AuditPage> {
    Q_OBJECT
public:
    enum class Column { Leaf, At, Kind, Actor, Outcome, Subject, Hash, Detail, Origin, Count };
    explicit AuditPagesModel(ports::AuditSource& source, QObject* parent = nullptr);

    void setFilter(const ports::AuditFilter& filter);
    [[nodiscard]] const ports::AuditFilter& filter() const noexcept { return m_filter; }
    void reload() { restart(); }
    /// What a verification found, by leaf; rows that are read later are marked as well.
    void setProblems(std::map<std::uint64_t, std::string> problems);

protected:
    [[nodiscard]] bool isReady() const override { return m_asked; }
    [[nodiscard]] QFuture<domain::Result<ports::AuditPage>> askPage(const std::optional<ports::AuditCursor>& after,
                                                                    int limit) override;
    [[nodiscard]] QVariant rowData(const domain::AuditEntry& row, int column, int role) const override;

private:
    void mark(int first, int last);

    std::map<std::uint64_t, std::string> m_problems;
    ports::AuditSource& m_source;
    ports::AuditFilter m_filter;
    bool m_asked = false;
};

} // namespace scr::tables
