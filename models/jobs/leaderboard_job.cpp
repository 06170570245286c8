#include "jobs/leaderboard_job.h"

#include <QtConcurrentRun>

#include "domain/guard.h"
#include "jobs/background.h"

namespace scr::jobs {

namespace {

domain::PostKey postToLight(const LeaderboardQuestion& question, const rank::WhatIf& whatIf, const rank::BumpSeries& series)
{
    if (!question.lit.empty())
        return question.lit;
    if (!whatIf.moved.empty())
        return whatIf.moved.front().post;
    return series.lines.empty() ? domain::PostKey{} : series.lines.front().post;
}

void takeLaterVoids(rank::BumpSeries& series, const domain::ScoreHistory& history)
{
    const domain::UtcTime end = history.from + history.binWidth * history.bins;
    for (domain::ScoreHistory::VoidMark mark : history.voids) {
        if (mark.at < end)
            continue;
        mark.at = end;
        series.voids.push_back(mark);
    }
}

domain::Result<std::shared_ptr<const LeaderboardAnswer>> ranked(const std::shared_ptr<const domain::ScoreHistory>& history,
                                                                const LeaderboardQuestion& question)
{
    auto answer = std::make_shared<LeaderboardAnswer>();
    answer->history = history;
    rank::LeaderboardOptions options;
    options.top = question.top;
    options.withFlagged = question.withFlagged;
    answer->series = rank::bumpSeries(*history, options);
    // All time ends with the last vote; a void comes after the votes it takes, and is shown where the time ends.
    if (!question.range.to)
        takeLaterVoids(answer->series, *history);
    answer->whatIf = rank::whatIf(*history, question.bin.value_or(history->bins), question.top);
    if (const domain::PostKey post = postToLight(question, answer->whatIf, answer->series); !post.empty())
        answer->lit = rank::postSeries(*history, post);
    return answer;
}

} // namespace

LeaderboardJob::LeaderboardJob(ports::LeaderboardSource& source, QThreadPool& pool, QObject* parent) :
    QObject{parent}, m_source{source}, m_pool{pool}
{
    connect(&m_read, &QFutureWatcherBase::finished, this, [this] {
        if (m_read.isCanceled() || m_read.future().resultCount() == 0)
            return;
        const auto history = m_read.result();
        if (!history) {
            emit failed(history.error());
            return;
        }
        m_history = std::make_shared<const domain::ScoreHistory>(*history);
        rank();
    });
    connect(&m_ranked, &QFutureWatcherBase::finished, this, [this] {
        if (m_ranked.isCanceled() || m_ranked.future().resultCount() == 0)
            return;
        if (const auto answer = m_ranked.result(); answer)
            emit answered(*answer);
        else
            emit failed(answer.error());
    });
}

LeaderboardJob::~LeaderboardJob()
{
    cancel();
    m_ranked.waitForFinished(); // ranking touches nothing of ours; it only must not outlive the pool's user
}

void LeaderboardJob::ask(const LeaderboardQuestion& question)
{
    m_question = question;
    const bool known = m_history && m_readFor.range == question.range && m_readFor.bins == question.bins;
    if (known) {
        rank();
        return;
    }
    m_history.reset();
    m_readFor = question;
    m_read.cancel();
    m_read.setFuture(m_source.scoreHistory(question.range, question.bins));
}

void LeaderboardJob::rank()
{
    m_ranked.cancel();
    m_ranked.setFuture(QtConcurrent::run(&m_pool, [history = m_history, question = m_question] {
        giveWay();
        return domain::guarded([&] { return ranked(history, question); });
    }));
}

void LeaderboardJob::cancel()
{
    m_read.cancel();
    m_ranked.cancel();
}

} // namespace scr::jobs
