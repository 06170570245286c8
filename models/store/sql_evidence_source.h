#pragma once

#include "ports/evidence_source.h"
#include "store/sql_worker.h"

namespace scr::store {

class SqlEvidenceSource : public ports::EvidenceSource {
public:
    explicit SqlEvidenceSource(const domain::ConnectionTarget& target);

    [[nodiscard]] QFuture<domain::Result<domain::EvidenceReading>>
    read(const ports::EvidenceOrder& order, const std::shared_ptr<ports::EvidenceSink>& sink,
         const std::shared_ptr<std::atomic<int>>& percent) override;

private:
    SqlWorker m_worker;
};

} // namespace scr::store
