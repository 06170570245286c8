#pragma once

#include <cstddef>
#include <vector>

#include <QString>

#include "domain/void_plan.h"

namespace scr::widgets {

/// A place in one of the two columns of a slope picture.
struct SlopePlace {
    std::size_t change{}; ///< index into the changes it was laid out from
    int slot{};           ///< row from the top; places after a gap stand one slot lower each
    bool afterGap{};      ///< ranked beyond `top`
};

/// Who stands where before and after: the first `top` ranks of each side, then those that the other side's head leaves or takes.
struct SlopeLayout {
    std::vector<SlopePlace> before;
    std::vector<SlopePlace> after;
    int rows{}; ///< rows of the longer column
};
[[nodiscard]] SlopeLayout layoutOf(const std::vector<domain::ScoreChange>& changes, int top);

enum class Movement { Stays, Rises, Falls, Struck };
/// Struck: it loses votes and places. A place won or lost by others' votes is a rise or a fall.
[[nodiscard]] Movement movementOf(const domain::ScoreChange& change);

} // namespace scr::widgets
