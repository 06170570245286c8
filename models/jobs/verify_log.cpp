#include "jobs/verify_log.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "audit/proof.h"
#include "audit/tree.h"

namespace scr::jobs {

using audit::Checkpoint;
using audit::Hash;
using audit::LogCheck;
using audit::LogFinding;
using audit::Mismatch;
using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr std::uint64_t kReportEvery = 4096;

class Verification {
public:
    Verification(ports::LogSource& source, const VerifyOrder& order) : m_source{source}, m_order{order} {}

    /// Epochs, checkpoints and what was remembered; with `all`, every checkpoint is opened, else the newest only.
    [[nodiscard]] Status begin(bool all)
    {
        const auto epochs = m_source.epochs();
        if (!epochs)
            return failureOf(epochs);
        if (epochs->empty())
            return failure(Fault::NotFound, "nothing of this log was ever sealed",
                           "Let scrutineerctl seal run beside the database, with a key of its own");
        m_report.earlier.assign(epochs->begin(), epochs->end() - 1);
        m_report.epoch = epochs->back();
        const std::string expected = audit::originOf(m_order.key.name, m_report.epoch.epoch);
        if (m_report.epoch.origin != expected)
            return failure(Fault::Rejected,
                           fmt::format("the log is {}, and the key is that of {}", m_report.epoch.origin, m_order.key.name),
                           "Verify with the key of this log");
        const Status opened = open(all);
        return opened ? remember() : opened;
    }

    [[nodiscard]] Status checkAll(const domain::KeepGoing& keepGoing)
    {
        const std::uint64_t size = sizeToRead();
        LogCheck check{checkpoints()};
        check.storedTile = [this](std::uint64_t tile) { return storedTile(tile); };
        const Status read = m_source.eachLeaf(m_report.epoch.epoch, 0, size, [&](const audit::LeafReading& leaf) {
            check.take(leaf);
            return leaf.leaf % kReportEvery != 0 || keepGoing(leaf.leaf, size);
        });
        if (!read)
            return read;
        check.end(size);
        check.finish();
        m_report.to = size;
        m_report.verified = check.verifiedSize();
        takeFindings(check);
        const auto slipped = m_source.slippedIn(m_report.epoch.epoch);
        if (!slipped)
            return failureOf(slipped);
        for (const LogFinding& finding : *slipped)
            add(finding);
        return Nothing{};
    }

    /// Whole tiles, each shown to be in the tree of the newest checkpoint.
    [[nodiscard]] Status checkRange(const domain::KeepGoing& keepGoing)
    {
        if (!m_report.newest)
            return Nothing{};
        const Checkpoint& newest = m_report.newest->checkpoint;
        m_report.to = std::min(m_order.to.value_or(newest.size), newest.size);
        m_report.from = m_order.from.value_or(0);
        if (m_report.from >= m_report.to)
            return failure(Fault::Invalid,
                           fmt::format("there is no signed entry from {} to {}", m_report.from, m_order.to.value_or(newest.size)),
                           fmt::format("Name leaves from 0 to {}", newest.size));
        ports::EpochHashes hashes{m_source, m_report.epoch.epoch};
        audit::Tree tree{hashes, newest.size};
        LogCheck check{{}};
        std::uint64_t next = m_report.from;
        Status broken = Nothing{};
        const Status read =
            m_source.eachLeaf(m_report.epoch.epoch, m_report.from, m_report.to, [&](const audit::LeafReading& leaf) {
                for (; next < leaf.leaf; ++next)
                    check.add({Mismatch::LeafGone, next, next, fmt::format("there is no leaf {}", next)});
                ++next;
                check.checkAlone(leaf);
                const auto proof = tree.inclusion(leaf.leaf, newest.size);
                if (!proof && proof.error().fault != Fault::Corrupt)
                    broken = failureOf(proof);
                else if (!proof || !leaf.hash || !audit::verifyInclusion(*leaf.hash, leaf.leaf, newest.size, *proof, newest.root))
                    check.add({Mismatch::Unverifiable, leaf.leaf, leaf.leaf,
                               fmt::format("leaf {} cannot be shown to be in the tree that was signed for {}", leaf.leaf,
                                           newest.size)});
                return broken &&
                       (leaf.leaf % kReportEvery != 0 || keepGoing(leaf.leaf - m_report.from, m_report.to - m_report.from));
            });
        if (!broken)
            return broken;
        if (!read)
            return read;
        for (; next < m_report.to; ++next)
            check.add({Mismatch::LeafGone, next, next, fmt::format("there is no leaf {}", next)});
        m_report.verified = m_report.to;
        takeFindings(check);
        return Nothing{};
    }

