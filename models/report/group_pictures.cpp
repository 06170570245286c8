#include "report/group_pictures.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "domain/visible_text.h"
#include "report/wording.h"

namespace scr::report {

namespace {

constexpr double kKeys = 96; ///< room for keys at the left
constexpr double kRight = 12;

/// A key cut to what fits beside a row.
std::string keyLabel(std::string_view key)
{
    constexpr std::size_t kShown = 16;
    const std::string text = domain::visibleText(key.substr(0, kShown));
    return key.size() > kShown ? text + "…" : text;
}

/// To the minute: what is drawn is no finer.
std::string minuteText(domain::UtcTime time)
{
    return timeText(time).substr(0, 16);
}

void addKey(Picture& picture, double y, std::string_view key)
{
    picture.labels.push_back({kKeys - 6, y + 3, Anchor::End, Ink::Muted, keyLabel(key)});
}

std::string numberText(double number)
{
    return number >= 10 ? fmt::format("{:.0f}", number) : fmt::format("{:.2g}", number);
}

/// Most votes any group had in one bin.
std::int64_t most(const domain::CompositionContrast::Group& group)
{
    return group.arrivals.empty() ? 0 : *std::max_element(group.arrivals.begin(), group.arrivals.end());
}

void addArrivals(Picture& picture, const domain::CompositionContrast::Group& group, double bottom, double height, Ink ink,
                 std::string name)
{
    const auto bins = static_cast<double>(std::max<std::size_t>(1, group.arrivals.size()));
    const double width = (picture.width - kKeys - kRight) / bins;
    const auto top = static_cast<double>(std::max<std::int64_t>(1, most(group)));
    for (std::size_t bin = 0; bin < group.arrivals.size(); ++bin) {
        const double tall = height * static_cast<double>(group.arrivals[bin]) / top;
        if (tall > 0)
            picture.boxes.push_back(
                {kKeys + width * static_cast<double>(bin), bottom - tall, std::max(1.0, width - 1), tall, ink});
    }
    picture.lines.push_back({kKeys, bottom, picture.width - kRight, bottom, Ink::Axis, false});
    picture.labels.push_back({kKeys - 6, bottom - height + 10, Anchor::End, ink, std::move(name)});
    picture.labels.push_back({kKeys - 6, bottom - height + 21, Anchor::End, Ink::Muted, countText(group.votes, "vote")});
    const double up = group.votes == 0 ? 0 : 100 * static_cast<double>(group.up) / static_cast<double>(group.votes);
    picture.labels.push_back({kKeys - 6, bottom - height + 32, Anchor::End, Ink::Muted, fmt::format("{:.0f} % up", up)});
}

constexpr double kHistogramLeft = 44;
constexpr double kHistogramTop = 26;
constexpr double kHistogramTall = 118;
constexpr double kHistogramBottom = kHistogramTop + kHistogramTall;

std::size_t binsOf(const domain::TimeHistogram& histogram)
{
    return std::min(histogram.others.size(), histogram.hits.size());
}

double binWidth(const Picture& picture, std::size_t bins)
{
    return (picture.width - kHistogramLeft - kRight) / static_cast<double>(bins);
}

/// The most that any bin has or should have.
double highest(const domain::TimeHistogram& histogram)
{
    double top = 1;
    for (std::size_t bin = 0; bin < binsOf(histogram); ++bin) {
        top = std::max(top, static_cast<double>(histogram.others[bin] + histogram.hits[bin]));
        if (!histogram.expected.empty())
            top = std::max(top, histogram.expected[bin]);
    }
    return top;
}

/// The flagged ones below, the others on top of them.
void addBars(Picture& picture, const domain::TimeHistogram& histogram, double scale)
{
    const double width = binWidth(picture, binsOf(histogram));
    for (std::size_t bin = 0; bin < binsOf(histogram); ++bin) {
        const double x = kHistogramLeft + width * static_cast<double>(bin);
        const double flagged = scale * static_cast<double>(histogram.hits[bin]);
        const double rest = scale * static_cast<double>(histogram.others[bin]);
        const double wide = std::max(1.5, width - 1);
        if (flagged > 0)
            picture.boxes.push_back({x, kHistogramBottom - flagged, wide, flagged, Ink::Flagged});
        if (rest > 0)
            picture.boxes.push_back({x, kHistogramBottom - flagged - rest, wide, rest, Ink::Normal});
    }
}

void addExpected(Picture& picture, const domain::TimeHistogram& histogram, double scale)
{
    if (histogram.expected.empty())
        return;
    const double width = binWidth(picture, binsOf(histogram));
    Picture::Path path{{}, Ink::Threshold};
    for (std::size_t bin = 0; bin < binsOf(histogram); ++bin) {
        const double y = kHistogramBottom - scale * histogram.expected[bin];
        path.points.emplace_back(kHistogramLeft + width * static_cast<double>(bin), y);
        path.points.emplace_back(kHistogramLeft + width * static_cast<double>(bin + 1), y);
    }
    picture.paths.push_back(std::move(path));
}

void addMarks(Picture& picture, const domain::TimeHistogram& histogram)
{
    constexpr double kLabel = 60;
    const double seconds = histogram.binSeconds * static_cast<double>(binsOf(histogram));
    double free = kHistogramLeft; // where the next label may begin
    for (const auto& mark : histogram.marks) {
        const double after = std::chrono::duration<double>(mark.at - histogram.start).count();
        const double x = kHistogramLeft + (picture.width - kHistogramLeft - kRight) * std::clamp(after / seconds, 0.0, 1.0);
        picture.lines.push_back({x, kHistogramTop - 10, x, kHistogramBottom, Ink::Text, true});
        const bool isRight = x > picture.width - 2 * kLabel;
        picture.labels.push_back({isRight ? x - 4 : std::max(x, free) + 4, kHistogramTop - 12,
                                  isRight ? Anchor::End : Anchor::Start, Ink::Text, domain::visibleText(mark.label)});
        free = std::max(free, x + kLabel);
    }
}

void addTimes(Picture& picture, const domain::TimeHistogram& histogram)
{
    const double seconds = histogram.binSeconds * static_cast<double>(binsOf(histogram));
    const domain::UtcTime end = histogram.start + domain::Micros{static_cast<std::int64_t>(seconds * 1e6)};
    picture.labels.push_back({kHistogramLeft, kHistogramBottom + 14, Anchor::Start, Ink::Muted,
                              histogram.isOfTheHour ? std::string{"full hour"} : minuteText(histogram.start)});
    picture.labels.push_back({picture.width - kRight, kHistogramBottom + 14, Anchor::End, Ink::Muted,
                              histogram.isOfTheHour ? std::string{"next hour"} : minuteText(end)});
}

std::string captionOf(const domain::TimeHistogram& histogram)
{
    const std::int64_t hits = std::accumulate(histogram.hits.begin(), histogram.hits.end(), std::int64_t{0});
    const std::int64_t others = std::accumulate(histogram.others.begin(), histogram.others.end(), std::int64_t{0});
    std::string counted = domain::visibleText(histogram.counted);
    if (!counted.empty())
        counted.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(counted.front())));
    return fmt::format("{}: {} {}, marked, and {} others{}.", counted, countText(hits), domain::visibleText(histogram.flagged),
                       countText(others),
                       histogram.expected.empty() ? "" : "; the line is what the site's usual share lets expect");
}

} // namespace

