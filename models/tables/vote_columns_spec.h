#pragma once

#include <QString>
#include <QVariant>

#include "domain/vote.h"
#include "tables/roles.h"

namespace scr::tables {

// Cells of a vote that more than one table shows.
[[nodiscard]] QString voteTimeText(const domain::Vote& vote);
[[nodiscard]] QString voteFullTime(const domain::Vote& vote);
[[nodiscard]] QString voteTokenText(const domain::Vote& vote);
[[nodiscard]] QString voteLabelText(const domain::Vote& vote);
[[nodiscard]] QString votePostText(const domain::Vote& vote);
[[nodiscard]] QString voteTitleText(const domain::Vote& vote);
[[nodiscard]] QString voteAuthorText(const domain::Vote& vote);
[[nodiscard]] QString voteValueText(const domain::Vote& vote);
[[nodiscard]] QVariant voteValueNumber(const domain::Vote& vote);
[[nodiscard]] QString voteOriginText(const domain::Vote& vote);
[[nodiscard]] QString voteStateText(const domain::Vote& vote);
[[nodiscard]] Meaning voteStateMeaning(const domain::Vote& vote);
[[nodiscard]] QString voteKeyText(const domain::Vote& vote);
[[nodiscard]] Meaning keyMeaning(const domain::Vote& vote);

} // namespace scr::tables
