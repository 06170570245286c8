#include "jobs/make_evidence.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "audit/checkpoint.h"
#include "audit/frontier.h"
#include "audit/tiles.h"
#include "audit/witness.h"
#include "evidence/pack_writer.h"
#include "evidence/tile_set.h"
#include "report/report.h"

namespace scr::jobs {

using audit::kTileWidth;
using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr auto kAskEvery = std::chrono::milliseconds{20};
constexpr std::size_t kMostMilestones = 400;
constexpr std::uint64_t kRowsPercent = 40; ///< of the work, roughly; the rest is the entries

class PackMaker {
public:
    PackMaker(ports::LogSource& log, ports::EvidenceSource& source, const PackOrder& order, const domain::KeepGoing& keepGoing) :
        m_log{log}, m_source{source}, m_order{order}, m_keepGoing{keepGoing}
    {
    }

    Result<MadePack> make(const audit::MinisignKey& key, const PackHooks& hooks)
    {
        Status done = chooseCheckpoint();
        if (!done)
            return failureOf(done);
        auto writer = evidence::PackWriter::create(m_order.path, m_facts, m_order.redaction, key);
        if (!writer)
            return failureOf(writer);
        m_writer = *std::move(writer);
        done = takeRows();
        if (done)
            done = takeEntries();
        if (done)
            done = takeTiles();
        if (!done)
            return failureOf(done);
        const auto manifest = m_writer->finish();
        if (!manifest)
            return failureOf(manifest);
        done = hooks.verify(m_writer->staging());
        if (done)
            done = hooks.log(fmt::format("evidence pack {}, {} entries, {}, {}", *manifest, m_entries,
                                         report::periodText(m_order.query.range),
                                         m_order.redaction.isClear() ? "with names" : "with pseudonyms"));
        if (done)
            done = m_writer->commit();
        return done ? Result<MadePack>{MadePack{*manifest, m_facts.size, m_entries}} : failureOf(done);
    }

private:
    [[nodiscard]] Status goOn(std::uint64_t percent) const
    {
        if (m_keepGoing && !m_keepGoing(percent, 100))
            return failure(Fault::Cancelled, "The pack was stopped, and nothing was written");
        return Nothing{};
    }

    [[nodiscard]] static tl::unexpected<domain::Error> notAsSealed(std::string what)
    {
        return failure(Fault::Corrupt, std::move(what), "Run scrutineerctl verify, which says what is not as it was sealed");
    }

    [[nodiscard]] Status chooseCheckpoint()
    {
        const auto epochs = m_log.epochs();
        if (!epochs)
            return failureOf(epochs);
        if (epochs->empty())
            return failure(Fault::NotFound, "nothing of this log was ever sealed",
                           "Let scrutineerctl seal run beside the database, with a key of its own");
        m_epoch = epochs->back().epoch;
        const auto rows = m_order.size ? m_log.checkpoints(m_epoch, std::nullopt) : m_log.checkpoints(m_epoch, 1);
        if (!rows)
            return failureOf(rows);
        const auto row = m_order.size ? std::ranges::find(*rows, *m_order.size, &ports::CheckpointRow::size) : rows->begin();
        if (row == rows->end())
            return failure(Fault::NotFound, "there is no such checkpoint", "scrutineerctl verify names the newest one");
        const auto opened = audit::openCheckpoint(row->note, m_order.logKey);
        if (!opened)
            return notAsSealed("the checkpoint is not good: " + opened.error().detail);
        m_facts = {m_order.query,
                   opened->checkpoint.origin,
                   opened->checkpoint.size,
                   textOf(m_order.logKey),
                   row->note,
                   row->signedAt,
                   {},
                   m_order.source,
                   m_order.program,
                   m_order.rules};
        return addSignatures();
    }

