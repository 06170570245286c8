#pragma once

#include <optional>
#include <vector>

#include <QWidget>

#include "domain/audit_entry.h"
#include "jobs/seal_job.h"
#include "tables/seal_tables.h"

class QPushButton;
class QScrollArea;
class QTableView;
class QToolButton;

namespace scr::widgets {
class CodeBox;
class ProofPath;
class Tag;
class TextLabel;
} // namespace scr::widgets

namespace scr::pages {

/// Beside the audit log: its checkpoints, and how the chosen entry comes to the newest of them.
class SealPane : public QWidget {
    Q_OBJECT
public:
    explicit SealPane(jobs::SealJob& job, QWidget* parent = nullptr);

    void setReadOnly(); ///< it is a pack's
    void showReading(const domain::Result<jobs::SealReading>& reading);
    void showEntry(const domain::AuditEntry* entry); ///< null: none is chosen

signals:
    void noticed(const QString& sentence);

private:
    QWidget* makeCheckpoints();
    QWidget* makeProof();
    QWidget* makeFoot();
    void takeProof(const domain::Result<jobs::LeafProof>& proof);
    void say(const QString& title, const QString& sentence);
    void showBytes(const QString& entry);
    void saveProof();
    void copyCheckpoint();
    void compareChosen();
    void takeComparison(const domain::Result<jobs::ConsistencyProof>& proof);
    [[nodiscard]] std::vector<int> chosenCheckpoints() const;

    jobs::SealJob& m_job;
    tables::CheckpointListModel m_checkpoints;
    std::optional<std::uint64_t> m_leaf;       ///< whose proof is shown or asked for
    std::optional<std::uint64_t> m_leafBefore; ///< whose proof a comparison took the place of
    std::optional<jobs::LeafProof> m_proof;
    std::string m_shownProblem; ///< what a verification said of the entry when its proof was asked for
    bool m_failed = false;
    bool m_isReadOnly = false;
    widgets::TextLabel* m_signed{};
    QTableView* m_table{};
    QToolButton* m_compare{};
    widgets::TextLabel* m_title{};
    widgets::TextLabel* m_took{};
    widgets::TextLabel* m_problem{};
    widgets::TextLabel* m_entryTitle{};
    widgets::CodeBox* m_entry{};
    widgets::ProofPath* m_path{};
    widgets::Tag* m_result{};
    QPushButton* m_copy{};
    QPushButton* m_save{};
};

} // namespace scr::pages
