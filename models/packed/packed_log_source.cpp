#include "packed/packed_log_source.h"

#include <algorithm>
#include <charconv>

#include "audit/frontier.h"

namespace scr::packed {

using domain::failureOf;
using domain::Nothing;
using domain::Result;
using domain::Status;
using ports::CheckpointRow;

namespace {

/// The number at the end of an origin, see audit::originOf.
int epochOf(const std::string& origin)
{
    constexpr std::string_view kMark = "/epoch-";
    const auto at = origin.rfind(kMark);
    int epoch = 1;
    if (at != std::string::npos)
        std::from_chars(origin.data() + at + kMark.size(), origin.data() + origin.size(), epoch);
    return epoch;
}

} // namespace

PackedLogSource::PackedLogSource(std::shared_ptr<const OpenPack> pack) : m_pack{std::move(pack)}, m_log{m_pack->folder} {}

Result<std::vector<ports::LogEpoch>> PackedLogSource::epochs()
{
    const PackDescription& description = m_pack->folder.description();
    return std::vector<ports::LogEpoch>{
        {epochOf(description.origin), description.origin, description.logKey, {}, {}, description.size, description.size}};
}

Result<std::vector<CheckpointRow>> PackedLogSource::checkpoints(int /*epoch*/, std::optional<std::size_t> newest)
{
    const auto notes = m_log.notes();
    if (!notes)
        return failureOf(notes);
    std::vector<CheckpointRow> rows;
    for (const auto& [size, note] : *notes) {
        const auto text = audit::parseNote(note);
        const auto checkpoint = text ? audit::parseCheckpoint(text->text) : Result<audit::Checkpoint>{failureOf(text)};
        // When the earlier ones were signed the pack does not say.
        rows.push_back({size, checkpoint ? std::string{audit::bytesOf(checkpoint->root)} : std::string{}, note,
                        size == m_log.size() ? m_pack->folder.description().signedAt : domain::UtcTime{}});
    }
    if (newest && rows.size() > *newest)
        rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(*newest));
    return rows;
}

Result<std::vector<CheckpointRow>> PackedLogSource::milestones(int epoch, std::uint64_t size, std::size_t most)
{
    auto rows = checkpoints(epoch, std::nullopt);
    if (rows) {
        std::erase_if(*rows, [size](const CheckpointRow& row) { return row.size >= size; });
        if (rows->size() > most)
            rows->erase(rows->begin(), rows->end() - static_cast<std::ptrdiff_t>(most));
    }
    return rows;
}

Result<ports::SealStanding> PackedLogSource::standing(int /*epoch*/)
{
    return ports::SealStanding{};
}

/// None are kept beside a pack's checkpoints: they stand in the notes.
Result<std::vector<ports::CosignatureRow>> PackedLogSource::cosignatures(int /*epoch*/)
{
    return std::vector<ports::CosignatureRow>{};
}

Result<std::vector<audit::Hash>> PackedLogSource::hashes(int /*epoch*/, int level, std::uint64_t first, std::uint64_t count)
{
    return m_log.hashes(level, first, count);
}

Status PackedLogSource::eachLeaf(int /*epoch*/, std::uint64_t from, std::uint64_t to,
                                 const std::function<bool(const audit::LeafReading&)>& take)
{
    for (std::uint64_t leaf = from; leaf < std::min(to, m_log.size());) {
        const std::uint64_t bundle = leaf / audit::kTileWidth;
        const std::uint64_t end = std::min(to, (bundle + 1) * audit::kTileWidth);
        const auto entries = m_log.entries(bundle);
        if (!entries)
            return failureOf(entries);
        for (; leaf < end; ++leaf) {
            const std::uint64_t at = leaf % audit::kTileWidth;
            if (!*entries || at >= (*entries)->size())
                continue;
            audit::LeafReading reading;
            reading.leaf = leaf;
            if (const auto hash = m_log.hashes(0, leaf, 1))
                reading.hash = hash->front();
            reading.entry = (**entries)[at];
            reading.hasCopy = false; // rows are compared with entries by the verifier
            if (!take(reading))
                return Nothing{};
        }
    }
    return Nothing{};
}

Result<std::vector<audit::LogFinding>> PackedLogSource::slippedIn(int /*epoch*/)
{
    return std::vector<audit::LogFinding>{};
}

} // namespace scr::packed
