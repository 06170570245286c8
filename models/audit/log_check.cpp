#include "audit/log_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "audit/entry.h"

namespace scr::audit {

namespace {

constexpr std::size_t kMostFindings = 1000;

/// The fields in which two entries differ, "outcome is “accepted” and was sealed as “duplicate”".
std::string differenceOf(const Entry& sealed, std::string_view copyBytes)
{
    const auto copy = Entry::decode(copyBytes);
    if (!copy || copy->fields().size() != sealed.fields().size())
        return "its columns make no entry of that kind";
    const auto shown = [](const EntryValue& value) {
        if (const auto* text = std::get_if<std::string>(&value))
            return fmt::format("\"{}\"", *text);
        const auto* number = std::get_if<std::int64_t>(&value);
        return number ? fmt::format("{}", *number) : std::string{"nothing"};
    };
    std::string words;
    for (std::size_t i = 0; i < sealed.fields().size(); ++i) {
        const auto& [name, was] = sealed.fields()[i];
        const auto& is = copy->fields()[i].second;
        if (was != is)
            words += fmt::format("{}{} is {} and was sealed as {}", words.empty() ? "" : "; ", name, shown(is), shown(was));
    }
    return words;
}

std::optional<Hash> rootOfTile(const std::vector<Hash>& leaves)
{
    Frontier frontier;
    std::vector<Subtree> full;
    for (const Hash& leaf : leaves)
        frontier.append(leaf, full);
    return frontier.root();
}

} // namespace

std::string_view nameOf(Mismatch mismatch) noexcept
{
    switch (mismatch) {
    case Mismatch::EntryAltered: return "entry altered";
    case Mismatch::EntryGone: return "entry gone";
    case Mismatch::EntrySlippedIn: return "entry slipped in";
    case Mismatch::CopyDiffers: return "columns differ";
    case Mismatch::CopyGone: return "columns gone";
    case Mismatch::NotAnEntry: return "not an entry";
    case Mismatch::LeafAltered: return "leaf altered";
    case Mismatch::LeafGone: return "leaf gone";
    case Mismatch::SubtreeAltered: return "subtree altered";
    case Mismatch::Unverifiable: return "unverifiable";
    case Mismatch::CheckpointBad: return "checkpoint bad";
    case Mismatch::FileAltered: return "file altered";
    case Mismatch::CheckpointGone: return "checkpoint gone";
    case Mismatch::SignatureGone: return "signature gone";
    }
    return {};
}

bool isAboutLeaves(Mismatch mismatch) noexcept
{
    switch (mismatch) {
    case Mismatch::EntryAltered:
    case Mismatch::EntryGone:
    case Mismatch::CopyDiffers:
    case Mismatch::CopyGone:
    case Mismatch::NotAnEntry:
    case Mismatch::LeafAltered:
    case Mismatch::LeafGone:
    case Mismatch::Unverifiable: return true;
    case Mismatch::EntrySlippedIn:
    case Mismatch::SubtreeAltered:
    case Mismatch::CheckpointBad:
    case Mismatch::FileAltered:
    case Mismatch::CheckpointGone:
    case Mismatch::SignatureGone: return false;
    }
    return false;
}

LogCheck::LogCheck(std::vector<Checkpoint> checkpoints) : m_checkpoints{std::move(checkpoints)}
{
    m_tile.reserve(kTileWidth);
    while (m_nextCheckpoint < m_checkpoints.size() && m_checkpoints[m_nextCheckpoint].size == 0)
        ++m_nextCheckpoint;
}

void LogCheck::add(LogFinding finding)
{
    ++m_count;
    if (m_findings.size() < kMostFindings)
        m_findings.push_back(std::move(finding));
}

void LogCheck::take(const LeafReading& reading)
{
    if (m_next < reading.leaf)
        takeGap(reading.leaf);
    checkAlone(reading);
    takeLeaf({reading.hash, reading.entry ? std::optional{leafHash(*reading.entry)} : std::nullopt});
}

void LogCheck::takeGap(std::uint64_t to)
{
    const std::uint64_t first = m_next;
    add({Mismatch::LeafGone, first, to - 1,
         first + 1 == to ? fmt::format("there is no leaf {}", first)
                         : fmt::format("there are no leaves {} to {}", first, to - 1)});
    while (m_next < to && m_nextCheckpoint < m_checkpoints.size())
        takeLeaf({});
    m_next = to; // no root that was signed lies behind
}

/// Which of hash and entry is the wrong one is known when the next root is compared; until then the stored hash is believed, as
/// it is what makes the signed tree.
void LogCheck::checkAlone(const LeafReading& reading)
{
    const std::uint64_t leaf = reading.leaf;
    if (!reading.hash)
        add({Mismatch::LeafAltered, leaf, leaf, fmt::format("what is stored as the hash of leaf {} is none", leaf)});
    if (!reading.entry) {
        add({Mismatch::EntryGone, leaf, leaf, fmt::format("the entry of leaf {} is not there any more", leaf)});
        return;
    }
    const Hash hash = leafHash(*reading.entry);
    if (reading.hash && *reading.hash != hash) {
        add({Mismatch::EntryAltered, leaf, leaf,
             fmt::format("the stored bytes hash to {}, leaf {} is {}", hexOf(hash), leaf, hexOf(*reading.hash))});
        return;
    }
    const auto entry = Entry::decode(*reading.entry);
    if (!entry)
        add({Mismatch::NotAnEntry, leaf, leaf, fmt::format("leaf {}: {}", leaf, entry.error().detail)});
    else if (!reading.hasCopy || reading.copy == reading.entry)
        return;
    else if (!reading.copy)
        add({Mismatch::CopyGone, leaf, leaf, fmt::format("the log no longer shows the entry of leaf {}", leaf)});
    else
        add({Mismatch::CopyDiffers, leaf, leaf, fmt::format("leaf {}: {}", leaf, differenceOf(*entry, *reading.copy))});
}

void LogCheck::takeLeaf(Leaf leaf)
{
    ++m_next;
    if (m_nextCheckpoint == m_checkpoints.size()) // nothing that follows is signed
        return;
    m_tile.push_back(leaf);
    if (m_tile.size() == kTileWidth)
        closeTile();
    if (m_nextCheckpoint < m_checkpoints.size() && m_checkpoints[m_nextCheckpoint].size == m_next)
        compareRoot();
}

void LogCheck::closeTile()
{
    const auto rootBy = [&](std::optional<Hash> Leaf::* member) -> std::optional<Hash> {
        std::vector<Hash> hashes;
        for (const Leaf& leaf : m_tile) {
            if (!(leaf.*member))
                return std::nullopt;
            hashes.push_back(*(leaf.*member));
        }
        return rootOfTile(hashes);
    };
    const std::uint64_t tile = m_next / kTileWidth - 1;
    const std::uint64_t first = tile * kTileWidth;
    const auto byStored = rootBy(&Leaf::stored);
    const auto byEntries = rootBy(&Leaf::entry);
    const auto kept = storedTile ? storedTile(tile) : std::nullopt;
    // Two that agree are believed against the third; the signed root has the last word, so the other way is kept open.
    std::optional<Hash> chosen = byStored ? byStored : byEntries;
    if (kept && byStored != kept && (!byStored || byStored != byEntries))
        chosen = kept;
    if (kept && chosen != kept)
        add({Mismatch::SubtreeAltered, first, m_next - 1,
             fmt::format("the stored hash of the leaves {} to {} is not theirs", first, m_next - 1)});
    else if (chosen && byStored != chosen && byEntries != chosen)
        add({Mismatch::Unverifiable, first, m_next - 1,
             fmt::format("of the leaves {} to {} neither the hashes nor the entries come to what was sealed", first,
                         m_next - 1)});
    else if (byStored && byStored != chosen)
        m_blamed.push_back(first); // once a root says so
    std::vector<Subtree> ignored;
    const std::optional<Hash>& other = kept && chosen != kept ? kept : byStored;
    if (!m_otherTiles && other && other != chosen)
        m_otherTiles = m_tiles;
    if (m_otherTiles)
        m_otherTiles->append(other.value_or(chosen.value_or(Hash{})), ignored);
    m_tiles.append(chosen.value_or(Hash{}), ignored);
    m_tile.clear();
}

/// Leaves from `first` on whose entries were told altered are in truth those whose hashes were.
void LogCheck::blameHashes(std::uint64_t first)
{
    for (LogFinding& finding : m_findings) {
        if (finding.mismatch == Mismatch::EntryAltered && finding.first >= first && finding.first < first + kTileWidth) {
            finding.mismatch = Mismatch::LeafAltered;
            finding.detail =
                fmt::format("the stored hash of leaf {} is not the one that was signed; the entry is", finding.first);
        }
    }
}

std::optional<Hash> LogCheck::rootWith(const Frontier& tiles, std::optional<Hash> Leaf::* preferred) const
{
    Frontier partial;
    std::vector<Subtree> ignored;
    for (const Leaf& leaf : m_tile) {
        const std::optional<Hash>& hash = leaf.*preferred ? leaf.*preferred : leaf.stored ? leaf.stored : leaf.entry;
        if (!hash)
            return std::nullopt;
        partial.append(*hash, ignored);
    }
    std::vector<Hash> peaks = tiles.peaks();
    peaks.insert(peaks.end(), partial.peaks().begin(), partial.peaks().end());
    const auto whole = Frontier::of(m_next, std::move(peaks));
    return whole ? std::optional{whole->root()} : std::nullopt;
}

void LogCheck::compareRoot()
{
    const Checkpoint& checkpoint = m_checkpoints[m_nextCheckpoint++];
    const auto byStored = rootWith(m_tiles, &Leaf::stored);
    if (!byStored) { // a leaf of it is gone, which was told; the next root may come to it by the hash of the whole tile
        m_waiting = true;
        return;
    }
    bool isReached = byStored == checkpoint.root;
    if (!isReached && rootWith(m_tiles, &Leaf::entry) == checkpoint.root) {
        blameHashes(m_next - m_tile.size());
        isReached = true;
    }
    if (!isReached && m_otherTiles && rootWith(*m_otherTiles, &Leaf::stored) == checkpoint.root) {
        takeOtherTiles();
        isReached = true;
    }
    const bool isWhole = std::ranges::all_of(m_tile, [](const Leaf& leaf) { return leaf.stored.has_value(); });
    if (isReached)
        reached(checkpoint);
    else if (isWhole)
        missed(checkpoint);
    else // by the entry in the place of a hash that is none
        m_waiting = true;
}

/// It was the leaves that were altered, all in the same way, and not the hash of their tile.
void LogCheck::takeOtherTiles()
{
    m_tiles = *m_otherTiles;
    std::erase_if(m_findings, [this](const LogFinding& finding) {
        return finding.mismatch == Mismatch::Unverifiable && finding.first == m_verified && m_missed > 0;
    });
    for (LogFinding& finding : m_findings) {
        if (finding.mismatch == Mismatch::SubtreeAltered && finding.last >= m_verified) {
            finding.mismatch = Mismatch::Unverifiable;
            finding.detail = fmt::format("of the leaves {} to {} neither the hashes nor the entries are those that were sealed",
                                         finding.first, finding.last);
        }
    }
    for (const std::uint64_t first : m_blamed) // the entries are what was altered after all, and the tile's hash with them
        add({Mismatch::SubtreeAltered, first, first + kTileWidth - 1,
             fmt::format("the stored hash of the leaves {} to {} is not theirs", first, first + kTileWidth - 1)});
    m_blamed.clear();
    m_missed = 0;
}

void LogCheck::reached(const Checkpoint& checkpoint)
{
    // What was missed before is vouched for by this one: then it was the checkpoint that is no beginning of the log.
    for (LogFinding& finding : m_findings) {
        if (m_missed > 0 && finding.mismatch == Mismatch::Unverifiable && finding.first == m_verified)
            finding = {Mismatch::CheckpointBad, m_missed, m_missed,
                       fmt::format("what was signed for {} entries is no beginning of this log", m_missed)};
    }
    for (const std::uint64_t first : m_blamed)
        blameHashes(first);
    m_blamed.clear();
    m_verified = checkpoint.size;
    m_missed = 0;
    m_waiting = false;
    m_otherTiles.reset();
}

void LogCheck::missed(const Checkpoint& checkpoint)
{
    if (m_missed == 0) {
        add({Mismatch::Unverifiable, m_verified, m_next - 1, {}});
        m_missed = checkpoint.size;
    }
    for (LogFinding& finding : m_findings) { // what follows cannot be told from it, and is told once
        if (finding.mismatch == Mismatch::Unverifiable && finding.first == m_verified) {
            finding.last = m_next - 1;
            finding.detail = fmt::format("what is stored of the leaves {} to {} does not come to the root that was signed for {}",
                                         m_verified, m_next - 1, m_missed);
        }
    }
}

void LogCheck::end(std::uint64_t size)
{
    if (m_next < size)
        takeGap(size);
}

void LogCheck::finish()
{
    if (m_waiting)
        add({Mismatch::Unverifiable, m_verified, m_next - 1,
             fmt::format("of the leaves {} to {} no root can be computed", m_verified, m_next - 1)});
    for (; m_nextCheckpoint < m_checkpoints.size(); ++m_nextCheckpoint) {
        const Checkpoint& checkpoint = m_checkpoints[m_nextCheckpoint];
        add({Mismatch::CheckpointGone, checkpoint.size, checkpoint.size,
             fmt::format("{} entries were signed, and the log has {}", checkpoint.size, m_next)});
    }
}

} // namespace scr::audit
