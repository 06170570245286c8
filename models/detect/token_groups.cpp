#include "detect/token_groups.h"

#include <algorithm>
#include <exception>
#include <numeric>
#include <thread>

#include "domain/large_pages.h"

namespace scr::detect {

namespace {

using domain::Index;
using domain::kNoIndex;

constexpr std::int64_t kDayMicros = 86'400'000'000;

bool isEarlier(const Cast& left, const Cast& right) noexcept
{
    const std::int64_t leftAt = left.at();
    const std::int64_t rightAt = right.at();
    return leftAt != rightAt ? leftAt < rightAt : left.post < right.post;
}

/// Moves the first vote on each post to the front, in order; returns how many there are.
std::uint32_t keepFirstVotes(std::span<Cast> casts, Index token, std::vector<Index>& lastToken) noexcept
{
    std::uint32_t kept = 0;
    for (const Cast& cast : casts) {
        if (lastToken[cast.post] == token)
            continue;
        lastToken[cast.post] = token;
        casts[kept++] = cast;
    }
    return kept;
}

/// No token adds more than its share of pauses a day, so that a busy one cannot teach the site its own rhythm.
void countGaps(std::span<const Cast> casts, const TokenBurstRule& rule, GapCounts& gaps) noexcept
{
    std::int64_t dayEnd = std::numeric_limits<std::int64_t>::min();
    std::uint32_t today = 0;
    for (std::size_t at = 1; at < casts.size(); ++at) {
        const std::int64_t time = casts[at].at();
        const std::int64_t gap = time - casts[at - 1].at();
        if (gap > rule.sessionGap.count())
            continue;
        if (time >= dayEnd) {
            dayEnd = (time / kDayMicros + (time < 0 ? 0 : 1)) * kDayMicros;
            today = 0;
        }
        if (++today <= rule.gapsPerTokenDay)
            gaps.add(gap);
    }
}

} // namespace

void inParallel(unsigned parts, const std::function<void(unsigned)>& work)
{
    if (parts == 1)
        return work(0);
    std::vector<std::exception_ptr> failures(parts);
    {
        std::vector<std::jthread> threads;
        for (unsigned part = 0; part < parts; ++part) {
            threads.emplace_back([&, part] {
                try {
                    work(part);
                } catch (...) {
                    failures[part] = std::current_exception();
                }
            });
        }
    }
    for (const std::exception_ptr& failure : failures) {
        if (failure)
            std::rethrow_exception(failure);
    }
}

bool TokenGroups::countVotes(const domain::VoteColumns& votes, Progress& progress)
{
    m_starts.assign(votes.tokens.size() + 1, 0);
    std::uint32_t* counts = m_starts.data() + 1;
    const bool went = forRows(votes.size(), progress, [&](std::size_t row) { ++counts[votes.token[row]]; });
    std::partial_sum(m_starts.begin(), m_starts.end(), m_starts.begin());
    m_firsts.assign(m_starts.begin(), m_starts.end() - 1);
    return went;
}

bool TokenGroups::scatter(const domain::VoteColumns& votes, Index first, Index end, Progress& progress, bool reports)
{
    const auto deal = [&](std::size_t row) {
        const Index token = votes.token[row];
        if (token - first < end - first)
            m_casts[m_firsts[token]++].set(votes.castAt[row], votes.post[row]);
    };
    for (std::size_t begin = 0; begin < votes.size(); begin += kReportEvery) {
        const std::size_t stop = std::min(votes.size(), begin + kReportEvery);
        for (std::size_t row = begin; row < stop; ++row)
            deal(row);
        if (reports ? !progress.advance(stop - begin) : progress.stopped())
            return false;
    }
    return true;
}

bool TokenGroups::order(Index first, Index end, std::size_t posts, const TokenBurstRule& rule, Part& part, Progress& progress)
{
    std::vector<Index> lastToken(posts, kNoIndex);
    std::uint64_t sinceReport = 0;
    for (Index token = first; token < end; ++token) {
        const std::span<Cast> casts{m_casts.get() + m_starts[token], votesOf(token)};
        if (!std::is_sorted(casts.begin(), casts.end(), isEarlier))
            std::sort(casts.begin(), casts.end(), isEarlier);
        m_firsts[token] = keepFirstVotes(casts, token, lastToken);
        if (m_firsts[token] < casts.size())
            part.repeating.push_back(token);
        countGaps(casts.first(m_firsts[token]), rule, part.gaps);
        sinceReport += casts.size();
        if (sinceReport >= kReportEvery && !progress.advance(std::exchange(sinceReport, 0)))
            return false;
    }
    return progress.advance(sinceReport);
}

bool TokenGroups::build(const domain::VoteColumns& votes, const TokenBurstRule& rule, unsigned threads, Progress& progress)
{
    if (!countVotes(votes, progress))
        return false;
    m_casts = std::make_unique_for_overwrite<Cast[]>(votes.size());
    domain::preferLargePages(m_casts.get(), votes.size() * sizeof(Cast));
    const std::vector<Index> cut = cuts(threads);
    std::vector<Part> parts(cut.size() - 1);
    const auto count = static_cast<unsigned>(parts.size());
    inParallel(count, [&](unsigned at) {
        if (scatter(votes, cut[at], cut[at + 1], progress, at == 0))
            static_cast<void>(order(cut[at], cut[at + 1], votes.posts.size(), rule, parts[at], progress));
    });
    for (const Part& part : parts) {
        m_repeating.insert(m_repeating.end(), part.repeating.begin(), part.repeating.end());
        m_gaps.add(part.gaps);
    }
    return !progress.stopped();
}

std::vector<Index> TokenGroups::cuts(unsigned parts) const
{
    const std::size_t votes = m_starts.back();
    std::vector<Index> cut{0};
    for (unsigned part = 1; part < parts; ++part) {
        const auto start = static_cast<std::uint32_t>(votes * part / parts);
        const auto at = std::lower_bound(m_starts.begin(), m_starts.end() - 1, start) - m_starts.begin();
        cut.push_back(std::max(cut.back(), static_cast<Index>(at)));
    }
    cut.push_back(static_cast<Index>(tokens()));
    return cut;
}

RowGroups rowsByValue(const std::vector<Index>& column, const std::vector<std::int64_t>& times, const std::vector<Index>& chosen,
                      std::size_t values)
{
    RowGroups groups;
    groups.starts.assign(chosen.size() + 1, 0);
    if (chosen.empty())
        return groups;
    std::vector<Index> groupOf(values, kNoIndex);
    for (std::size_t at = 0; at < chosen.size(); ++at)
        groupOf[chosen[at]] = static_cast<Index>(at);
    for (const Index value : column) {
        if (value < values && groupOf[value] != kNoIndex)
            ++groups.starts[groupOf[value] + std::size_t{1}];
    }
    std::partial_sum(groups.starts.begin(), groups.starts.end(), groups.starts.begin());
    groups.rows.resize(groups.starts.back());
    std::vector<std::size_t> next(groups.starts.begin(), groups.starts.end() - 1);
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (column[row] < values && groupOf[column[row]] != kNoIndex)
            groups.rows[next[groupOf[column[row]]]++] = static_cast<std::uint32_t>(row);
    }
    for (std::size_t at = 0; at < chosen.size(); ++at) {
        const auto begin = groups.rows.begin() + static_cast<std::ptrdiff_t>(groups.starts[at]);
        const auto end = groups.rows.begin() + static_cast<std::ptrdiff_t>(groups.starts[at + 1]);
        const auto earlier = [&](std::uint32_t left, std::uint32_t right) { return times[left] < times[right]; };
        if (!std::is_sorted(begin, end, earlier))
            std::stable_sort(begin, end, earlier);
    }
    return groups;
}

} // namespace scr::detect