    /// That what was remembered is the beginning of the newest, by a proof over the stored hashes.
    [[nodiscard]] Status checkConsistency()
    {
        for (const Checkpoint& seen : m_remembered) {
            if (const Status checked = checkConsistency(seen); !checked)
                return checked;
        }
        return Nothing{};
    }

    [[nodiscard]] Status checkConsistency(const Checkpoint& seen)
    {
        if (!m_report.newest)
            return Nothing{};
        const Checkpoint& newest = m_report.newest->checkpoint;
        if (seen.size >= newest.size || seen.size == 0)
            return Nothing{}; // what is larger or differs was told when it was opened
        ports::EpochHashes hashes{m_source, m_report.epoch.epoch};
        audit::Tree tree{hashes, newest.size};
        const auto proof = tree.consistency(seen.size, newest.size);
        if (!proof && proof.error().fault != Fault::Corrupt)
            return failureOf(proof);
        if (!proof || !audit::verifyConsistency(seen.size, newest.size, seen.root, newest.root, *proof))
            add({Mismatch::CheckpointBad, newest.size, newest.size,
                 fmt::format("the checkpoint of {} does not begin with that of {} which was seen here before", newest.size,
                             seen.size)});
        return Nothing{};
    }

    [[nodiscard]] VerifyReport report()
    {
        std::ranges::stable_sort(m_report.findings, {}, &LogFinding::first);
        return std::move(m_report);
    }

private:
    void add(LogFinding finding)
    {
        ++m_report.findingCount;
        m_report.findings.push_back(std::move(finding));
    }

    void takeFindings(const LogCheck& check)
    {
        m_report.findings.insert(m_report.findings.end(), check.findings().begin(), check.findings().end());
        m_report.findingCount += check.findingCount();
    }

    [[nodiscard]] Status open(bool all)
    {
        const auto rows = m_source.checkpoints(m_report.epoch.epoch, all ? std::nullopt : std::optional<std::size_t>{1});
        if (!rows)
            return failureOf(rows);
        for (const audit::VerifierKey& witness : m_order.witnesses)
            m_report.witnessed.emplace(witness.name, 0);
        const auto cosignatures = m_order.witnesses.empty() ? Result<std::vector<ports::CosignatureRow>>{}
                                                            : m_source.cosignatures(m_report.epoch.epoch);
        if (!cosignatures)
            return failureOf(cosignatures);
        for (const ports::CheckpointRow& row : *rows) {
            const auto opened = audit::openCheckpoint(row.note, m_order.key);
            const auto bad = [&](std::string what) { add({Mismatch::CheckpointBad, row.size, row.size, std::move(what)}); };
            if (!opened) {
                bad(fmt::format("the checkpoint of {} is not good: {}", row.size, opened.error().detail));
            } else if (const Checkpoint& checkpoint = opened->checkpoint; checkpoint.size != row.size ||
                                                                          audit::bytesOf(checkpoint.root) != row.root ||
                                                                          checkpoint.origin != m_report.epoch.origin) {
                bad(fmt::format("the checkpoint that is stored for {} entries says {} of {}", row.size, checkpoint.size,
                                checkpoint.origin));
            } else {
                m_roots.emplace(checkpoint.size, checkpoint);
                m_report.newest = *opened;
                m_report.signedAt = row.signedAt;
                takeWitnesses(row, *cosignatures);
            }
        }
        const auto seen = m_order.witnessed.find(m_report.epoch.origin);
        if (all && seen != m_order.witnessed.end()) {
            for (LogFinding& finding : lostSignatures(seen->second, m_report.witnessed))
                add(std::move(finding));
        }
        m_report.checkpoints = m_roots.size();
        for (const auto& [name, size] : m_report.witnessed) {
            if (size == 0 && all)
                m_report.remarks.push_back(fmt::format("no checkpoint has a good signature of {}", name));
        }
        return Nothing{};
    }

