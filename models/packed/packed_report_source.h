#pragma once

#include <memory>

#include "packed/pack_rows.h"
#include "packed/working_copy.h"
#include "ports/report_source.h"

namespace scr::packed {

/// A report made from a pack, as of its checkpoint.
class PackedReportSource final : public ports::ReportSource {
public:
    explicit PackedReportSource(std::shared_ptr<const OpenPack> pack);

    [[nodiscard]] QFuture<domain::Result<domain::AuditReading>> read(const domain::TimeRange& period,
                                                                     const std::shared_ptr<std::atomic<int>>& percent) override;

private:
    std::shared_ptr<const OpenPack> m_pack;
    PackWorker m_worker;
};

} // namespace scr::packed
