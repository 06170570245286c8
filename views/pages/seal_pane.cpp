#include "pages/seal_pane.h"

#include <chrono>

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSaveFile>
#include <QScrollArea>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "delegates/table_setup.h"
#include "dialogs/save_dialog.h"
#include "tables/cell_text.h"
#include "theme/metrics.h"
#include "theme/tooltip.h"
#include "widgets/buttons.h"
#include "widgets/code_box.h"
#include "widgets/proof_path.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"

namespace scr::pages {

namespace {

using widgets::TextLabel;

constexpr int kListHeight = 170;
constexpr int kEntryLines = 12;

domain::UtcTime now()
{
    return std::chrono::time_point_cast<domain::Micros>(std::chrono::system_clock::now());
}

QWidget* makeHead(const QString& title, TextLabel*& titleLabel, TextLabel*& right)
{
    auto* head = new widgets::Band{theme::Role::Base, widgets::Band::Edge::Bottom};
    head->setFixedHeight(theme::kPageHeader);
    auto* layout = new QHBoxLayout{head};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(theme::kGap);
    layout->addWidget(titleLabel = new TextLabel{title, theme::Type::Section});
    layout->addStretch(1);
    layout->addWidget(right = new TextLabel{{}, theme::Type::Dense, theme::Role::Text2});
    return head;
}

} // namespace

SealPane::SealPane(jobs::SealJob& job, QWidget* parent) : QWidget{parent}, m_job{job}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeCheckpoints());
    layout->addWidget(makeProof(), 1);
    layout->addWidget(makeFoot());
    connect(&m_job, &jobs::SealJob::proved, this, &SealPane::takeProof);
    connect(&m_job, &jobs::SealJob::compared, this, &SealPane::takeComparison);
    showEntry(nullptr);
}

QWidget* SealPane::makeCheckpoints()
{
    auto* part = new QWidget;
    auto* layout = new QVBoxLayout{part};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    TextLabel* title = nullptr;
    QWidget* head = makeHead(tr("Checkpoints"), title, m_signed);
    QToolButton* copy = widgets::makeToolButton(
        theme::Icon::Copy, tr("Copy the chosen checkpoint as one line, to be sent to somebody who keeps it"), head);
    copy->setFocusPolicy(Qt::TabFocus); // not what focus falls back to when a button is disabled
    connect(copy, &QToolButton::clicked, this, &SealPane::copyCheckpoint);
    m_compare = widgets::makeToolButton(theme::Icon::Check,
                                        tr("Show that the later of two chosen checkpoints begins with the earlier"), head);
    m_compare->setObjectName(QStringLiteral("compareCheckpoints"));
    m_compare->setFocusPolicy(Qt::TabFocus);
    m_compare->setEnabled(false);
    connect(m_compare, &QToolButton::clicked, this, &SealPane::compareChosen);
    head->layout()->addWidget(m_compare);
    head->layout()->addWidget(copy);
    layout->addWidget(head);
    m_table = new QTableView;
    m_table->setModel(&m_checkpoints);
    delegates::dressDense(*m_table);
    m_table->setAccessibleName(tr("Checkpoints"));
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { m_compare->setEnabled(chosenCheckpoints().size() == 2); });
    m_table->setFixedHeight(kListHeight);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->horizontalHeader()->resizeSection(0, 76);
    m_table->horizontalHeader()->resizeSection(1, 152);
    m_table->horizontalHeader()->resizeSection(2, 94);
    m_table->horizontalHeader()->setStretchLastSection(true);
    layout->addWidget(m_table);
    return part;
}

QWidget* SealPane::makeProof()
{
    auto* part = new QWidget;
    auto* layout = new QVBoxLayout{part};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(new widgets::Rule);
    layout->addWidget(makeHead({}, m_title, m_took));
    auto* scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* body = new widgets::Band{theme::Role::Base, widgets::Band::Edge::None};
    auto* bodyLayout = new QVBoxLayout{body};
    bodyLayout->setContentsMargins(0, theme::kGap, 0, theme::kGap);
    bodyLayout->setSpacing(theme::kGap);
    m_problem = new TextLabel{{}, theme::Type::Body, theme::Role::DangerText};
    m_problem->setWordWrap(true);
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problem->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    m_entryTitle = new TextLabel{tr("The entry as it is stored"), theme::Type::Header, theme::Role::Text2};
    m_entry = new widgets::CodeBox{nullptr, kEntryLines};
    auto* entry = new QVBoxLayout;
    entry->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    entry->setSpacing(theme::kGap / 2);
    entry->addWidget(m_entryTitle);
    entry->addWidget(m_entry);
    bodyLayout->addWidget(m_problem);
    bodyLayout->addWidget(m_path = new widgets::ProofPath);
    bodyLayout->addLayout(entry);
    bodyLayout->addStretch(1);
    scroll->setWidget(body);
    layout->addWidget(scroll, 1);
    return part;
}