    void takeWitnesses(const ports::CheckpointRow& row, const std::vector<ports::CosignatureRow>& cosignatures)
    {
        if (m_order.witnesses.empty())
            return;
        for (const audit::Witness& witness : witnessesOf(row, cosignatures, m_order.key, m_order.witnesses)) {
            if (witness.standing == audit::Witness::Standing::Good)
                m_report.witnessed[witness.name] = std::max(m_report.witnessed[witness.name], row.size);
            else if (witness.standing == audit::Witness::Standing::Bad)
                m_report.remarks.push_back(fmt::format("the signature in the name of {} under the checkpoint of {} is not good{}",
                                                       witness.name, row.size, storersOf(witness.name, row, cosignatures)));
        }
    }

    [[nodiscard]] std::string storersOf(const std::string& witness, const ports::CheckpointRow& row,
                                        const std::vector<ports::CosignatureRow>& cosignatures) const
    {
        std::set<std::string> logins;
        for (const auto& one : std::ranges::equal_range(cosignatures, row.size, {}, &ports::CosignatureRow::size)) {
            const auto alone = witnessesOf(row, {one}, m_order.key, m_order.witnesses);
            const bool isBad = std::ranges::any_of(
                alone, [](const audit::Witness& found) { return found.standing == audit::Witness::Standing::Bad; });
            if (one.name == witness && isBad)
                logins.insert(one.storedBy);
        }
        return logins.empty() ? "" : fmt::format("; it was stored by {}", fmt::join(logins, ", "));
    }

    [[nodiscard]] Status remember()
    {
        for (const std::string& note : m_order.remembered) {
            const auto opened = audit::openCheckpoint(note, m_order.key);
            if (!opened)
                return failure(Fault::Corrupt,
                               "what is remembered or was given of this log is no checkpoint of its key: " +
                                   opened.error().detail,
                               "Find out who changed it, or whether the log has another key now");
            if (const Status compared = remember(opened->checkpoint); !compared)
                return compared;
        }
        return Nothing{};
    }

    [[nodiscard]] Status remember(const Checkpoint& seen)
    {
        if (seen.origin != m_report.epoch.origin)
            return compareEarlier(seen);
        m_remembered.push_back(seen);
        const std::uint64_t largest = m_roots.empty() ? 0 : m_roots.rbegin()->first;
        const auto [known, isNew] = m_roots.emplace(seen.size, seen);
        if (seen.size > largest)
            add({Mismatch::CheckpointGone, seen.size, seen.size,
                 fmt::format("{} entries were signed when the log was last seen here, and its newest checkpoint has {}",
                             seen.size, largest)});
        else if (known->second != seen)
            add({Mismatch::CheckpointBad, seen.size, seen.size,
                 fmt::format("for {} entries another root was signed when the log was last seen here", seen.size)});
        return Nothing{};
    }

    /// Of an epoch that is over, its stored tree must still come to what was seen of it.
    [[nodiscard]] Status compareEarlier(const Checkpoint& seen)
    {
        const auto epoch = std::ranges::find(m_report.earlier, seen.origin, &ports::LogEpoch::origin);
        if (epoch == m_report.earlier.end()) {
            add({Mismatch::CheckpointGone, seen.size, seen.size,
                 fmt::format("{} entries of {} were signed, and the database has no such log", seen.size, seen.origin)});
            return Nothing{};
        }
        ports::EpochHashes hashes{m_source, epoch->epoch};
        const auto root = audit::Tree{hashes, seen.size}.root(seen.size);
        if (!root && root.error().fault != Fault::Corrupt)
            return failureOf(root);
        if (!root || *root != seen.root)
            add({Mismatch::CheckpointGone, seen.size, seen.size,
                 fmt::format("what is stored of {} does not come to what was signed for {} entries", seen.origin, seen.size)});
        return Nothing{};
    }

