#pragma once

#include <memory>

#include "packed/pack_rows.h"
#include "packed/working_copy.h"
#include "ports/leaderboard_source.h"

namespace scr::packed {

class PackedLeaderboardSource final : public ports::LeaderboardSource {
public:
    explicit PackedLeaderboardSource(std::shared_ptr<const OpenPack> pack);

    [[nodiscard]] QFuture<domain::Result<domain::ScoreHistory>> scoreHistory(const domain::TimeRange& range, int bins) override;

private:
    std::shared_ptr<const OpenPack> m_pack;
    PackWorker m_worker;
};

/// What votes before the pack's period add up to comes from its table of scores. `bins` of at most 100,000; of very many posts
/// only those with the highest sums.
[[nodiscard]] domain::Result<domain::ScoreHistory> readScores(PackSession& session, const PackDescription& description,
                                                              const domain::TimeRange& range, int bins);

} // namespace scr::packed