QWidget* SealPane::makeFoot()
{
    auto* foot = new widgets::Band{theme::Role::Window, widgets::Band::Edge::Top};
    foot->setFixedHeight(theme::kFooter);
    auto* layout = new QHBoxLayout{foot};
    layout->setContentsMargins(theme::kPanePadding, 0, theme::kPanePadding, 0);
    layout->setSpacing(theme::kGap);
    m_copy = widgets::makeButton(tr("Copy proof"), theme::Icon::Copy, foot);
    m_save = widgets::makeButton(tr("Save proof …"), foot);
    m_result = new widgets::Tag;
    layout->addWidget(m_copy);
    layout->addWidget(m_save);
    layout->addStretch(1);
    layout->addWidget(m_result);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(QString::fromStdString(m_proof->text));
        emit noticed(tr("The proof is in the clipboard."));
    });
    connect(m_save, &QPushButton::clicked, this, &SealPane::saveProof);
    return foot;
}

void SealPane::setReadOnly()
{
    m_isReadOnly = true;
}

void SealPane::showReading(const domain::Result<jobs::SealReading>& reading)
{
    if (!reading) {
        m_signed->setText(reading.error().fault == domain::Fault::NotFound ? tr("never sealed") : tr("could not be read"));
        m_signed->setRole(theme::Role::WarningText);
        return;
    }
    const QString leftOut = tables::shown(reading->trust.leftOut);
    m_signed->setText(leftOut.isEmpty() ? tables::signedText(*reading, now()) : tr("a witness key is none"));
    const bool isConfirmed = reading->trust.isConfirmed;
    m_signed->setToolTip(
        !leftOut.isEmpty() ? theme::plainTip(leftOut)
        : isConfirmed      ? theme::plainTip(tables::shown(textOf(reading->trust.key)))
        : m_isReadOnly
            ? tr("The key is the pack's own word. Compare it with the one that the site gave out, and open the pack "
                 "with that as --key.")
            : tr("The key is the database's own word. Compare it with the one that the site gave out, and name that as "
                 "log_key in the profile, or once with scrutineerctl verify --key."));
    m_signed->setRole(!reading->report.isGood()                      ? theme::Role::DangerText
                      : isConfirmed && !tables::isSealLate(*reading) ? theme::Role::OkText
                                                                     : theme::Role::WarningText);
    const bool isSame = m_checkpoints.rows() == reading->checkpoints;
    if (!isSame)
        m_checkpoints.setRows(reading->checkpoints);
}

void SealPane::showEntry(const domain::AuditEntry* entry)
{
    const std::string problem = entry != nullptr ? entry->problem : std::string{};
    if (m_leafBefore && entry != nullptr && entry->leaf == m_leafBefore)
        return; // the list was read again, and nobody chose another
    m_leafBefore.reset();
    if (entry != nullptr && entry->leaf && m_leaf == entry->leaf && m_shownProblem == problem && !m_failed)
        return;
    m_shownProblem = problem;
    m_failed = false;
    m_proof.reset();
    m_leaf = entry != nullptr ? entry->leaf : std::nullopt;
    m_path->show({}, {}, {}, {}, true);
    showBytes({});
    m_took->setText({});
    if (entry == nullptr)
        say(tr("Inclusion"), tr("Choose an entry to see how it comes to the signed root."));
    else if (!m_leaf)
        say(tr("Not sealed yet"), tr("The entry has no place in a checkpoint yet. A sealer gives it one: scrutineerctl seal."));
    else
        say(tr("Inclusion of entry %1").arg(tables::numberText(static_cast<double>(*m_leaf))), {});
    m_problem->setText(entry != nullptr && !entry->problem.empty() ? tables::shown(entry->problem) : m_problem->text());
    m_problem->setVisible(!m_problem->text().isEmpty());
    if (m_leaf)
        m_job.prove(*m_leaf);
}

void SealPane::say(const QString& title, const QString& sentence)
{
    m_title->setText(title);
    m_problem->setText(sentence);
    m_problem->setRole(m_leaf ? theme::Role::DangerText : theme::Role::Text2);
    m_problem->setVisible(!sentence.isEmpty());
    m_result->setVisible(false);
    m_copy->setEnabled(false);
    m_save->setEnabled(false);
}