    /// Earlier checkpoints, and who countersigned which.
    [[nodiscard]] Status addSignatures()
    {
        const auto milestones = m_log.milestones(m_epoch, m_facts.size, kMostMilestones);
        if (!milestones)
            return failureOf(milestones);
        auto cosignatures = m_log.cosignatures(m_epoch);
        if (!cosignatures)
            return failureOf(cosignatures);
        for (const ports::CheckpointRow& row : *milestones)
            m_facts.earlier.emplace_back(row.size, row.note);
        for (const audit::VerifierKey& witness : m_order.witnesses) {
            if (const Status added = addLastOf(witness, *cosignatures); !added)
                return added;
        }
        std::ranges::sort(m_facts.earlier);
        std::set<std::pair<std::uint64_t, std::string>> taken; // one of each: a witness that signs again and again is enough
        std::ranges::stable_partition(*cosignatures, [&](const ports::CosignatureRow& row) {
            const std::string* note = noteOf(row.size);
            return note && isGood(*note, row, m_order.witnesses) && taken.emplace(row.size, row.name).second;
        });
        for (const ports::CosignatureRow& cosignature : *cosignatures) {
            std::string* note = noteOf(cosignature.size);
            const std::string line = cosignature.line + (cosignature.line.ends_with('\n') ? "" : "\n");
            const auto before = note ? audit::parseNote(*note) : domain::Result<audit::Note>{failure(Fault::NotFound, {})};
            const auto after = before ? audit::parseNote(*note + line) : before;
            if (after && after->text == before->text) // else it is no signature, and would spoil the note
                *note += line;
        }
        return Nothing{};
    }

    [[nodiscard]] std::string* noteOf(std::uint64_t size)
    {
        const auto earlier = std::ranges::find(m_facts.earlier, size, [](const auto& one) { return one.first; });
        return size == m_facts.size ? &m_facts.note : earlier != m_facts.earlier.end() ? &earlier->second : nullptr;
    }

    [[nodiscard]] bool isGood(const std::string& note, const ports::CosignatureRow& row,
                              const std::vector<audit::VerifierKey>& witnesses) const
    {
        const auto found = audit::witnessesOf(note, {{row.name, row.line}}, m_order.logKey, witnesses);
        return std::ranges::find(found, audit::Witness::Standing::Good, &audit::Witness::standing) != found.end();
    }

    /// The last checkpoint that the witness signed, where it is not among the others: lines in any name under newer ones could
    /// have pushed it out.
    [[nodiscard]] Status addLastOf(const audit::VerifierKey& witness, const std::vector<ports::CosignatureRow>& cosignatures)
    {
        constexpr int kMostTried = 200; // lines in its own name that are not good
        int tried = 0;
        for (auto row = cosignatures.rbegin(); row != cosignatures.rend() && tried < kMostTried; ++row) { // the largest first
            if (row->name != witness.name || row->size > m_facts.size)
                continue;
            ++tried;
            if (const std::string* note = noteOf(row->size)) {
                if (isGood(*note, *row, {witness}))
                    return Nothing{};
                continue;
            }
            const auto found = m_log.milestones(m_epoch, row->size + 1, 1);
            if (!found)
                return failureOf(found);
            if (!found->empty() && found->back().size == row->size && isGood(found->back().note, *row, {witness})) {
                m_facts.earlier.emplace_back(row->size, found->back().note);
                return Nothing{};
            }
        }
        return Nothing{};
    }

    [[nodiscard]] Status takeRows()
    {
        const auto percent = std::make_shared<std::atomic<int>>(0);
        const auto sink = std::make_shared<ports::EvidenceSink>();
        evidence::PackWriter& writer = *m_writer;
        sink->token = [&writer](const domain::PackToken& token) { return writer.take(token); };
        sink->origin = [&writer](const domain::PackOrigin& origin) { return writer.take(origin); };
        sink->post = [&writer](const domain::Post& post) { return writer.take(post); };
        sink->vote = [&writer](const domain::PackVote& vote) { return writer.take(vote); };
        sink->reviewed = [&writer](const domain::VoidRequestRow& request, const domain::PackVote& vote) {
            return writer.take(request, vote);
        };
        sink->control = [&writer](const domain::RecordedControl& control) { return writer.take(control); };
        auto reading = m_source.read({m_order.query, m_epoch, m_facts.size}, sink, percent);
        while (!reading.isFinished()) {
            if (!goOn(static_cast<std::uint64_t>(percent->load()) * kRowsPercent / 100))
                reading.cancel();
            std::this_thread::sleep_for(kAskEvery);
        }
        if (reading.isCanceled() || reading.resultCount() == 0)
            return failure(Fault::Cancelled, "The pack was stopped, and nothing was written");
        auto result = reading.takeResult();
        if (!result)
            return failureOf(result);
        m_reading = *std::move(result);
        return writer.take(m_reading);
    }

