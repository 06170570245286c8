#pragma once

#include <vector>

#include "detect/lockstep_screen.h"

namespace scr::detect {

/// Tokens that hang together by edges.
struct Group {
    std::vector<domain::Index> members; ///< ascending
    std::vector<TokenPair> edges;       ///< ascending
};

/// The connected components of at least two members, by their first member. `edges` ascending, each once.
[[nodiscard]] std::vector<Group> componentsOf(const std::vector<TokenPair>& edges);

/// The edges that are left when those in fewer than `triangles` triangles are taken away again and again: the k-truss of the
/// graph (Cohen 2008), k = triangles + 2. Chance makes edges, but hardly triangles.
[[nodiscard]] std::vector<TokenPair> trussOf(std::vector<TokenPair> edges, std::size_t triangles);

} // namespace scr::detect
