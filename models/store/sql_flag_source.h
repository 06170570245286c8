#pragma once

#include "ports/flag_source.h"
#include "store/sql_worker.h"

namespace scr::store {

class SqlFlagSource final : public ports::FlagSource {
public:
    explicit SqlFlagSource(const domain::ConnectionTarget& target, const ReadSettings& settings = {});

    [[nodiscard]] QFuture<domain::Result<ports::FlagList>> flags(const domain::TimeRange& range, int limit) override;
    [[nodiscard]] QFuture<domain::Result<domain::RecordedFlag>> flag(const domain::FlagKey& key) override;
    [[nodiscard]] QFuture<domain::Result<std::vector<domain::ReviewEntry>>> reviews(const domain::FlagKey& key) override;

private:
    SqlWorker m_queue;
    SqlWorker m_details; ///< the flag on screen does not wait for the whole queue
};

} // namespace scr::store
