#include "history/scan_files.h"

#include <algorithm>
#include <limits>
#include <memory>

#include <fmt/format.h>

#include "domain/network.h"
#include "domain/numbering.h"
#include "history/history_columns.h"

namespace scr::history {

namespace {

using domain::Fault;
using domain::Index;

std::int64_t microsOf(domain::UtcTime time) noexcept
{
    return domain::microsOf(time);
}

/// Reads the files one after the other into one ScanInput.
class Loader {
public:
    Loader(const ScanFiles& files, const domain::KeepGoing& keepGoing, const OnBadLine& onBadLine, const OnNotice& onNotice) :
        m_files{files}, m_keepGoing{keepGoing}, m_onBadLine{onBadLine}, m_onNotice{onNotice}
    {
        m_input.range = files.range;
    }

    domain::Result<domain::ScanInput> run();

private:
    template <class Row>
    domain::Status readAll(const std::string& path);
    void take(const domain::HistoryVote& row);
    void take(const domain::HistoryAttempt& row);
    void take(const domain::HistoryPost& row);
    void tell(const std::string& notice) const;
    [[nodiscard]] domain::Status answerBad(const std::vector<BadLine>& bad) const;
    void tidy();

    const ScanFiles& m_files;
    const domain::KeepGoing& m_keepGoing;
    const OnBadLine& m_onBadLine;
    const OnNotice& m_onNotice;
    domain::ScanInput m_input;
    std::int64_t m_voteNumber = 0;
    std::int64_t m_attemptNumber = 0;
    std::uint64_t m_bytesBefore = 0;
    std::uint64_t m_pseudonyms = 0; ///< votes whose origin is no address
    bool m_hasSqlstate = false;
    bool m_hasOrigin = false;
    bool m_hasRequest = false;
    bool m_hasVoteOrigin = false;
};

domain::Status Loader::answerBad(const std::vector<BadLine>& bad) const
{
    for (const BadLine& line : bad) {
        if (!m_onBadLine || !m_onBadLine(line))
            return domain::failure(Fault::Invalid, sentenceOf(line),
                                   "Correct the line, or import the file with --skip-bad and scan that");
    }
    return domain::Nothing{};
}

void Loader::tell(const std::string& notice) const
{
    if (m_onNotice)
        m_onNotice(notice);
}

template <class Row>
domain::Status Loader::readAll(const std::string& path)
{
    if (path.empty())
        return domain::Nothing{};
    auto reader = HistoryReader<Row>::open(path, HistoryUse::Scan);
    if (!reader)
        return domain::failureOf(reader);
    for (const std::string& column : reader->unreadColumns())
        tell(fmt::format("{} has a column '{}' that the scan does not read", reader->name(), shownCell(column)));
    Batch<Row> batch;
    for (;;) {
        const domain::Result<bool> more = reader->next(batch);
        if (!more)
            return domain::failureOf(more);
        if (!*more)
            break;
        if (const domain::Status bad = answerBad(batch.bad); !bad)
            return bad;
        for (const Row& row : batch.rows)
            take(row);
        const std::uint64_t total = reader->bytesTotal() == 0 ? 0 : m_bytesBefore + reader->bytesTotal();
        if (m_keepGoing && !m_keepGoing(m_bytesBefore + reader->bytesRead(), total))
            return domain::failure(Fault::Cancelled, fmt::format("Reading {} was stopped", path));
    }
    m_bytesBefore += reader->bytesRead();
    return domain::Nothing{};
}

void Loader::take(const domain::HistoryVote& row)
{
    ++m_voteNumber;
    domain::VoteColumns& votes = m_input.votes;
    if (m_files.range.from && row.castAt < *m_files.range.from)
        votes.addEarlierScore(votes.posts.intern(row.post), static_cast<double>(static_cast<float>(row.value)));
    if (!m_files.range.contains(row.castAt))
        return;
    votes.token.push_back(votes.tokens.intern(row.token));
    votes.post.push_back(votes.posts.intern(row.post));
    votes.castAt.push_back(microsOf(row.castAt));
    votes.value.push_back(static_cast<float>(row.value));
    const domain::Origin origin = domain::originOf(row.origin);
    m_pseudonyms += domain::isPseudonym(origin.network) ? 1U : 0U;
    m_hasVoteOrigin = m_hasVoteOrigin || origin.network != 0;
    votes.network.push_back(origin.network == 0 ? domain::kNoIndex
                                                : votes.networks.intern(static_cast<std::int64_t>(origin.network)));
    votes.host.push_back(origin.host);
    if (!row.author.empty())
        votes.setAuthor(votes.post.back(), votes.tokens.intern(row.author));
    if (row.voteKey.empty())
        votes.voteKeys.push(m_voteNumber);
    else
        votes.voteKeys.push(std::string_view{row.voteKey});
}

void Loader::take(const domain::HistoryAttempt& row)
{
    ++m_attemptNumber;
    if (!m_files.range.contains(row.attemptedAt))
        return;
    domain::AttemptColumns& attempts = m_input.attempts;
    attempts.keys.push(m_attemptNumber);
    attempts.token.push_back(row.token.empty() ? domain::kNoIndex : m_input.votes.tokens.intern(row.token));
    attempts.post.push_back(row.post.empty() ? domain::kNoIndex : m_input.votes.posts.intern(row.post));
    attempts.attemptedAt.push_back(microsOf(row.attemptedAt));
    attempts.finishedAt.push_back(microsOf(row.finishedAt.value_or(row.attemptedAt)));
    attempts.outcome.push_back(row.outcome);
    attempts.sqlstate.push_back(row.sqlstate);
    attempts.origin.push_back(row.origin);
    attempts.votes.push(std::string_view{row.voteKey});
    attempts.request.push_back(row.requestKey.empty() ? 0 : std::hash<std::string>{}(row.requestKey));
    m_hasRequest = m_hasRequest || !row.requestKey.empty();
    m_hasSqlstate = m_hasSqlstate || !row.sqlstate.empty();
    m_hasOrigin = m_hasOrigin || !row.origin.empty();
}

void Loader::take(const domain::HistoryPost& row)
{
    m_input.posts.post.push_back(m_input.votes.posts.intern(row.post));
    if (!row.author.empty())
        m_input.votes.setAuthor(m_input.posts.post.back(), m_input.votes.tokens.intern(row.author));
    m_input.posts.counter.push_back(row.counter.value_or(std::numeric_limits<double>::quiet_NaN()));
    m_input.posts.openedAt.push_back(row.createdAt ? domain::microsOf(*row.createdAt) : domain::kNoTime);
    m_input.posts.closedAt.push_back(domain::kNoTime);
    m_input.hasCounters = m_input.hasCounters || row.counter.has_value();
}

void Loader::tidy()
{
    if (!m_hasSqlstate)
        std::vector<std::string>{}.swap(m_input.attempts.sqlstate);
    if (!m_hasOrigin)
        std::vector<std::string>{}.swap(m_input.attempts.origin);
    if (!m_hasRequest)
        std::vector<std::uint64_t>{}.swap(m_input.attempts.request);
    domain::VoteColumns& votes = m_input.votes;
    if (!m_hasVoteOrigin) {
        std::vector<Index>{}.swap(votes.network);
        std::vector<std::uint8_t>{}.swap(votes.host);
    }
    votes.network.shrink_to_fit();
    votes.host.shrink_to_fit();
    votes.voteKeys.shrinkToFit();
    votes.token.shrink_to_fit();
    votes.post.shrink_to_fit();
    votes.castAt.shrink_to_fit();
    votes.value.shrink_to_fit();
}

domain::Result<domain::ScanInput> Loader::run()
{
    domain::Status read = readAll<domain::HistoryVote>(m_files.votes);
    if (read)
        read = readAll<domain::HistoryAttempt>(m_files.attempts);
    if (read)
        read = readAll<domain::HistoryPost>(m_files.posts);
    if (!read)
        return domain::failureOf(read);
    if (m_pseudonyms > 0)
        tell(fmt::format("{} votes come from what is no address; each such origin is taken as a network of its own",
                         m_pseudonyms));
    m_input.hasAttempts = !m_files.attempts.empty();
    tidy();
    domain::numberByKey(m_input);
    return std::move(m_input);
}

} // namespace

domain::Result<domain::ScanInput> loadScanInput(const ScanFiles& files, const domain::KeepGoing& keepGoing,
                                                const OnBadLine& onBadLine, const OnNotice& onNotice)
{
    return Loader{files, keepGoing, onBadLine, onNotice}.run();
}

} // namespace scr::history
