#pragma once

#include <map>
#include <optional>
#include <vector>

#include <QObject>

#include "domain/flag.h"
#include "domain/review.h"
#include "domain/vote.h"
#include "ports/flag_source.h"
#include "ports/latest.h"
#include "ports/vote_source.h"

namespace scr::pages {

/// The votes and the history of the flag on screen, and ahead of time the votes of the next one: after a verdict it is there
/// already.
class FlagParts : public QObject {
    Q_OBJECT
public:
    FlagParts(ports::FlagSource& flags, ports::VoteSource& votes);

    void ask(const domain::Flag& flag, const domain::Flag* next); ///< null: there is none
    void askReviews(const domain::FlagKey& flag);
    void forget(); ///< votes are read anew from here on

signals:
    void votesRead(const std::vector<scr::domain::Vote>& votes); ///< of the flag asked for last
    void reviewsRead(const std::vector<scr::domain::ReviewEntry>& reviews);
    void failed(const QString& sentence);

private:
    void readAhead();
    void takeVotes(const domain::Result<std::vector<domain::Vote>>& votes);
    void takeReviews(const domain::Result<std::vector<domain::ReviewEntry>>& reviews);

    ports::FlagSource& m_flags;
    ports::VoteSource& m_votes;
    std::map<domain::FlagKey, std::vector<domain::Vote>> m_known; ///< of the last few flags looked at
    domain::FlagKey m_shown;
    domain::FlagKey m_reading;
    std::optional<domain::Flag> m_next;
    ports::Latest<domain::Result<std::vector<domain::Vote>>> m_votesAnswer;
    ports::Latest<domain::Result<std::vector<domain::ReviewEntry>>> m_reviewsAnswer;
};

} // namespace scr::pages
