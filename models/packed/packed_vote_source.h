#pragma once

#include <memory>

#include "packed/pack_rows.h"
#include "packed/working_copy.h"
#include "ports/vote_source.h"

namespace scr::packed {

class PackedVoteSource final : public ports::VoteSource {
public:
    explicit PackedVoteSource(std::shared_ptr<const OpenPack> pack);

    [[nodiscard]] QFuture<domain::Result<ports::VotePage>>
    votesAfter(const query::Query& query, const std::optional<ports::VoteCursor>& cursor, int limit) override;
    [[nodiscard]] QFuture<domain::Result<std::int64_t>> countVotes(const query::Query& query) override;
    [[nodiscard]] QFuture<domain::Result<std::vector<domain::Vote>>> votesOf(const std::vector<domain::VoteKey>& keys) override;

private:
    std::shared_ptr<const OpenPack> m_pack;
    PackWorker m_pages;
    PackWorker m_details;
};

/// The votes of those keys, oldest first; keys that are not in the pack are left out.
[[nodiscard]] domain::Result<std::vector<domain::Vote>> readVotes(PackSession& session, const std::vector<domain::VoteKey>& keys);

} // namespace scr::packed
