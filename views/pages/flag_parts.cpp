#include "pages/flag_parts.h"

#include <utility>

#include "tables/cell_text.h"

namespace scr::pages {

namespace {

constexpr std::size_t kMostKnown = 32;

} // namespace

FlagParts::FlagParts(ports::FlagSource& flags, ports::VoteSource& votes) :
    m_flags{flags}, m_votes{votes}, m_votesAnswer{this, &FlagParts::takeVotes}, m_reviewsAnswer{this, &FlagParts::takeReviews}
{
}

void FlagParts::ask(const domain::Flag& flag, const domain::Flag* next)
{
    m_shown = flag.key;
    m_next = next == nullptr ? std::nullopt : std::optional{*next};
    if (const auto known = m_known.find(flag.key); known != m_known.end()) {
        emit votesRead(known->second);
        readAhead();
        return;
    }
    m_reading = flag.key;
    m_votesAnswer.ask(m_votes.votesOf(flag.votes));
}

void FlagParts::readAhead()
{
    const std::optional<domain::Flag> next = std::exchange(m_next, std::nullopt);
    if (!next || m_known.contains(next->key))
        return;
    m_reading = next->key;
    m_votesAnswer.ask(m_votes.votesOf(next->votes));
}

void FlagParts::takeVotes(const domain::Result<std::vector<domain::Vote>>& votes)
{
    if (!votes) {
        emit failed(tr("The votes of %1 could not be read: %2")
                        .arg(tables::shown(m_reading.text), tables::shown(domain::sentenceOf(votes.error()))));
        return;
    }
    if (m_known.size() >= kMostKnown)
        m_known.clear();
    m_known[m_reading] = *votes;
    if (m_reading != m_shown)
        return;
    emit votesRead(*votes);
    readAhead();
}

void FlagParts::askReviews(const domain::FlagKey& flag)
{
    m_reviewsAnswer.ask(m_flags.reviews(flag));
}

void FlagParts::takeReviews(const domain::Result<std::vector<domain::ReviewEntry>>& reviews)
{
    if (reviews)
        emit reviewsRead(*reviews);
    else
        emit failed(tr("The history of this flag could not be read: %1").arg(tables::shown(domain::sentenceOf(reviews.error()))));
}

void FlagParts::forget()
{
    m_known.clear();
    m_shown = {}; // what is on its way is of before
    m_votesAnswer.forget();
}

} // namespace scr::pages
