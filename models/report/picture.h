#pragma once

#include <string>
#include <vector>

#include "domain/flag.h"
#include "report/report.h"

namespace scr::report {

/// What a stroke means; the writer chooses its colour.
enum class Ink { Text, Axis, Grid, Band, Normal, Flagged, Muted, Threshold };
enum class Anchor { Start, Middle, End };

/// A drawing without a medium: the HTML writer makes SVG of it, the printer paints it. Units are points, y points down.
struct Picture {
    struct Line {
        double x1, y1, x2, y2;
        Ink ink;
        bool dashed;
    };
    struct Box {
        double x, y, width, height;
        Ink ink;
    };
    struct Dot {
        double x, y;
        Ink ink;
        bool filled;
    };
    struct Path {
        std::vector<std::pair<double, double>> points;
        Ink ink;
    };
    struct Label {
        double x, y; ///< of the base line
        Anchor anchor;
        Ink ink;
        std::string text; ///< may be untrusted
    };
    double width = 520;
    double height = 0;
    std::string caption; ///< says in words what is to be seen
    std::vector<Box> boxes;
    std::vector<Line> lines;
    std::vector<Path> paths;
    std::vector<Dot> dots;
    std::vector<Label> labels;

    [[nodiscard]] bool empty() const noexcept { return height <= 0; }
};

/// Empty where a flag has no evidence that can be drawn.
[[nodiscard]] Picture pictureOf(const domain::Evidence& evidence);

/// Ranks with the voided votes at the left and as they are at the right, one line a post; at most 25.
[[nodiscard]] Picture pictureOf(const std::vector<LeaderRow>& leaderboard);

} // namespace scr::report