    /// Bundles that follow each other in one reading.
    [[nodiscard]] Status takeEntries()
    {
        const std::vector<std::uint64_t>& bundles = m_reading.bundles;
        for (std::size_t first = 0; first < bundles.size();) {
            std::size_t end = first + 1;
            while (end < bundles.size() && bundles[end] == bundles[end - 1] + 1)
                ++end;
            if (const Status taken = takeRun(bundles[first], bundles[end - 1] + 1); !taken)
                return taken;
            first = end;
        }
        return Nothing{};
    }

    [[nodiscard]] Status takeRun(std::uint64_t first, std::uint64_t end)
    {
        std::vector<std::string> entries;
        std::uint64_t next = first * kTileWidth;
        const std::uint64_t last = std::min(end * kTileWidth, m_facts.size);
        Status taken = Nothing{};
        const Status read = m_log.eachLeaf(m_epoch, next, last, [&](const audit::LeafReading& leaf) {
            taken = leaf.leaf == next ? checkLeaf(leaf) : notAsSealed(fmt::format("there is no leaf {}", next));
            if (!taken)
                return false;
            entries.emplace_back(*leaf.entry);
            ++next;
            if (next % kTileWidth == 0 || next == last) {
                const std::uint64_t bundle = (next - 1) / kTileWidth;
                taken = m_writer->takeBundle(bundle, entries);
                m_entries += entries.size();
                entries.clear();
                if (taken)
                    taken = goOn(kRowsPercent + (100 - kRowsPercent) * next / m_facts.size);
            }
            return taken.has_value();
        });
        if (!taken)
            return taken;
        if (read && next != last)
            return notAsSealed(fmt::format("there is no leaf {}", next));
        return read;
    }

    [[nodiscard]] static Status checkLeaf(const audit::LeafReading& leaf)
    {
        if (!leaf.entry || !leaf.hash || audit::leafHash(*leaf.entry) != *leaf.hash)
            return notAsSealed(fmt::format("leaf {} is not what was sealed", leaf.leaf));
        if (leaf.hasCopy && leaf.copy != leaf.entry)
            return notAsSealed(fmt::format("the log shows something else than what was sealed as leaf {}", leaf.leaf));
        return Nothing{};
    }

    [[nodiscard]] Status takeTiles()
    {
        std::vector<std::uint64_t> sizes;
        for (const auto& [size, note] : m_facts.earlier)
            sizes.push_back(size);
        for (const auto& [level, number] : evidence::tilesFor(m_facts.size, m_reading.bundles, sizes)) {
            const std::uint64_t width = audit::tileWidth(level, number, m_facts.size);
            const auto hashes = m_log.hashes(m_epoch, level, number * kTileWidth, width);
            if (!hashes)
                return failureOf(hashes);
            if (const Status taken = m_writer->takeTile(level, number, *hashes); !taken)
                return taken;
        }
        return Nothing{};
    }

    ports::LogSource& m_log;
    ports::EvidenceSource& m_source;
    const PackOrder& m_order;
    const domain::KeepGoing& m_keepGoing;
    int m_epoch = 0;
    evidence::PackFacts m_facts;
    std::unique_ptr<evidence::PackWriter> m_writer;
    domain::EvidenceReading m_reading;
    std::uint64_t m_entries = 0;
};

} // namespace

Result<MadePack> makeEvidence(ports::LogSource& log, ports::EvidenceSource& source, const PackOrder& order,
                              const audit::MinisignKey& key, const PackHooks& hooks, const domain::KeepGoing& keepGoing)
{
    return PackMaker{log, source, order, keepGoing}.make(key, hooks);
}

} // namespace scr::jobs