void SealPane::takeProof(const domain::Result<jobs::LeafProof>& proof)
{
    if (!m_leaf || (proof && proof->leaf != *m_leaf))
        return;
    if (!proof) {
        m_failed = true; // asked again when the row is chosen again
        say(m_title->text(), tables::shown(domain::sentenceOf(proof.error())));
        return;
    }
    const tables::ProofWords words = tables::wordsOf(*proof);
    std::vector<widgets::ProofPath::Step> steps;
    for (const tables::ProofWords::Step& step : words.steps)
        steps.push_back({step.given, step.givenIsLeft, step.result});
    m_path->show(words.leaf, words.leafHash, std::move(steps), words.root, proof->problem.empty());
    m_took->setText(words.took);
    showBytes(words.entry);
    if (!proof->problem.empty()) {
        m_problem->setText(words.problem);
        m_problem->setVisible(true);
    }
    m_proof = *proof;
    m_result->present(proof->problem.empty() ? tr("included") : tr("not included"),
                      proof->problem.empty() ? widgets::Tag::Kind::Ok : widgets::Tag::Kind::Danger);
    m_result->setVisible(true);
    m_copy->setEnabled(proof->problem.empty());
    m_save->setEnabled(proof->problem.empty());
}

void SealPane::showBytes(const QString& entry)
{
    m_entryTitle->setVisible(!entry.isEmpty());
    m_entry->setVisible(!entry.isEmpty());
    m_entry->setCode(entry);
}

void SealPane::saveProof()
{
    dialogs::askWhereToSave(*this, tr("Save the proof"), QStringLiteral("entry-%1").arg(m_proof->leaf),
                            {{tr("Transparency log proof"), QStringLiteral("tlog-proof")}},
                            [this, text = m_proof->text](const QString& path) {
                                QSaveFile file{path};
                                const bool written = file.open(QIODevice::WriteOnly) &&
                                                     file.write(QByteArray::fromStdString(text)) >= 0 && file.commit();
                                emit noticed(written ? tr("Written to %1").arg(path)
                                                     : tr("%1 could not be written: %2").arg(path, file.errorString()));
                            });
}

std::vector<int> SealPane::chosenCheckpoints() const
{
    std::vector<int> rows;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows())
        rows.push_back(index.row());
    return rows;
}

void SealPane::compareChosen()
{
    const std::vector<int> rows = chosenCheckpoints();
    if (rows.size() == 2)
        m_job.compare(m_checkpoints.row(rows[0]).note, m_checkpoints.row(rows[1]).note);
}

/// In the place of the proof of an entry, which is shown again when one is chosen.
void SealPane::takeComparison(const domain::Result<jobs::ConsistencyProof>& proof)
{
    const auto leaf = m_leaf ? m_leaf : m_leafBefore;
    showEntry(nullptr);
    m_leafBefore = leaf;
    if (!proof) {
        say(tr("Consistency"), tables::shown(domain::sentenceOf(proof.error())));
        return;
    }
    const QString earlier = tables::numberText(static_cast<double>(proof->earlier));
    const QString later = tables::numberText(static_cast<double>(proof->later));
    const bool isGood = proof->problem.empty();
    say(tr("Consistency of %1 and %2").arg(earlier, later),
        isGood
            ? tr("The log of %1 entries begins with the log of %2: %3 lead from one signed root to the other. Nothing that was "
                 "signed by then was altered or taken out since.")
                  .arg(later, earlier, tables::countText(static_cast<std::int64_t>(proof->hashes), "hash", "hashes"))
            : tr("Not what was signed: %1.").arg(tables::shown(proof->problem)));
    m_problem->setRole(isGood ? theme::Role::Text2 : theme::Role::DangerText);
    m_result->present(isGood ? tr("consistent") : tr("not consistent"),
                      isGood ? widgets::Tag::Kind::Ok : widgets::Tag::Kind::Danger);
    m_result->setVisible(true);
}

void SealPane::copyCheckpoint()
{
    const int row = std::max(0, m_table->currentIndex().row());
    if (row >= m_checkpoints.rowCount())
        return;
    QGuiApplication::clipboard()->setText(tables::lineOf(m_checkpoints.row(row)));
    emit noticed(tr("The checkpoint is in the clipboard, as one line."));
}

} // namespace scr::pages
