#include "packed/pack_rows.h"

#include <charconv>
#include <iterator>

#include <fmt/format.h>

namespace scr::packed {

void Conditions::add(std::string_view text, std::vector<PackValue> values)
{
    m_text += fmt::format("{}{}", m_text.empty() ? "" : " AND ", text);
    std::move(values.begin(), values.end(), std::back_inserter(m_values));
}

void Conditions::addRange(std::string_view column, const domain::TimeRange& range)
{
    if (range.from)
        add(fmt::format("{} >= ?", column), {domain::microsOf(*range.from)});
    if (range.to)
        add(fmt::format("{} < ?", column), {domain::microsOf(*range.to)});
}

domain::Vote voteOf(const PackRow& row)
{
    domain::Vote vote;
    vote.key = domain::VoteKey{row.text(0)};
    vote.token = domain::TokenKey{row.text(1)};
    vote.post = domain::PostKey{row.text(2)};
    vote.author = domain::AuthorKey{row.text(3)};
    vote.value = row.number(4);
    vote.castAt = row.time(5);
    vote.origin = row.text(6);
    // A state this program does not know is not counted, so it must not look as if it were.
    vote.state = domain::voteStateOf(row.text(7)).value_or(domain::VoteState::Withdrawn);
    vote.tokenLabel = row.text(8);
    vote.postTitle = row.text(9);
    return vote;
}

domain::VoidRequestRow requestOf(const PackRow& row)
{
    domain::VoidRequestRow request;
    const std::string number = row.text(0);
    if (number.starts_with("V-"))
        std::from_chars(number.data() + 2, number.data() + number.size(), request.number);
    request.request = domain::RequestId{row.text(1)};
    request.kind = domain::requestKindOf(row.text(2)).value_or(domain::RequestKind::Void);
    request.state = domain::requestStateOf(row.text(3)).value_or(domain::RequestState::Withdrawn);
    request.votes = row.integer(4);
    request.posts = row.integer(5);
    request.requestedBy = row.text(6);
    request.approvedBy = row.text(7);
    request.reason = row.text(8);
    request.requestedAt = row.time(9);
    request.committedAt = row.optionalTime(10);
    request.restores = domain::RequestId{row.text(11)};
    request.restoredBy = domain::RequestId{row.text(12)};
    const std::string flags = row.text(13);
    for (std::string_view rest = flags; !rest.empty();) {
        const std::string_view key = rest.substr(0, rest.find(' '));
        request.flags.emplace_back(std::string{key});
        rest.remove_prefix(std::min(key.size() + 1, rest.size()));
    }
    request.digest = row.text(14);
    request.withdrawnBy = row.text(15);
    request.withdrawnAt = row.optionalTime(16);
    request.withdrawalReason = row.text(17);
    request.standing = row.integer(18);
    return request;
}

domain::AuditEntry entryOf(const PackRow& row)
{
    domain::AuditEntry entry;
    const auto kind = domain::entryKindOf(row.text(0));
    entry.kind = kind.value_or(domain::EntryKind::Record);
    entry.key = row.text(1);
    entry.at = row.time(2);
    entry.actor = row.text(3);
    entry.subject = row.text(4);
    entry.outcome = row.text(5);
    entry.detail = (kind ? "" : "of the kind " + row.text(0) + ": ") + row.text(6); // that this program does not know
    entry.origin = row.text(7);
    entry.leaf = static_cast<std::uint64_t>(row.integer(8));
    return entry;
}

tl::unexpected<domain::Error> refusal()
{
    return domain::failure(domain::Fault::Rejected, "an evidence pack cannot be changed",
                           "Connect to the source itself to decide something");
}

} // namespace scr::packed
