#include "tables/audit_pages_model.h"

#include <array>

#include "tables/cell_text.h"

namespace scr::tables {

namespace {

using domain::AuditEntry;

QString leafText(const AuditEntry& row)
{
    return row.leaf ? numberText(static_cast<double>(*row.leaf)) : QString{};
}

QVariant leafNumber(const AuditEntry& row)
{
    return row.leaf ? QVariant{static_cast<qlonglong>(*row.leaf)} : QVariant{};
}

QString hashText(const AuditEntry& row)
{
    if (!row.problem.empty())
        return QCoreApplication::translate("AuditPagesModel", "tampered");
    return row.leaf ? QString::fromStdString(row.leafHash.substr(0, 8))
                    : QCoreApplication::translate("AuditPagesModel", "not sealed");
}

QString hashTip(const AuditEntry& row)
{
    if (!row.problem.empty())
        return shown(row.problem);
    return row.leaf ? QString::fromStdString(row.leafHash)
                    : QCoreApplication::translate("AuditPagesModel", "It has no place in a signed checkpoint yet.");
}

Meaning hashMeaning(const AuditEntry& row)
{
    if (!row.problem.empty())
        return Meaning::Bad;
    return row.leaf ? Meaning::Key : Meaning::Muted;
}

Meaning leafMeaning(const AuditEntry& row)
{
    return row.problem.empty() ? Meaning::Plain : Meaning::Bad;
}

QString atText(const AuditEntry& row)
{
    return preciseTimeText(row.at);
}

QString fullAt(const AuditEntry& row)
{
    return fullTimeText(row.at);
}

QString kindText(const AuditEntry& row)
{
    switch (row.kind) {
    case domain::EntryKind::Attempt: return QCoreApplication::translate("AuditPagesModel", "vote attempt");
    case domain::EntryKind::Review: return QCoreApplication::translate("AuditPagesModel", "review");
    case domain::EntryKind::Propose: return QCoreApplication::translate("AuditPagesModel", "proposal");
    case domain::EntryKind::Void: return QCoreApplication::translate("AuditPagesModel", "void");
    case domain::EntryKind::Restore: return QCoreApplication::translate("AuditPagesModel", "restore");
    case domain::EntryKind::Record: return QCoreApplication::translate("AuditPagesModel", "flags recorded");
    case domain::EntryKind::Export: return QCoreApplication::translate("AuditPagesModel", "export");
    case domain::EntryKind::Install: return QCoreApplication::translate("AuditPagesModel", "installation");
    case domain::EntryKind::Import: return QCoreApplication::translate("AuditPagesModel", "import");
    case domain::EntryKind::Withdraw: return QCoreApplication::translate("AuditPagesModel", "withdrawal");
    case domain::EntryKind::Accept: return QCoreApplication::translate("AuditPagesModel", "risk decision");
    case domain::EntryKind::Epoch: return QCoreApplication::translate("AuditPagesModel", "new epoch");
    }
    return {};
}

Meaning kindMeaning(const AuditEntry& row)
{
    if (!row.problem.empty())
        return Meaning::Bad;
    return row.kind == domain::EntryKind::Attempt ? Meaning::Muted : Meaning::Strong;
}

QString actorText(const AuditEntry& row)
{
    return shown(row.actor);
}

QString outcomeText(const AuditEntry& row)
{
    return shown(row.outcome);
}

Meaning outcomeMeaning(const AuditEntry& row)
{
    if (row.kind != domain::EntryKind::Attempt)
        return Meaning::Plain;
    return row.outcome == "accepted" ? Meaning::Muted : Meaning::Warning;
}

QString subjectText(const AuditEntry& row)
{
    return shown(row.subject);
}

QString detailText(const AuditEntry& row)
{
    return shown(row.detail);
}

QString originText(const AuditEntry& row)
{
    return shown(row.origin);
}

Meaning asKey(const AuditEntry& /*row*/)
{
    return Meaning::Key;
}

constexpr std::array<ColumnSpec<AuditEntry>, static_cast<std::size_t>(AuditPagesModel::Column::Count)> kColumns{{
    {"leaf", QT_TRANSLATE_NOOP("AuditPagesModel", "Leaf"), leafText, leafNumber, leafMeaning, nullptr, false},
    {"at", QT_TRANSLATE_NOOP("AuditPagesModel", "Time (UTC)"), atText, nullptr, nullptr, fullAt, false},
    {"kind", QT_TRANSLATE_NOOP("AuditPagesModel", "Type"), kindText, nullptr, kindMeaning, nullptr, false},
    {"actor", QT_TRANSLATE_NOOP("AuditPagesModel", "Actor"), actorText, nullptr, asKey, actorText, false},
    {"outcome", QT_TRANSLATE_NOOP("AuditPagesModel", "Outcome"), outcomeText, nullptr, outcomeMeaning, nullptr, false},
    {"subject", QT_TRANSLATE_NOOP("AuditPagesModel", "Subject"), subjectText, nullptr, asKey, subjectText, false},
    {"hash", QT_TRANSLATE_NOOP("AuditPagesModel", "Leaf hash"), hashText, nullptr, hashMeaning, hashTip, false},
    {"detail", QT_TRANSLATE_NOOP("AuditPagesModel", "Entry"), detailText, nullptr, nullptr, detailText, false},
    {"origin", QT_TRANSLATE_NOOP("AuditPagesModel", "Origin"), originText, nullptr, asKey, nullptr, false},
}};

} // namespace

AuditPagesModel::AuditPagesModel(ports::AuditSource& source, QObject* parent) :
    PagedTableModel{kColumns, "AuditPagesModel", parent}, m_source{source}
{
    connect(this, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) { mark(first, last); });
}

void AuditPagesModel::setProblems(std::map<std::uint64_t, std::string> problems)
{
    m_problems = std::move(problems);
    if (rowCount() == 0)
        return;
    mark(0, rowCount() - 1);
    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void AuditPagesModel::mark(int first, int last)
{
    for (int row = first; row <= last; ++row) {
        AuditEntry& entry = m_rows[static_cast<std::size_t>(row)];
        const auto problem = entry.leaf ? m_problems.find(*entry.leaf) : m_problems.end();
        entry.problem = problem == m_problems.end() ? std::string{} : problem->second;
    }
}

void AuditPagesModel::setFilter(const ports::AuditFilter& filter)
{
    m_asked = true;
    m_filter = filter;
    restart();
}

QFuture<domain::Result<ports::AuditPage>> AuditPagesModel::askPage(const std::optional<ports::AuditCursor>& after, int limit)
{
    return m_source.entriesAfter(m_filter, after, limit);
}

QVariant AuditPagesModel::rowData(const AuditEntry& row, int /*column*/, int role) const
{
    return role == KeyRole ? QVariant{QString::fromStdString(row.key)} : QVariant{};
}

} // namespace scr::tables