Picture groupPicture(const domain::LockstepMatrix& matrix)
{
    if (matrix.tokens.empty() || matrix.posts.empty())
        return {};
    Picture picture;
    const double row = std::clamp(170.0 / static_cast<double>(matrix.tokens.size()), 5.0, 13.0);
    const double column = (picture.width - kKeys - kRight) / static_cast<double>(matrix.posts.size());
    const double top = 8;
    const double bottom = top + row * static_cast<double>(matrix.tokens.size());
    picture.height = bottom + 20;
    for (std::size_t post = 0; post < matrix.posts.size(); ++post) {
        const double x = kKeys + column * (static_cast<double>(post) + 0.5);
        picture.lines.push_back({x, top, x, bottom, Ink::Grid, false});
    }
    double longest = 1;
    for (const auto& cell : matrix.cells)
        longest = std::max(longest, cell.afterSeconds);
    for (const auto& cell : matrix.cells) {
        // inside its column a mark stands as far to the right as the vote came after the first one
        const double x = kKeys + column * (static_cast<double>(cell.post) + 0.15 + 0.6 * cell.afterSeconds / longest);
        picture.boxes.push_back(
            {x, top + row * cell.token + 1, std::max(2.5, std::min(6.0, column * 0.12)), row - 2, Ink::Flagged});
    }
    const std::size_t stride = matrix.tokens.size() * 9 > 170 ? static_cast<std::size_t>(std::ceil(9 / row)) : 1;
    for (std::size_t token = 0; token < matrix.tokens.size(); token += stride)
        addKey(picture, top + row * (static_cast<double>(token) + 0.5), matrix.tokens[token].text);
    picture.lines.push_back({kKeys, bottom, picture.width - kRight, bottom, Ink::Axis, false});
    picture.labels.push_back({kKeys, bottom + 13, Anchor::Start, Ink::Muted, minuteText(matrix.starts.front())});
    picture.labels.push_back({picture.width - kRight, bottom + 13, Anchor::End, Ink::Muted, minuteText(matrix.starts.back())});
    picture.caption =
        fmt::format("Each row a token, each column a post in the order of time; a mark is a vote, the farther right in "
                    "its column the later, {} across.",
                    domain::durationText(domain::Micros{static_cast<std::int64_t>(longest * 1e6)}));
    return picture;
}

