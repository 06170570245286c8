#pragma once

#include <optional>
#include <vector>

#include "detect/detector.h"
#include "detect/token_rows.h"

namespace scr::detect {

/// Share of its votes that a token of a dense block casts in the days of the block, at least.
inline constexpr double kDenseBlockDays = 0.6;

/// Pairs of tokens that voted on far more of the same posts within one period than their activity and the posts' popularity let
/// expect, whatever the moments, among those most of whose votes fall into one period: ascending, each once. Those whose sets of
/// posts are much alike are found by MinHash (Broder 1997) and buckets of it (Indyk and Motwani 1998), in time that grows with
/// the votes and not with the pairs; then their posts are counted. Nothing when stopped.
[[nodiscard]] std::optional<std::vector<TokenPair>> alikeTokens(const Scene& scene, const RowGroups& byToken, Progress& progress);

} // namespace scr::detect
