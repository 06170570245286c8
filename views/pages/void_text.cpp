#include "pages/void_text.h"

#include <algorithm>
#include <cmath>

#include "tables/cell_text.h"

namespace scr::pages {

namespace {

QString examplesOf(const std::vector<std::string>& lines)
{
    constexpr std::size_t kExamples = 2;
    QStringList some;
    for (std::size_t i = 0; i < std::min(lines.size(), kExamples); ++i)
        some << tables::shown(lines[i]);
    return some.join(QStringLiteral(". "));
}

} // namespace

bool isRestore(const domain::VoidPlan& plan) noexcept
{
    return plan.kind == domain::RequestKind::Restore;
}

QString votesText(std::size_t votes)
{
    return tables::countText(static_cast<std::int64_t>(votes), "vote", "votes");
}

std::vector<widgets::TotalsStrip::Total> totalsOf(const domain::VoidPlan& plan)
{
    const auto number = [](double value) { return tables::numberText(value); };
    const auto moved = std::count_if(plan.leaders.begin(), plan.leaders.end(),
                                     [](const domain::ScoreChange& one) { return one.rankBefore != one.rankAfter; });
    return {{number(static_cast<double>(plan.votes.size())),
             isRestore(plan) ? QObject::tr("votes come back") : QObject::tr("votes leave the count")},
            {number(static_cast<double>(plan.tokens)), plan.tokens == 1 ? QObject::tr("token") : QObject::tr("tokens")},
            {number(static_cast<double>(plan.changes.size())),
             plan.changes.size() == 1 ? QObject::tr("post changes score") : QObject::tr("posts change score")},
            {tables::signedText(plan.netScore), QObject::tr("net score, all posts")},
            {number(static_cast<double>(moved)), QObject::tr("of the top %1 move").arg(plan.leaders.size())}};
}

QStringList remarksOn(const domain::VoidPlan& plan)
{
    constexpr qsizetype kMostLines = 3;
    QStringList lines;
    if (plan.leftOutVotes > 0)
        lines << QObject::tr("%1 of this void cannot come back, the others can. %2.")
                     .arg(tables::countText(plan.leftOutVotes, "vote", "votes"), examplesOf(plan.leftOut));
    std::int64_t drifted = 0;
    for (const domain::ScoreChange& change : plan.changes) {
        if (!change.siteBefore ||
            std::abs(*change.siteBefore - change.scoreBefore) <= 1e-6 * std::max(1.0, std::abs(change.scoreBefore)))
            continue;
        if (++drifted <= kMostLines)
            lines << QObject::tr("The site shows %1 for “%2” where its votes sum to %3; afterwards it shows %4.")
                         .arg(tables::numberText(*change.siteBefore),
                              tables::shown(change.title.empty() ? change.post.text : change.title),
                              tables::numberText(change.scoreBefore), tables::numberText(*change.siteAfter));
    }
    if (drifted > kMostLines)
        lines << QObject::tr("So it is for %1 in all; the tab Posts has them.").arg(tables::countText(drifted, "post", "posts"));
    return lines;
}

QString peopleText(const domain::VoidPlan& plan, bool onlyProposes, const QString& elevatedLabel)
{
    QStringList people;
    if (!plan.proposedBy.empty())
        people << QObject::tr("Proposed by %1").arg(tables::shown(plan.proposedBy));
    people << (onlyProposes ? QObject::tr("Proposed through %1; a second person approves").arg(elevatedLabel)
                            : QObject::tr("Carried out through %1").arg(elevatedLabel));
    if (!plan.flags.empty())
        people << QObject::tr("From %1").arg(
            tables::countText(static_cast<std::int64_t>(plan.flags.size()), "confirmed flag", "confirmed flags"));
    return people.join(QLatin1Char{'\n'});
}

QString stepsText(const domain::VoidPlan& plan, bool onlyProposes)
{
    if (onlyProposes)
        return QObject::tr("1   Store these votes and their digest as a proposal\n"
                           "2   Nothing is voided until a second person approves it");
    return QObject::tr("1   Open an elevated session for this request only\n"
                       "2   Lock the %1 in key order, at most 5 s waiting\n"
                       "3   Read them again and compare the digest\n"
                       "4   Write %2 and the log entry, update %3\n"
                       "5   Check the invariants, commit, close the session")
        .arg(votesText(plan.votes.size()), isRestore(plan) ? QObject::tr("the restore") : QObject::tr("the voids"),
             tables::countText(static_cast<std::int64_t>(plan.changes.size()), "score", "scores"));
}

std::vector<widgets::HistoryList::Line> historyOf(const domain::VoidRequestRow& request)
{
    const bool voids = request.kind == domain::RequestKind::Void;
    const QString votes = tables::countText(request.votes, "vote", "votes");
    const QString on = tables::countText(request.posts, "post", "posts");
    std::vector<widgets::HistoryList::Line> lines;
    const auto add = [&lines](domain::UtcTime at, const std::string& actor, const QString& text) {
        lines.insert(lines.begin(), {tables::dateTimeText(at), tables::shown(actor), text});
    };
    const bool atOnce = request.committedAt && request.requestedBy == request.approvedBy;
    if (!atOnce)
        add(request.requestedAt, request.requestedBy, QObject::tr("proposed to void %1 on %2").arg(votes, on));
    if (request.withdrawnAt)
        add(*request.withdrawnAt, request.withdrawnBy,
            QObject::tr("withdrew the proposal: %1").arg(tables::shown(request.withdrawalReason)));
    if (request.committedAt && voids)
        add(*request.committedAt, request.approvedBy,
            (atOnce ? QObject::tr("voided %1 on %2") : QObject::tr("approved it: %1 on %2 voided")).arg(votes, on));
    else if (request.committedAt)
        add(*request.committedAt, request.approvedBy, QObject::tr("put back %1 on %2").arg(votes, on));
    return lines;
}

} // namespace scr::pages