Picture groupPicture(const domain::SubnetShare& share)
{
    if (share.rows.empty())
        return {};
    constexpr double kRow = 22;
    Picture picture;
    const std::size_t shown = std::min<std::size_t>(share.rows.size(), 8);
    picture.height = 12 + kRow * static_cast<double>(shown) + 6;
    std::int64_t mostTokens = 1;
    for (const auto& row : share.rows)
        mostTokens = std::max(mostTokens, row.tokens);
    const double scale = (picture.width - kKeys - 130) / static_cast<double>(mostTokens);
    for (std::size_t at = 0; at < shown; ++at) {
        const auto& row = share.rows[at];
        const double y = 8 + kRow * static_cast<double>(at);
        addKey(picture, y + 7, row.post.text);
        const double expected = std::max(1.0, row.expected * scale);
        picture.boxes.push_back({kKeys, y, static_cast<double>(row.tokens) * scale, 9, Ink::Flagged});
        picture.boxes.push_back({kKeys, y + 10, expected, 4, Ink::Normal});
        picture.labels.push_back({kKeys + static_cast<double>(row.tokens) * scale + 6, y + 9, Anchor::Start, Ink::Text,
                                  fmt::format("{} of {}, usual {}", row.tokens, row.votes, numberText(row.expected))});
    }
    picture.caption =
        fmt::format("Tokens of {} on each post, above, against what its {:.2g} % of the site's other votes let expect, "
                    "below.",
                    share.network, 100 * share.siteShare);
    return picture;
}

