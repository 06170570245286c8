#include "tables/vote_columns_spec.h"

#include "tables/cell_text.h"

namespace scr::tables {

QString voteTimeText(const domain::Vote& vote)
{
    return preciseTimeText(vote.castAt);
}

QString voteFullTime(const domain::Vote& vote)
{
    return fullTimeText(vote.castAt);
}

QString voteTokenText(const domain::Vote& vote)
{
    return shown(vote.token.text);
}

QString voteLabelText(const domain::Vote& vote)
{
    return shown(vote.tokenLabel);
}

QString votePostText(const domain::Vote& vote)
{
    return shown(vote.post.text);
}

QString voteTitleText(const domain::Vote& vote)
{
    return shown(vote.postTitle);
}

QString voteAuthorText(const domain::Vote& vote)
{
    return shown(vote.author.text);
}

QString voteValueText(const domain::Vote& vote)
{
    return signedText(vote.value);
}

QVariant voteValueNumber(const domain::Vote& vote)
{
    return vote.value;
}

QString voteOriginText(const domain::Vote& vote)
{
    return shown(vote.origin);
}

QString voteStateText(const domain::Vote& vote)
{
    return QString::fromUtf8(domain::nameOf(vote.state).data());
}

Meaning voteStateMeaning(const domain::Vote& vote)
{
    return vote.state == domain::VoteState::Counted ? Meaning::Plain : Meaning::Warning;
}

QString voteKeyText(const domain::Vote& vote)
{
    return shown(vote.key.text);
}

Meaning keyMeaning(const domain::Vote& /*vote*/)
{
    return Meaning::Key;
}

} // namespace scr::tables
