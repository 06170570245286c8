#include "jobs/seal_reading.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <set>

#include <fmt/format.h>

#include "audit/proof_text.h"
#include "audit/tree.h"

namespace scr::jobs {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Result;

namespace {

constexpr std::size_t kListed = 50;

CheckpointLine lineOf(const ports::CheckpointRow& row, const std::vector<ports::CosignatureRow>& cosignatures,
                      const std::string& origin, const LogTrust& trust)
{
    const auto opened = audit::openCheckpoint(row.note, trust.key);
    CheckpointLine line{row.size, audit::hexOf(row.root), row.signedAt, false, {}, row.note};
    line.isGood = opened && opened->checkpoint.size == row.size && audit::bytesOf(opened->checkpoint.root) == row.root &&
                  opened->checkpoint.origin == origin;
    if (line.isGood)
        line.witnesses = witnessesOf(row, cosignatures, trust.key, trust.witnesses);
    return line;
}

void takeSigned(const CheckpointLine& line, audit::Witnessed& witnessed)
{
    for (const audit::Witness& witness : line.witnesses) {
        if (witness.standing == audit::Witness::Standing::Good)
            witnessed[witness.name] = std::max(witnessed[witness.name], line.size);
    }
}

/// Whether what was seen of a witness is still there, or something later, below the checkpoints that are listed: on a busy site
/// these are of less than a minute.
domain::Status lookBelow(ports::LogSource& source, SealReading& reading, const std::vector<ports::CosignatureRow>& cosignatures,
                         const std::string& name, std::uint64_t seen)
{
    constexpr std::size_t kMostTried = 20; // whoever may decide may store lines in the name
    std::set<std::uint64_t, std::greater<>> sizes;
    for (const ports::CosignatureRow& row : cosignatures) {
        if (row.name == name && row.size > seen)
            sizes.insert(row.size);
    }
    std::vector<std::uint64_t> tried{seen};
    std::ranges::copy(sizes | std::views::take(kMostTried), std::back_inserter(tried));
    for (const std::uint64_t size : tried) {
        const auto rows = source.milestones(reading.report.epoch.epoch, size + 1, 1);
        if (!rows)
            return failureOf(rows);
        if (!rows->empty() && rows->back().size == size)
            takeSigned(lineOf(rows->back(), cosignatures, reading.report.epoch.origin, reading.trust), reading.report.witnessed);
        if (reading.report.witnessed[name] >= seen)
            break;
    }
    return domain::Nothing{};
}

/// The checkpoints that are listed, who signed them as well, and what of that was seen before and is gone.
domain::Status takeCheckpoints(ports::LogSource& source, SealReading& reading)
{
    VerifyReport& report = reading.report;
    const auto rows = source.checkpoints(report.epoch.epoch, kListed);
    if (!rows)
        return failureOf(rows);
    const auto cosignatures = source.cosignatures(report.epoch.epoch);
    if (!cosignatures)
        return failureOf(cosignatures);
    for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
        reading.checkpoints.push_back(lineOf(*row, *cosignatures, report.epoch.origin, reading.trust));
        takeSigned(reading.checkpoints.back(), report.witnessed);
    }
    const auto seen = reading.trust.witnessed.find(report.epoch.origin);
    if (seen == reading.trust.witnessed.end())
        return domain::Nothing{};
    for (const auto& [name, size] : seen->second) {
        const auto found = report.witnessed.find(name);
        if (found == report.witnessed.end() || found->second >= size)
            continue; // nobody names this witness now, or all is there
        if (const domain::Status looked = lookBelow(source, reading, *cosignatures, name, size); !looked)
            return looked;
    }
    const auto lost = lostSignatures(seen->second, report.witnessed);
    report.findings.insert(report.findings.end(), lost.begin(), lost.end());
    report.findingCount += lost.size();
    return domain::Nothing{};
}

} // namespace