Picture groupPicture(const domain::VoteMatrix& matrix)
{
    if (matrix.voters.empty() || matrix.authors.empty())
        return {};
    Picture picture;
    const double row = std::clamp(190.0 / static_cast<double>(matrix.voters.size()), 9.0, 22.0);
    const double column = std::min(46.0, (picture.width - kKeys - kRight) / static_cast<double>(matrix.authors.size()));
    const double top = 20;
    picture.height = top + row * static_cast<double>(matrix.voters.size()) + 8;
    std::int64_t mostVotes = 1;
    for (const auto& cell : matrix.cells)
        mostVotes = std::max(mostVotes, cell.votes);
    for (std::size_t voter = 0; voter < matrix.voters.size(); ++voter)
        addKey(picture, top + row * (static_cast<double>(voter) + 0.5), matrix.voters[voter].text);
    for (std::size_t author = 0; author < matrix.authors.size() && column >= 30; ++author)
        picture.labels.push_back({kKeys + column * (static_cast<double>(author) + 0.5), 13, Anchor::Middle, Ink::Muted,
                                  keyLabel(matrix.authors[author].text.substr(0, 7))});
    for (const auto& cell : matrix.cells) {
        const double x = kKeys + column * cell.author;
        const double y = top + row * cell.voter;
        const double size = std::sqrt(static_cast<double>(cell.votes) / static_cast<double>(mostVotes));
        const bool odd = static_cast<double>(cell.votes) >= 3 && static_cast<double>(cell.votes) > 4 * cell.expected;
        const double width = std::max(3.0, (column - 4) * size);
        const double height = std::max(3.0, (row - 3) * size);
        picture.boxes.push_back(
            {x + (column - width) / 2, y + (row - height) / 2, width, height, odd ? Ink::Flagged : Ink::Normal});
        if (column >= 24 && row >= 12)
            picture.labels.push_back({x + column / 2, y + row / 2 + 3, Anchor::Middle, Ink::Text, std::to_string(cell.votes)});
    }
    picture.caption = "Who, in rows, voted how often for whom, in columns; marked where it is more than four times the usual.";
    return picture;
}

Picture groupPicture(const domain::CompositionContrast& contrast)
{
    if (contrast.oneOff.arrivals.empty())
        return {};
    Picture picture;
    picture.height = 190;
    addArrivals(picture, contrast.oneOff, 82, 72, Ink::Flagged, "one-off");
    addArrivals(picture, contrast.regular, 168, 72, Ink::Normal, "regular");
    const double length = contrast.binSeconds * static_cast<double>(contrast.oneOff.arrivals.size());
    picture.labels.push_back({kKeys, 182, Anchor::Start, Ink::Muted, minuteText(contrast.start)});
    picture.labels.push_back({picture.width - kRight, 182, Anchor::End, Ink::Muted,
                              "+" + domain::durationText(domain::Micros{static_cast<std::int64_t>(length * 1e6)})});
    picture.caption =
        fmt::format("When voters who hardly vote elsewhere came, above, {} of them against {} by the site's usual share, "
                    "and when the post's regular voters came, below; each by its own scale.",
                    contrast.oneOff.votes, numberText(contrast.expectedOneOff));
    return picture;
}

Picture groupPicture(const domain::TimeHistogram& histogram)
{
    if (binsOf(histogram) == 0)
        return {};
    Picture picture;
    picture.height = kHistogramBottom + 20;
    const double top = highest(histogram);
    const double scale = kHistogramTall / top;
    picture.lines.push_back({kHistogramLeft, kHistogramTop, picture.width - kRight, kHistogramTop, Ink::Grid, false});
    picture.labels.push_back({kHistogramLeft - 6, kHistogramTop + 4, Anchor::End, Ink::Muted, numberText(top)});
    picture.labels.push_back({kHistogramLeft - 6, kHistogramBottom + 3, Anchor::End, Ink::Muted, "0"});
    addBars(picture, histogram, scale);
    addExpected(picture, histogram, scale);
    addMarks(picture, histogram);
    picture.lines.push_back({kHistogramLeft, kHistogramBottom, picture.width - kRight, kHistogramBottom, Ink::Axis, false});
    addTimes(picture, histogram);
    picture.caption = captionOf(histogram);
    return picture;
}

} // namespace scr::report
