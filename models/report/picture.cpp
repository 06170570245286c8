#include "report/picture.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "report/group_pictures.h"
#include "report/wording.h"

namespace scr::report {

namespace {

constexpr double kLeft = 64;
constexpr double kRight = 12;
constexpr double kTop = 10;
constexpr double kBottom = 22;
constexpr std::size_t kMostPoints = 400;
constexpr std::size_t kMostBars = 40;
constexpr std::size_t kMostPosts = 25;

/// Maps one axis of the data to the drawing.
struct Scale {
    double dataFrom = 0;
    double dataTo = 1;
    double from = 0;
    double to = 1;

    [[nodiscard]] double operator()(double value) const noexcept
    {
        const double width = dataTo - dataFrom;
        return width <= 0 ? (from + to) / 2
                          : from + (std::clamp(value, std::min(dataFrom, dataTo), std::max(dataFrom, dataTo)) - dataFrom) /
                                       width * (to - from);
    }
};

double secondsOf(domain::UtcTime time)
{
    return static_cast<double>(domain::microsOf(time)) / 1e6;
}

/// Every point where there are few; else evenly spaced ones, the last included.
template <class Point>
std::vector<Point> thinned(const std::vector<Point>& points)
{
    if (points.size() <= kMostPoints)
        return points;
    std::vector<Point> some;
    for (std::size_t i = 0; i < kMostPoints; ++i)
        some.push_back(points[i * (points.size() - 1) / (kMostPoints - 1)]);
    return some;
}

Picture frame(double height, domain::UtcTime from, domain::UtcTime to)
{
    Picture picture;
    picture.height = height;
    const double bottom = height - kBottom;
    picture.lines.push_back({kLeft, bottom, picture.width - kRight, bottom, Ink::Axis, false});
    picture.labels.push_back({kLeft, height - 7, Anchor::Start, Ink::Muted, timeText(from)});
    if (to > from)
        picture.labels.push_back(
            {picture.width - kRight, height - 7, Anchor::End, Ink::Muted, "+" + domain::durationText(to - from)});
    return picture;
}

void addLevel(Picture& picture, double y, std::string label)
{
    picture.lines.push_back({kLeft, y, picture.width - kRight, y, Ink::Grid, false});
    picture.labels.push_back({kLeft - 6, y + 3, Anchor::End, Ink::Muted, std::move(label)});
}

std::string secondsText(double seconds)
{
    return domain::durationText(domain::Micros{static_cast<std::int64_t>(seconds * 1e6)});
}

/// Shortest and longest time that the strip has to show, with some air; never both the same.
std::pair<double, double> spanOf(const domain::GapStrip& strip)
{
    constexpr double kShortest = 0.001;
    double low = std::max(kShortest, strip.siteLowSeconds);
    double high = std::max(1.0, strip.siteHighSeconds);
    for (const auto& point : strip.points) {
        low = std::min(low, std::max(kShortest, point.gapSeconds));
        high = std::max(high, point.gapSeconds);
    }
    return {low / 2, high * 2};
}

/// The time since the token's previous vote, vote by vote, on a logarithmic scale.
Picture draw(const domain::GapStrip& strip)
{
    if (strip.points.empty())
        return {};
    Picture picture = frame(170, strip.points.front().at, strip.points.back().at);
    const Scale x{secondsOf(strip.points.front().at), secondsOf(strip.points.back().at), kLeft + 6, picture.width - kRight - 6};
    const auto [low, high] = spanOf(strip);
    const Scale y{std::log10(low), std::log10(high), picture.height - kBottom - 4, kTop};
    const auto level = [&](double seconds) { return y(std::log10(std::max(seconds, low))); };
    if (strip.siteHighSeconds > strip.siteLowSeconds) {
        const double top = level(strip.siteHighSeconds);
        picture.boxes.push_back({kLeft, top, picture.width - kRight - kLeft, level(strip.siteLowSeconds) - top, Ink::Band});
        picture.labels.push_back({picture.width - kRight - 4, top + 10, Anchor::End, Ink::Muted, "4 of 5 gaps on this site"});
    }
    for (const auto& [seconds, label] : {std::pair{0.01, "10 ms"},
                                         {0.1, "0.1 s"},
                                         {1.0, "1 s"},
                                         {10.0, "10 s"},
                                         {60.0, "1 min"},
                                         {600.0, "10 min"},
                                         {3600.0, "1 h"},
                                         {86400.0, "1 d"}}) {
        if (seconds > low && seconds < high)
            addLevel(picture, level(seconds), label);
    }
    if (strip.fasterThanSeconds > 0) {
        const double at = level(strip.fasterThanSeconds);
        picture.lines.push_back({kLeft, at, picture.width - kRight, at, Ink::Threshold, true});
        picture.labels.push_back({picture.width - kRight - 4, at + 9, Anchor::End, Ink::Muted,
                                  "a fast person, " + secondsText(strip.fasterThanSeconds)});
    }
    std::size_t inBurst = 0;
    for (const auto& point : thinned(strip.points))
        picture.dots.push_back(
            {x(secondsOf(point.at)), level(point.gapSeconds), point.inBurst ? Ink::Flagged : Ink::Normal, point.inBurst});
    for (const auto& point : strip.points)
        inBurst += point.inBurst ? 1 : 0;
    picture.caption = fmt::format("Time since the token's previous vote, for {}; the filled ones, {}, are the burst.",
                                  countText(static_cast<std::int64_t>(strip.points.size()), "vote"),
                                  countText(static_cast<std::int64_t>(inBurst)));
    return picture;
}

std::string barLabel(const domain::AttemptWaterfall::Bar& bar, bool fromVotes)
{
    if (fromVotes)
        return "vote " + bar.vote.text;
    std::string text{domain::nameOf(bar.outcome)};
    std::replace(text.begin(), text.end(), '_', ' ');
    return bar.sqlstate.empty() ? text : text + " " + bar.sqlstate;
}

/// Attempts of one token on one post by their begin and end.
Picture draw(const domain::AttemptWaterfall& waterfall)
{
    if (waterfall.bars.empty())
        return {};
    const std::size_t shown = std::min(waterfall.bars.size(), kMostBars);
    domain::UtcTime from = waterfall.bars.front().start;
    domain::UtcTime to = from;
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& bar = waterfall.bars[i];
        from = std::min(from, bar.start);
        to = std::max(to, bar.end.value_or(bar.start));
    }
    constexpr double kRow = 13;
    Picture picture = frame(kTop + kRow * static_cast<double>(shown) + kBottom, from, to);
    const Scale x{secondsOf(from), secondsOf(to), kLeft + 40, picture.width - kRight - 6};
    for (std::size_t i = 0; i < shown; ++i) {
        const auto& bar = waterfall.bars[i];
        const double y = kTop + kRow * static_cast<double>(i);
        const double begin = x(secondsOf(bar.start));
        const double end = x(secondsOf(bar.end.value_or(bar.start)));
        const bool accepted = bar.outcome == domain::AttemptOutcome::Accepted;
        const Ink ink = bar.extraVote ? Ink::Flagged : accepted ? Ink::Normal : Ink::Muted;
        picture.boxes.push_back({begin, y + 2, std::max(end - begin, 3.0), kRow - 5, ink});
        picture.labels.push_back(
            {kLeft + 34, y + 9, Anchor::End, bar.extraVote ? Ink::Flagged : Ink::Muted, barLabel(bar, waterfall.fromVotes)});
    }
    picture.caption = waterfall.unlogged ? "The votes that no attempt of the log stands for, by the time they were cast."
                      : waterfall.fromVotes
                          ? "The votes by the time they were cast; the source has no attempt log. Votes counted beyond the "
                            "first one are marked."
                          : "Attempts by begin and end. Votes counted beyond the first one are marked.";
    if (shown < waterfall.bars.size())
        picture.caption +=
            fmt::format(" The first {} of {} are shown.", shown, countText(static_cast<std::int64_t>(waterfall.bars.size())));
    return picture;
}

/// The running sum of the rows, and the level of what the site shows.
Picture draw(const domain::CounterTrace& trace)
{
    if (trace.rows.empty())
        return {};
    const auto points = thinned(trace.rows);
    Picture picture = frame(150, points.front().at, points.back().at);
    double low = std::min(trace.counter, 0.0);
    double high = std::max(trace.counter, 0.0);
    for (const auto& point : points) {
        low = std::min(low, point.sum);
        high = std::max(high, point.sum);
    }
    const Scale x{secondsOf(points.front().at), secondsOf(points.back().at), kLeft, picture.width - kRight};
    const Scale y{low, high, picture.height - kBottom - 4, kTop + 4};
    addLevel(picture, y(trace.rowSum), scoreText(trace.rowSum));
    const double counter = y(trace.counter);
    picture.lines.push_back({kLeft, counter, picture.width - kRight, counter, Ink::Flagged, true});
    picture.labels.push_back({kLeft + 4, counter < kTop + 12 ? counter + 10 : counter - 4, Anchor::Start, Ink::Flagged,
                              "the site shows " + scoreText(trace.counter)});
    Picture::Path path{{}, Ink::Normal};
    for (const auto& point : points) {
        if (!path.points.empty())
            path.points.emplace_back(x(secondsOf(point.at)), path.points.back().second);
        path.points.emplace_back(x(secondsOf(point.at)), y(point.sum));
    }
    picture.paths.push_back(std::move(path));
    picture.caption = fmt::format("Running sum of the counted votes, {} at the end, against the score the site shows, {}.",
                                  scoreText(trace.rowSum), scoreText(trace.counter));
    return picture;
}

template <class Groups>
Picture draw(const Groups& evidence)
{
    return groupPicture(evidence);
}

Picture draw(std::monostate)
{
    return {};
}

std::string shortened(std::string_view title, std::size_t bytes)
{
    if (title.size() <= bytes)
        return std::string{title};
    while (bytes > 0 && (static_cast<unsigned char>(title[bytes]) & 0xc0U) == 0x80U)
        --bytes;
    return std::string{title.substr(0, bytes)} + "…";
}

} // namespace

