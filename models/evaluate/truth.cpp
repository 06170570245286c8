#include "evaluate/truth.h"

#include <string>

namespace scr::evaluate {

using simulate::Label;

domain::Result<Truth> truthOf(const simulate::Site& site)
{
    Truth truth;
    truth.label.assign(site.voteCount(), Label::Honest);
    truth.campaign.assign(site.voteCount(), 0);
    truth.marked.assign(site.voteCount(), false);
    const domain::Status read = site.truth([&](std::span<const simulate::TruthRow> rows) -> domain::Status {
        for (const simulate::TruthRow& row : rows) {
            truth.label[row.voteKey - 1] = row.label;
            truth.campaign[row.voteKey - 1] = row.campaign;
            truth.marked[row.voteKey - 1] = true;
        }
        return domain::Nothing{};
    });
    if (!read)
        return domain::failureOf(read);
    return truth;
}

std::size_t rowOf(const domain::VoteKey& key)
{
    return static_cast<std::size_t>(std::stoull(key.text)) - 1;
}

} // namespace scr::evaluate
