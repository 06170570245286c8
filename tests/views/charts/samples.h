#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "domain/flag.h"
#include "rank/leaderboard.h"

/// Small made-up evidence that looks like the real thing.
namespace scr::samples {

inline constexpr std::int64_t kStart = 1773324108000000;

inline domain::GapStrip gapStrip()
{
    domain::GapStrip strip;
    std::int64_t at = kStart;
    const auto add = [&](double gap, bool burst) {
        at += static_cast<std::int64_t>(gap * 1e6);
        strip.points.push_back({domain::timeOf(at), gap, burst});
    };
    for (const double gap : {13.0, 9.0, 7.0, 6.0})
        add(gap, false);
    for (int i = 0; i < 32; ++i)
        add(0.2 + 0.35 * std::abs(std::sin(i * 1.7)) + (i % 9 == 0 ? 0.7 : 0), true);
    add(12.0, false);
    strip.siteLowSeconds = 4.1;
    strip.siteHighSeconds = 48;
    strip.fasterThanSeconds = 1.6;
    return strip;
}

inline domain::AttemptWaterfall waterfall()
{
    domain::AttemptWaterfall waterfall;
    const double starts[] = {0, 0.8, 1.1, 2.4, 3.0, 4.6, 6.9, 9.2, 22.1, 26.2, 31.8, 34.6, 37.5, 39.4};
    const double ends[] = {11.8, 13.9, 15.6, 14.2, 15.2, 16.9, 20.1, 24.7, 26.0, 29.3, 33.6, 36.3, 39.0, 40.8};
    for (int i = 0; i < 14; ++i) {
        domain::AttemptWaterfall::Bar bar;
        bar.start = domain::timeOf(kStart + static_cast<std::int64_t>(starts[i] * 1000));
        bar.end = domain::timeOf(kStart + static_cast<std::int64_t>(ends[i] * 1000));
        bar.outcome = i < 3    ? domain::AttemptOutcome::Accepted
                      : i == 7 ? domain::AttemptOutcome::Error
                      : i < 10 ? domain::AttemptOutcome::Duplicate
                               : domain::AttemptOutcome::RateLimited;
        bar.extraVote = i == 1 || i == 2;
        bar.sqlstate = i == 7 ? "40001" : "";
        bar.vote = domain::VoteKey{i < 3 ? "v_991420" + std::to_string(7 + i) : ""};
        bar.origin = "10.1.7.4";
        waterfall.bars.push_back(bar);
    }
    return waterfall;
}

inline domain::CounterTrace counterTrace()
{
    domain::CounterTrace trace;
    for (int i = 0; i < 200; ++i)
        trace.rows.push_back({domain::timeOf(kStart + i * 1800000000LL),
                              std::floor(1187.0 * (1 - std::exp(-i / 60.0)) / (1 - std::exp(-199 / 60.0)))});
    trace.rowSum = 1187;
    trace.counter = 1304;
    return trace;
}

inline constexpr std::uint32_t kBins = 168;
inline constexpr std::uint32_t kTop = 15;

inline rank::BumpSeries bump()
{
    rank::BumpSeries series;
    series.from = domain::timeOf(1772668800000000);
    series.binWidth = std::chrono::hours{1};
    series.bins = kBins;
    series.top = kTop;
    series.posts = 2318;
    constexpr int kPosts = 18;
    std::vector<std::vector<double>> scores(kPosts, std::vector<double>(kBins));
    for (int post = 0; post < kPosts; ++post) {
        for (std::uint32_t bin = 0; bin < kBins; ++bin)
            scores[static_cast<std::size_t>(post)][bin] =
                1500 - post * 55 + 40 * std::sin(bin / (9.0 + post) + post) + (post == 4 && bin > 96 ? (bin - 96) * 6.0 : 0);
    }
    for (int post = 0; post < kPosts; ++post) {
        rank::BumpLine line;
        line.index = static_cast<std::uint32_t>(post);
        line.post = domain::PostKey{std::to_string(post)};
        line.title = post == 1   ? "東京の終電を可視化してみた: 2.4 M rides"
                     : post == 4 ? "Lumen 2.0: instant dashboards for everyone"
                                 : "A tiny spreadsheet engine in 900 lines, part " + std::to_string(post);
        line.score = scores[static_cast<std::size_t>(post)];
        if (post == 4 || post == 9)
            line.flaggedFrom = 12;
        for (std::uint32_t bin = 0; bin < kBins; ++bin) {
            const double own = line.score[bin];
            const auto above =
                std::count_if(scores.begin(), scores.end(), [&](const std::vector<double>& other) { return other[bin] > own; });
            line.rank.push_back(above < kTop ? static_cast<std::int32_t>(above) + 1 : 0);
        }
        line.finalRank = line.rank.back();
        series.lines.push_back(line);
    }
    series.voids = {{series.from + std::chrono::hours{60}, 118, 212, false}};
    return series;
}

inline rank::PostSeries post()
{
    rank::PostSeries post;
    post.post = domain::PostKey{"4"};
    post.title = "Lumen 2.0: instant dashboards for everyone";
    double with = 100;
    double without = 100;
    for (std::uint32_t bin = 0; bin < kBins; ++bin) {
        const auto other = static_cast<std::int64_t>(6 + 4 * std::sin(bin / 4.0));
        const std::int64_t flagged = bin > 92 && bin < 120 ? 14 + bin % 5 : 0;
        post.otherVotes.push_back(other);
        post.flaggedVotes.push_back(flagged);
        without += static_cast<double>(other);
        with += static_cast<double>(other + flagged);
        post.scoreWith.push_back(with);
        post.scoreWithout.push_back(without);
    }
    return post;
}

} // namespace scr::samples