Picture pictureOf(const domain::Evidence& evidence)
{
    return std::visit([](const auto& one) { return draw(one); }, evidence);
}

Picture pictureOf(const std::vector<LeaderRow>& leaderboard)
{
    const std::size_t shown = std::min(leaderboard.size(), kMostPosts);
    if (shown < 2)
        return {};
    constexpr double kRow = 15;
    constexpr double kLeftAxis = 60;
    constexpr double kRightAxis = 190;
    Picture picture;
    const auto rows = static_cast<double>(shown);
    picture.height = 26 + kRow * (rows + 1);
    // by place among those shown, as ranks may be far apart
    const auto place = [](std::size_t index) { return 30 + kRow * static_cast<double>(index); };
    const auto placeBefore = [&](const LeaderRow& row) {
        return place(static_cast<std::size_t>(
            std::count_if(leaderboard.begin(), leaderboard.begin() + static_cast<std::ptrdiff_t>(shown),
                          [&](const LeaderRow& one) { return one.rankWithVoided < row.rankWithVoided; })));
    };
    picture.labels.push_back({kLeftAxis - 6, 12, Anchor::End, Ink::Muted, "with voided"});
    picture.labels.push_back({kRightAxis + 6, 12, Anchor::Start, Ink::Muted, "as it is"});
    for (std::size_t i = 0; i < shown; ++i) {
        const LeaderRow& row = leaderboard[i];
        const double before = placeBefore(row);
        const double after = place(i);
        const bool fell = row.rank > row.rankWithVoided;
        const Ink ink = row.scoreWithVoided != row.score ? Ink::Flagged : Ink::Normal;
        picture.lines.push_back({kLeftAxis, before, kRightAxis, after, ink, false});
        picture.dots.push_back({kLeftAxis, before, ink, fell});
        picture.dots.push_back({kRightAxis, after, ink, fell});
        picture.labels.push_back({kLeftAxis - 8, before + 4, Anchor::End, Ink::Muted, countText(row.rankWithVoided)});
        picture.labels.push_back(
            {kRightAxis + 8, after + 4, Anchor::Start, ink == Ink::Flagged ? Ink::Flagged : Ink::Text,
             fmt::format("{}\u2002{}", countText(row.rank), shortened(row.title.empty() ? row.post.text : row.title, 52))});
    }
    picture.caption =
        "Ranks with the voided votes counted, at the left, and as they are, at the right; posts that lost votes are marked.";
    return picture;
}

} // namespace scr::report
