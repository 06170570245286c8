#include "tables/seal_tables.h"

#include <algorithm>
#include <array>
#include <ranges>

#include <QRegularExpression>

#include "tables/cell_text.h"

namespace scr::tables {

namespace {

using audit::Mismatch;
using jobs::CheckpointLine;

QString tr(const char* text)
{
    return QCoreApplication::translate("SealTables", text);
}

QString sizeText(const CheckpointLine& row)
{
    return numberText(static_cast<double>(row.size));
}

QVariant sizeNumber(const CheckpointLine& row)
{
    return static_cast<qlonglong>(row.size);
}

Meaning lineMeaning(const CheckpointLine& row)
{
    return row.isGood ? Meaning::Plain : Meaning::Bad;
}

QString signedAtText(const CheckpointLine& row)
{
    if (!row.isGood)
        return tr("not good");
    return row.signedAt == domain::UtcTime{} ? tr("earlier") : dateTimeText(row.signedAt); // a pack does not say when
}

QString rootText(const CheckpointLine& row)
{
    return hashShort(row.root) + QStringLiteral(" …");
}

QString rootTip(const CheckpointLine& row)
{
    return QString::fromStdString(row.root);
}

Meaning asKey(const CheckpointLine& /*row*/)
{
    return Meaning::Key;
}

/// The good ones by their name; of the others what is wrong with them stands beside it.
QString witnessText(const CheckpointLine& row)
{
    QStringList names;
    for (const audit::Witness& witness : row.witnesses) {
        switch (witness.standing) {
        case audit::Witness::Standing::Good: names << shown(witness.name); break;
        case audit::Witness::Standing::Bad: names << tr("%1 (not good)").arg(shown(witness.name)); break;
        case audit::Witness::Standing::Unknown: names << tr("%1 (not checked)").arg(shown(witness.name)); break;
        }
    }
    names.removeDuplicates(); // who signed twice
    return names.isEmpty() ? tr("nobody") : names.join(QStringLiteral(", "));
}

QString witnessTip(const CheckpointLine& row)
{
    QStringList lines;
    for (const audit::Witness& witness : row.witnesses) {
        const QString name = shown(witness.name);
        const domain::UtcTime at{std::chrono::seconds{witness.time.value_or(0)}};
        switch (witness.standing) {
        case audit::Witness::Standing::Good:
            lines << tr("%1 signed this on %2 (UTC, by their clock); the signature is good.").arg(name, dateTimeText(at));
            break;
        case audit::Witness::Standing::Bad:
            lines << tr("The signature under the name of %1 is not good: somebody altered it or this checkpoint.").arg(name);
            break;
        case audit::Witness::Standing::Unknown:
            lines << tr("Whether the signature of %1 is good tells who has their public key: name it in witness_keys of the "
                        "profile, or for a pack with --witness.")
                         .arg(name);
            break;
        }
    }
    return lines.join(QLatin1Char{'\n'});
}

Meaning witnessMeaning(const CheckpointLine& row)
{
    const auto has = [&row](audit::Witness::Standing standing) {
        return std::ranges::find(row.witnesses, standing, &audit::Witness::standing) != row.witnesses.end();
    };
    if (has(audit::Witness::Standing::Bad))
        return Meaning::Bad;
    return has(audit::Witness::Standing::Good) ? Meaning::Good : Meaning::Muted;
}

constexpr std::array<ColumnSpec<CheckpointLine>, static_cast<std::size_t>(CheckpointListModel::Column::Count)> kColumns{{
    {"size", QT_TRANSLATE_NOOP("SealTables", "Entries"), sizeText, sizeNumber, lineMeaning, nullptr, false},
    {"signed", QT_TRANSLATE_NOOP("SealTables", "Signed (UTC)"), signedAtText, nullptr, lineMeaning, nullptr, false},
    {"root", QT_TRANSLATE_NOOP("SealTables", "Root"), rootText, nullptr, asKey, rootTip, false},
    {"witnessed", QT_TRANSLATE_NOOP("SealTables", "Also signed by"), witnessText, nullptr, witnessMeaning, witnessTip, false},
}};

QString sentence(const QString& text)
{
    return text.endsWith(QChar{0x2026}) ? text : text + QLatin1Char{'.'};
}

std::uint64_t sealedOf(const jobs::SealReading& reading)
{
    return reading.report.newest ? reading.report.newest->checkpoint.size : 0;
}

} // namespace

CheckpointListModel::CheckpointListModel(QObject* parent) : RowTableModel{kColumns, "SealTables", parent} {}

QString hashShort(const std::string& hex)
{
    return QString::fromStdString(hex.size() < 8 ? hex : hex.substr(0, 4) + ' ' + hex.substr(4, 4));
}

bool isSealLate(const jobs::SealReading& reading)
{
    constexpr std::chrono::minutes kMost{2}; // a vote's transaction may take a while, and its entry has the time of its beginning
    return reading.waitsFor > kMost;
}

QString sealStatusText(const jobs::SealReading& reading, domain::UtcTime now)
{
    if (reading.report.findingCount > 0 || !reading.alarms.empty())
        return tr("seal: look at the audit log");
    if (!reading.report.newest)
        return tr("sealed, not signed yet");
    if (isSealLate(reading))
        return tr("not sealed for %1: does the sealer run?").arg(ageText(domain::UtcTime{}, domain::UtcTime{reading.waitsFor}));
    return tr("sealed to %1, %2 ago")
        .arg(numberText(static_cast<double>(sealedOf(reading))), ageText(reading.report.signedAt, now));
}

QString sealHeadText(const jobs::SealReading& reading)
{
    const QString sealed = tr("%1 sealed").arg(numberText(static_cast<double>(sealedOf(reading))));
    if (reading.waiting == 0)
        return sealed + tr("  ·  nothing waits");
    return sealed + tr("  ·  %1 waiting for the next checkpoint").arg(numberText(static_cast<double>(reading.waiting)));
}

QString signedText(const jobs::SealReading& reading, domain::UtcTime now)
{
    if (!reading.report.newest)
        return tr("not signed yet");
    const QString age = ageText(reading.report.signedAt, now);
    return reading.trust.isConfirmed ? tr("signed %1 ago, key %2").arg(age, shownShort(reading.trust.key.name, 28))
                                     : tr("signed %1 ago, key not confirmed").arg(age);
}

ProofWords wordsOf(const jobs::LeafProof& proof)
{
    ProofWords words;
    words.leaf = tr("leaf %1").arg(numberText(static_cast<double>(proof.leaf)));
    words.leafHash = hashShort(audit::hexOf(proof.hash));
    words.root = proof.problem.empty() ? tr("root of %1").arg(numberText(static_cast<double>(proof.checkpoint.checkpoint.size)))
                                       : tr("signed: %1").arg(hashShort(audit::hexOf(proof.checkpoint.checkpoint.root)));
    for (const audit::ProofStep& step : proof.steps)
        words.steps.push_back({hashShort(audit::hexOf(step.given)), step.givenIsLeft, hashShort(audit::hexOf(step.result))});
    words.took = tr("%1, read and checked in %2 ms")
                     .arg(countText(static_cast<std::int64_t>(proof.steps.size()), "hash", "hashes"),
                          QString::number(static_cast<double>(proof.took.count()) / 1000.0, 'f', 1));
    if (!proof.problem.empty())
        words.problem = tr("Not what was signed: %1.").arg(shown(proof.problem));
    words.entry = shown(proof.entry);
    return words;
}

QString lineOf(const CheckpointLine& checkpoint)
{
    return QString::fromStdString(audit::lineOf(checkpoint.note));
}

QString verifiedText(const jobs::VerifyReport& report)
{
    if (report.isAsSigned()) {
        QString verified = tr("%1 entries verified: each is what was signed, by %2.")
                               .arg(numberText(static_cast<double>(report.verified - report.from)),
                                    countText(static_cast<std::int64_t>(report.checkpoints), "checkpoint", "checkpoints"));
        if (report.unsignedTail() > 0)
            verified += tr(" %1 at the end are not signed yet.").arg(numberText(static_cast<double>(report.unsignedTail())));
        return report.isGood() ? verified : verified + tr(" A witness's signature is gone.");
    }
    if (!report.newest)
        return tr("Nothing of this log is signed with its key.");
    const std::size_t entries = problemsOf(report).size();
    const QString found =
        entries > 0
            ? tr("%1 of %2 sealed entries cannot be shown to be what was signed.")
                  .arg(numberText(static_cast<double>(entries)), numberText(static_cast<double>(report.to - report.from)))
            : tr("%1 found.")
                  .arg(countText(static_cast<std::int64_t>(report.findingCount), "contradiction was", "contradictions were"));
    return found;
}

QString findingText(const audit::LogFinding& finding)
{
    static const QRegularExpression hash{QStringLiteral("\\b([0-9a-f]{4})([0-9a-f]{4})[0-9a-f]{56}\\b")};
    const QString detail = shown(finding.detail).replace(hash, QStringLiteral("\\1 \\2 …"));
    switch (finding.mismatch) {
    case Mismatch::EntryAltered: return sentence(tr("Tampered after sealing: %1").arg(detail));
    case Mismatch::CopyDiffers: return sentence(tr("Its columns were changed after sealing: %1").arg(detail));
    case Mismatch::EntryGone: return sentence(tr("Removed after sealing: %1").arg(detail));
    case Mismatch::CopyGone:
    case Mismatch::NotAnEntry:
    case Mismatch::LeafAltered:
    case Mismatch::LeafGone:
    case Mismatch::Unverifiable:
    case Mismatch::EntrySlippedIn:
    case Mismatch::SubtreeAltered:
    case Mismatch::CheckpointBad:
    case Mismatch::FileAltered:
    case Mismatch::CheckpointGone:
    case Mismatch::SignatureGone: return sentence(detail);
    }
    return {};
}

QString remarksText(const jobs::VerifyReport& report)
{
    constexpr std::size_t kMost = 3;
    QStringList sentences;
    for (const std::string& remark : report.remarks | std::views::take(kMost)) {
        const QString text = shown(remark);
        sentences << sentence(text.left(1).toUpper() + text.mid(1));
    }
    if (report.remarks.size() > kMost)
        sentences << tr("And %1 more: scrutineerctl verify lists them.").arg(report.remarks.size() - kMost);
    return sentences.join(QLatin1Char{' '});
}

std::optional<audit::LogFinding> firstShown(const jobs::VerifyReport& report)
{
    const auto found = std::ranges::find_if(report.findings, [](const audit::LogFinding& finding) {
        return finding.mismatch == Mismatch::EntryAltered || finding.mismatch == Mismatch::CopyDiffers ||
               finding.mismatch == Mismatch::NotAnEntry || finding.mismatch == Mismatch::LeafAltered;
    });
    return found == report.findings.end() ? std::nullopt : std::optional{*found};
}

std::map<std::uint64_t, std::string> problemsOf(const jobs::VerifyReport& report)
{
    constexpr std::uint64_t kMostOfARange = 100'000; // what the list can hold of it anyway
    std::map<std::uint64_t, std::string> problems;
    for (const audit::LogFinding& finding : report.findings) {
        if (!isAboutLeaves(finding.mismatch))
            continue;
        const std::uint64_t last = std::min(finding.last, finding.first + kMostOfARange);
        const std::string words = findingText(finding).toStdString();
        for (std::uint64_t leaf = finding.first; leaf <= last; ++leaf)
            problems.emplace(leaf, words);
    }
    return problems;
}

} // namespace scr::tables
