#include "store/scan_parts.h"

#include <utility>

#include "domain/large_pages.h"
#include "domain/numbering.h"
#include "domain/scan_append.h"

namespace scr::store {

void reserveVotes(domain::VoteColumns& votes, std::size_t rows, bool withOrigins)
{
    const auto room = [rows](auto& column) {
        column.reserve(rows);
        domain::preferLargePages(column.data(), column.capacity() * sizeof *column.data());
    };
    votes.voteKeys.reserve(rows);
    room(votes.token);
    room(votes.post);
    room(votes.castAt);
    room(votes.value);
    if (withOrigins) {
        room(votes.network);
        room(votes.host);
    }
}

domain::ScanInput joined(std::vector<ScanPart> parts, const ScanPlan& plan, const domain::TimeRange& range)
{
    const auto threads = static_cast<unsigned>(parts.size());
    ScanPart& all = parts.front();
    for (std::size_t part = 1; part < parts.size(); ++part)
        domain::appendRows(all.votes, all.attempts, all.counters, std::move(parts[part].votes), std::move(parts[part].attempts),
                           std::move(parts[part].counters), threads);
    domain::ScanInput input;
    input.votes = std::move(all.votes);
    input.attempts = std::move(all.attempts);
    input.posts = std::move(all.counters);
    input.readAt = plan.layout.readAt;
    input.range = range;
    input.hasAttempts = plan.layout.hasAttempts;
    input.hasCounters = plan.layout.hasCounters;
    domain::numberByKey(input, threads);
    return input;
}

} // namespace scr::store