    /// What was signed counts, not what the database says of its size; beyond that, what leaves there are.
    [[nodiscard]] std::uint64_t sizeToRead()
    {
        const std::uint64_t newest = m_report.newest ? m_report.newest->checkpoint.size : 0;
        const ports::LogEpoch& epoch = m_report.epoch;
        if (epoch.size < newest || epoch.leaves != epoch.size)
            add({Mismatch::LeafAltered, epoch.size, epoch.size,
                 fmt::format("the log says that {} entries have a place, its last leaf is the {}th, and {} are signed",
                             epoch.size, epoch.leaves, newest)});
        return std::max(newest, epoch.leaves);
    }

    [[nodiscard]] std::vector<Checkpoint> checkpoints() const
    {
        std::vector<Checkpoint> list;
        for (const auto& [size, checkpoint] : m_roots)
            list.push_back(checkpoint);
        return list;
    }

    [[nodiscard]] std::optional<Hash> storedTile(std::uint64_t tile)
    {
        if (tile < m_firstTile || tile >= m_firstTile + m_tiles.size()) {
            const std::uint64_t full = m_report.epoch.leaves / audit::kTileWidth;
            m_firstTile = tile;
            m_tiles.clear();
            const std::uint64_t wanted = full > tile ? std::min(audit::kTileWidth, full - tile) : 1;
            auto hashes = m_source.hashes(m_report.epoch.epoch, 1, tile, wanted);
            if (!hashes && wanted > 1) // one that is gone must not hide the others
                hashes = m_source.hashes(m_report.epoch.epoch, 1, tile, 1);
            if (hashes)
                m_tiles = *std::move(hashes);
        }
        return tile - m_firstTile < m_tiles.size() ? std::optional{m_tiles[tile - m_firstTile]} : std::nullopt;
    }

    ports::LogSource& m_source;
    const VerifyOrder& m_order;
    VerifyReport m_report;
    std::map<std::uint64_t, Checkpoint> m_roots;
    std::vector<Checkpoint> m_remembered; ///< of this epoch
    std::uint64_t m_firstTile = 0;
    std::vector<Hash> m_tiles;
};

} // namespace

std::vector<audit::Witness> witnessesOf(const ports::CheckpointRow& row, const std::vector<ports::CosignatureRow>& cosignatures,
                                        const audit::VerifierKey& log, const std::vector<audit::VerifierKey>& witnesses)
{
    std::vector<audit::KeptSignature> beside;
    for (const auto& cosignature : std::ranges::equal_range(cosignatures, row.size, {}, &ports::CosignatureRow::size))
        beside.push_back({cosignature.name, cosignature.line});
    return audit::witnessesOf(row.note, beside, log, witnesses);
}

bool VerifyReport::isAsSigned() const noexcept
{
    const auto gone = std::ranges::count(findings, Mismatch::SignatureGone, &LogFinding::mismatch);
    return newest && findingCount == static_cast<std::uint64_t>(gone);
}

std::vector<LogFinding> lostSignatures(const audit::Witnessed& seen, const audit::Witnessed& witnessed)
{
    std::vector<LogFinding> lost;
    for (const auto& [name, size] : seen) {
        const auto found = witnessed.find(name);
        if (found != witnessed.end() && size > found->second)
            lost.push_back(
                {Mismatch::SignatureGone, size, size,
                 fmt::format("{} had signed the checkpoint of {} when the log was last seen here; that signature is gone, and "
                             "none is under a later one. Ask the witness, who may sign the newest; if only the key was "
                             "replaced, name the old one as well",
                             name, size)});
    }
    return lost;
}

Result<VerifyReport> verifyLog(ports::LogSource& source, const VerifyOrder& order, const domain::KeepGoing& keepGoing)
{
    Verification verification{source, order};
    const bool isRange = order.from || order.to;
    Status done = verification.begin(!isRange);
    if (done)
        done = isRange ? verification.checkRange(keepGoing) : verification.checkAll(keepGoing);
    if (done)
        done = verification.checkConsistency();
    return done ? Result<VerifyReport>{verification.report()} : failureOf(done);
}

Result<VerifyReport> verifyCheckpoints(ports::LogSource& source, const VerifyOrder& order)
{
    Verification verification{source, order};
    Status done = verification.begin(false);
    if (done)
        done = verification.checkConsistency();
    return done ? Result<VerifyReport>{verification.report()} : failureOf(done);
}

} // namespace scr::jobs
