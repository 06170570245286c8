#include "jobs/seal_reading.h"

#include <algorithm>

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

Result<std::vector<CheckpointLine>> linesOf(ports::LogSource& source, int epoch, const LogTrust& trust)
{
    const auto rows = source.checkpoints(epoch, kListed);
    if (!rows)
        return failureOf(rows);
    const auto cosignatures = source.cosignatures(epoch);
    if (!cosignatures)
        return failureOf(cosignatures);
    std::vector<CheckpointLine> lines;
    for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
        const auto opened = audit::openCheckpoint(row->note, trust.key);
        CheckpointLine line{row->size, audit::hexOf(row->root), row->signedAt, false, {}, row->note};
        line.isGood = opened && opened->checkpoint.size == row->size && audit::bytesOf(opened->checkpoint.root) == row->root;
        if (line.isGood)
            line.witnesses = witnessesOf(*row, *cosignatures, trust.key, trust.witnesses);
        lines.push_back(std::move(line));
    }
    return lines;
}

/// How far the witnesses that were named signed, as far as the list goes; and what of that was seen before and is gone.
void takeWitnesses(SealReading& reading)
{
    VerifyReport& report = reading.report;
    for (const CheckpointLine& line : reading.checkpoints) {
        for (const audit::Witness& witness : line.witnesses) {
            if (witness.standing == audit::Witness::Standing::Good)
                report.witnessed[witness.name] = std::max(report.witnessed[witness.name], line.size);
        }
    }
    const auto seen = reading.trust.witnessed.find(report.epoch.origin);
    if (seen == reading.trust.witnessed.end())
        return;
    const bool isAll = reading.checkpoints.size() < kListed;
    const auto lost = lostSignatures(seen->second, report.witnessed, isAll ? 0 : reading.checkpoints.back().size);
    report.findings.insert(report.findings.end(), lost.begin(), lost.end());
    report.findingCount += lost.size();
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
    auto lines = linesOf(source, reading.report.epoch.epoch, *trust);
    if (!lines)
        return failureOf(lines);
    reading.checkpoints = *std::move(lines);
    takeWitnesses(reading);
    auto standing = source.standing(reading.report.epoch.epoch);
    if (!standing)
        return failureOf(standing);
    reading.waiting = standing->waiting;
    reading.waitsFor = standing->waitsFor;
    reading.alarms = std::move(standing->alarms);
    // What was signed after an alarm is what the sealer then found in order.
    std::erase_if(reading.alarms,
                  [&](const ports::SealAlarm& alarm) { return reading.report.newest && alarm.at < reading.report.signedAt; });
    if (reading.report.isGood())
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
