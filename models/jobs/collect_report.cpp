#include "jobs/collect_report.h"

#include <algorithm>
#include <iterator>

namespace scr::jobs {

namespace {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

constexpr int kMostFlags = 2000;
constexpr int kMostRequests = 1000;
constexpr std::size_t kMostVotesListed = 5000; ///< of one flag or void; the rest is in the database
constexpr std::size_t kLeaders = 50;

class Collector {
public:
    Collector(const ReportSources& sources, const ReportOrder& order, const domain::KeepGoing& keepGoing) :
        m_sources{sources}, m_order{order}, m_keepGoing{keepGoing}
    {
    }

    Result<report::Report> collect()
    {
        m_report.period = m_order.period;
        m_report.source = m_order.source;
        m_report.madeBy = m_order.source.login;
        m_report.madeAt = m_order.madeAt;
        m_report.toolVersion = m_order.toolVersion;
        Status status = countVotes();
        if (status)
            status = readFlags();
        if (status)
            status = readVoids();
        if (status)
            status = readLeaderboard();
        if (!status)
            return failureOf(status);
        m_report.detectors = report::detectorsOf(m_report.flags);
        return std::move(m_report);
    }

private:
    Status goOn(std::size_t total)
    {
        if (!m_keepGoing || m_keepGoing(++m_done, total))
            return Nothing{};
        return failure(Fault::Cancelled, "The report was stopped, and nothing was written");
    }

    Status countVotes()
    {
        query::Query query;
        query.filter.terms.push_back({query::Field::State, query::Op::Equal, "counted"});
        query.range = m_order.period;
        const auto count = m_sources.votes.countVotes(query).result();
        if (!count)
            return failureOf(count);
        m_report.votesRead = *count;
        return goOn(0);
    }

    Status readFlags()
    {
        auto flags = m_sources.flags.flags(m_order.period, kMostFlags).result();
        if (!flags)
            return failureOf(flags);
        std::move(flags->unreadable.begin(), flags->unreadable.end(), std::back_inserter(m_report.remarks));
        if (flags->flags.size() == static_cast<std::size_t>(kMostFlags))
            m_report.remarks.push_back("Only the " + std::to_string(kMostFlags) + " worst flags of the period are listed.");
        for (domain::RecordedFlag& recorded : flags->flags) {
            if (const Status added = addFlag(std::move(recorded)); !added)
                return added;
            if (const Status wanted = goOn(flags->flags.size() + 2); !wanted)
                return wanted;
        }
        return Nothing{};
    }

    Status addFlag(domain::RecordedFlag recorded)
    {
        report::FlagPart part;
        part.recorded = std::move(recorded);
        auto decisions = m_sources.flags.reviews(part.recorded.flag.key).result();
        if (!decisions)
            return failureOf(decisions);
        part.decisions.assign(std::make_move_iterator(decisions->rbegin()), std::make_move_iterator(decisions->rend()));
        const auto& keys = part.recorded.flag.votes;
        if (keys.size() <= kMostVotesListed) {
            auto votes = m_sources.votes.votesOf(keys).result();
            if (!votes)
                return failureOf(votes);
            part.votes = *std::move(votes);
        } else {
            m_report.remarks.push_back("Flag " + part.recorded.flag.key.text + " concerns " + std::to_string(keys.size()) +
                                       " votes; they are not listed one by one.");
        }
        m_report.flags.push_back(std::move(part));
        return Nothing{};
    }

    Status readVoids()
    {
        auto requests = m_sources.voids.requests(kMostRequests).result();
        if (!requests)
            return failureOf(requests);
        std::reverse(requests->begin(), requests->end());
        for (domain::VoidRequestRow& request : *requests) {
            if (!m_order.period.contains(request.requestedAt))
                continue;
            if (const Status added = addVoid(std::move(request)); !added)
                return added;
        }
        return Nothing{};
    }

    /// What a void that stands has done to the scores is what restoring it would undo, so its plan is read backwards.
    Status addVoid(domain::VoidRequestRow request)
    {
        report::VoidPart part;
        part.request = std::move(request);
        const bool stands = part.request.kind == domain::RequestKind::Void && part.request.state == domain::RequestState::Done;
        if (stands) {
            auto plan = m_sources.voids.planRestore(part.request.request).result();
            if (!plan && plan.error().fault != Fault::Rejected)
                return failureOf(plan);
            if (plan)
                takePlan(part, *std::move(plan));
        }
        m_report.voids.push_back(std::move(part));
        return goOn(0);
    }

    static void takePlan(report::VoidPart& part, domain::VoidPlan plan)
    {
        part.digest = plan.digest;
        part.changes = std::move(plan.changes);
        for (domain::ScoreChange& change : part.changes) {
            std::swap(change.scoreBefore, change.scoreAfter);
            std::swap(change.rankBefore, change.rankAfter);
        }
        if (plan.votes.size() <= kMostVotesListed)
            part.votes = std::move(plan.votes);
    }

    Status readLeaderboard()
    {
        const auto history = m_sources.leaderboard.scoreHistory(m_order.period, 1).result();
        if (!history)
            return failureOf(history);
        m_report.leaderboard = report::leaderboardOf(*history, kLeaders);
        return goOn(0);
    }

    const ReportSources& m_sources;
    const ReportOrder& m_order;
    const domain::KeepGoing& m_keepGoing;
    report::Report m_report;
    std::size_t m_done = 0;
};

} // namespace

Result<report::Report> collectReport(const ReportSources& sources, const ReportOrder& order, const domain::KeepGoing& keepGoing)
{
    return Collector{sources, order, keepGoing}.collect();
}

} // namespace scr::jobs
