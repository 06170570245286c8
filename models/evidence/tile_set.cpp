#include "evidence/tile_set.h"

#include "audit/frontier.h"
#include "audit/tiles.h"

namespace scr::evidence {

namespace {

/// The tile and, where it is full, those above it.
void addWithParents(std::set<TileName>& tiles, std::uint64_t size, int level, std::uint64_t number)
{
    while (audit::tileWidth(level, number, size) > 0 && tiles.emplace(level, number).second &&
           audit::tileWidth(level, number, size) == audit::kTileWidth) {
        ++level;
        number /= audit::kTileWidth;
    }
}

/// The last tile of each level of a log of `edge` leaves: its root is made of them.
void addEdge(std::set<TileName>& tiles, std::uint64_t size, std::uint64_t edge)
{
    for (int level = 0; level < 8; ++level) {
        const std::uint64_t count = edge >> (level * audit::kTileHeight);
        if (count % audit::kTileWidth != 0)
            addWithParents(tiles, size, level, count / audit::kTileWidth);
    }
}

} // namespace

std::set<TileName> tilesFor(std::uint64_t size, const std::vector<std::uint64_t>& bundles,
                            const std::vector<std::uint64_t>& earlierSizes)
{
    std::set<TileName> tiles;
    for (const std::uint64_t bundle : bundles)
        addWithParents(tiles, size, 0, bundle);
    for (const std::uint64_t earlier : earlierSizes)
        addEdge(tiles, size, earlier);
    addEdge(tiles, size, size);
    return tiles;
}

} // namespace scr::evidence