Result<SealReading> readSeal(ports::LogSource& source, const std::optional<audit::KnownLog>& known, const NamedKeys& named)
{
    const auto epochs = source.epochs();
    if (!epochs)
        return failureOf(epochs);
    const auto trust = trustIn(*epochs, known, named);
    if (!trust)
        return failureOf(trust);
    auto report = verifyCheckpoints(source, {trust->key, trust->remembered, {}, {}, trust->witnesses, {}});
    if (!report)
        return failureOf(report);
    SealReading reading{*std::move(report), *trust, 0, {}, {}, {}, {}};
    if (const domain::Status taken = takeCheckpoints(source, reading); !taken)
        return failureOf(taken);
    auto standing = source.standing(reading.report.epoch.epoch);
    if (!standing)
        return failureOf(standing);
    reading.waiting = standing->waiting;
    reading.waitsFor = standing->waitsFor;
    reading.alarms = std::move(standing->alarms);
    // What was signed after an alarm is what the sealer then found in order.
    std::erase_if(reading.alarms,
                  [&](const ports::SealAlarm& alarm) { return reading.report.newest && alarm.at < reading.report.signedAt; });
    if (reading.report.isAsSigned()) // what a witness signed must not hold up what is remembered of the log
        reading.learned = learned(known, *trust, *reading.report.newest, reading.report.witnessed);
    return reading;
}

Result<LeafProof> proveLeaf(ports::LogSource& source, const audit::VerifierKey& key, std::uint64_t leaf)
{
    const auto begun = std::chrono::steady_clock::now();
    const auto report = verifyCheckpoints(source, {key, {}});
    if (!report)
        return failureOf(report);
    if (!report->newest || report->newest->checkpoint.size <= leaf)
        return failure(Fault::NotFound, "no checkpoint is signed yet that has this entry", "Wait for the next one");
    LeafProof proof;
    proof.leaf = leaf;
    proof.checkpoint = *report->newest;
    const audit::Checkpoint& checkpoint = proof.checkpoint.checkpoint;
    bool isThere = false;
    const auto read = source.eachLeaf(report->epoch.epoch, leaf, leaf + 1, [&](const audit::LeafReading& reading) {
        isThere = true;
        if (!reading.entry)
            proof.problem = "the entry is not there any more";
        else if (reading.hasCopy && reading.copy != reading.entry)
            proof.problem = "its columns say something else than what was sealed";
        proof.entry = reading.entry.value_or("");
        return true;
    });
    if (!read)
        return failureOf(read);
    if (!isThere)
        return failure(Fault::NotFound, fmt::format("there is no entry at the place {}", leaf), "Verify the log");
    ports::EpochHashes hashes{source, report->epoch.epoch};
    audit::Tree tree{hashes, checkpoint.size};
    const auto path = tree.inclusion(leaf, checkpoint.size);
    if (!path)
        return failureOf(path);
    proof.hash = audit::leafHash(proof.entry);
    proof.steps = audit::stepsOf(proof.hash, leaf, checkpoint.size, *path).value_or(std::vector<audit::ProofStep>{});
    if (proof.problem.empty() && !audit::verifyInclusion(proof.hash, leaf, checkpoint.size, *path, checkpoint.root))
        proof.problem = fmt::format("its bytes do not come to the root that was signed for {} entries", checkpoint.size);
    proof.text = textOf(audit::EntryProof{proof.entry, leaf, *path, proof.checkpoint.note});
    proof.took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun);
    return proof;
}

Result<ConsistencyProof> proveConsistency(ports::LogSource& source, const audit::VerifierKey& key, const std::string& note,
                                          const std::string& otherNote)
{
    auto first = audit::openCheckpoint(note, key);
    auto second = audit::openCheckpoint(otherNote, key);
    if (!first || !second)
        return failureOf(first ? second : first);
    audit::Checkpoint earlier = first->checkpoint;
    audit::Checkpoint later = second->checkpoint;
    if (earlier.size > later.size)
        std::swap(earlier, later);
    ConsistencyProof proof{earlier.size, later.size, 0, {}};
    const auto epochs = source.epochs();
    if (!epochs)
        return failureOf(epochs);
    const auto epoch = std::ranges::find(*epochs, later.origin, &ports::LogEpoch::origin);
    if (epoch == epochs->end() || earlier.origin != later.origin) {
        proof.problem = "they are of different logs";
    } else if (earlier.size == later.size) {
        proof.problem = earlier.root == later.root ? "" : "they have the same size and different roots";
    } else if (earlier.size > 0) {
        ports::EpochHashes hashes{source, epoch->epoch};
        const auto path = audit::Tree{hashes, later.size}.consistency(earlier.size, later.size);
        if (!path)
            return failureOf(path);
        proof.hashes = path->size();
        if (!audit::verifyConsistency(earlier.size, later.size, earlier.root, later.root, *path))
            proof.problem =
                fmt::format("the log that was signed for {} entries does not begin with that of {}", later.size, earlier.size);
    }
    return proof;
}

} // namespace scr::jobs
