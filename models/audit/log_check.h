#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "audit/checkpoint.h"
#include "audit/frontier.h"
#include "audit/hash.h"

namespace scr::audit {

/// What can be wrong with a sealed log.
enum class Mismatch {
    EntryAltered,   ///< the entry is not the one that was sealed
    EntryGone,      ///< sealed, and not there any more
    EntrySlippedIn, ///< there, older than the last sealing, and never sealed
    CopyDiffers,    ///< the columns beside the entry say something else than it
    CopyGone,       ///< sealed and there, and the log as it is read does not show it
    NotAnEntry,     ///< sealed bytes that are no entry in canonical form
    LeafAltered,    ///< the stored hash of a leaf is not the one that was signed; the entry is
    LeafGone,       ///< the list of leaves has a hole
    SubtreeAltered, ///< the stored hash of a full subtree is not the one that was signed; its leaves are
    Unverifiable,   ///< these leaves cannot be told from others: no checkpoint vouches for what is stored of them
    CheckpointBad,  ///< a stored checkpoint is not signed by the log's key, or is not what its row says
    FileAltered,    ///< a file of an evidence pack is not what it should be
    CheckpointGone, ///< one that was seen before is not in the log any more, or the log is shorter than it
    SignatureGone   ///< that of a witness; the log itself is what was signed
};
[[nodiscard]] std::string_view nameOf(Mismatch mismatch) noexcept; // "entry altered", …
[[nodiscard]] bool isAboutLeaves(Mismatch mismatch) noexcept;      ///< else it has no place in the list of entries

struct LogFinding {
    Mismatch mismatch{};
    std::uint64_t first{}; ///< leaf; of a checkpoint its size
    std::uint64_t last{};  ///< the same as `first` for one leaf
    std::string detail;    ///< what is there and what should be, in one sentence

    friend bool operator==(const LogFinding&, const LogFinding&) = default;
};

/// A leaf as it is stored; what is missing is not there any more.
struct LeafReading {
    std::uint64_t leaf{};
    std::optional<Hash> hash;
    std::optional<std::string_view> entry;
    std::optional<std::string_view> copy; ///< the entry made again from the columns as they are read
    bool hasCopy = true;                  ///< false: the columns were not read
};

/// Holds a log against its checkpoints, leaf by leaf in order from the first. Of the leaves' hashes as they are stored, the
/// hashes of the entries, and the stored hashes of full tiles it takes those that agree with a signed root, so that one thing
/// that was altered does not make all that follows it unverifiable. Memory: one tile and the findings, of which it keeps the
/// first 1,000.
class LogCheck {
public:
    /// `checkpoints`: opened, of one origin, in the order of their sizes, each size once.
    explicit LogCheck(std::vector<Checkpoint> checkpoints);

    /// The next leaf; numbers that are left out are leaves that are gone.
    void take(const LeafReading& reading);
    /// What is stored for the full tile that ends before the next leaf, where anything is. Asked for as tiles fill up.
    std::function<std::optional<Hash>(std::uint64_t tile)> storedTile{};
    /// The entry of one leaf against its hash and its columns, without a tree.
    void checkAlone(const LeafReading& reading);
    void add(LogFinding finding);

    /// There should have been leaves up to this one (exclusive): at the end no later leaf shows the hole.
    void end(std::uint64_t size);
    /// After the last leaf.
    void finish();
    [[nodiscard]] const std::vector<LogFinding>& findings() const noexcept { return m_findings; }
    [[nodiscard]] std::uint64_t findingCount() const noexcept { return m_count; }
    [[nodiscard]] std::uint64_t leaves() const noexcept { return m_next; }
    /// The size of the largest checkpoint whose root was reached.
    [[nodiscard]] std::uint64_t verifiedSize() const noexcept { return m_verified; }

private:
    struct Leaf {
        std::optional<Hash> stored;
        std::optional<Hash> entry;
    };
    void takeGap(std::uint64_t to);
    void takeLeaf(Leaf leaf);
    void closeTile();
    void compareRoot();
    void blameHashes(std::uint64_t first);
    void takeOtherTiles();
    void reached(const Checkpoint& checkpoint);
    void missed(const Checkpoint& checkpoint);
    /// The root of what was taken; of the leaves of the last tile by the hashes that are preferred, else by the other.
    [[nodiscard]] std::optional<Hash> rootWith(const Frontier& tiles, std::optional<Hash> Leaf::* preferred) const;

    std::vector<Checkpoint> m_checkpoints;
    std::size_t m_nextCheckpoint = 0;
    std::uint64_t m_next = 0;
    std::uint64_t m_verified = 0;
    std::uint64_t m_missed = 0;           ///< the first root since the verified one that was not reached; 0: none
    bool m_waiting = false;               ///< a root could not be computed, and none was reached since
    Frontier m_tiles;                     ///< over the hashes of full tiles
    std::optional<Frontier> m_otherTiles; ///< with the stored hash of a tile where its leaves say something else
    std::vector<std::uint64_t> m_blamed;  ///< first leaves of tiles whose entries agree with the tile and whose hashes do not
    std::vector<Leaf> m_tile;
    std::vector<LogFinding> m_findings;
    std::uint64_t m_count = 0;
};

} // namespace scr::audit
