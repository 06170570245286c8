#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include <QFuture>

#include "domain/evidence_reading.h"
#include "domain/result.h"
#include "query/query.h"

namespace scr::ports {

/// The pack's period and filter, and up to where the log goes that vouches for it.
struct EvidenceOrder {
    query::Query query;
    int epoch{};
    std::uint64_t size{};
};

/// Takes rows on the reader's thread; an error ends the reading with that error.
struct EvidenceSink {
    std::function<domain::Status(const domain::PackToken&)> token;
    std::function<domain::Status(const domain::PackOrigin&)> origin;
    std::function<domain::Status(const domain::Post&)> post;
    std::function<domain::Status(const domain::PackVote&)> vote;
    /// A vote as it was reviewed; the votes of a request one after the other, in the order of its digest.
    std::function<domain::Status(const domain::VoidRequestRow&, const domain::PackVote&)> reviewed;
    std::function<domain::Status(const domain::RecordedControl&)> control;
};

/// Reads what an evidence pack is made from, but the log's own entries, from one snapshot.
class EvidenceSource {
public:
    EvidenceSource() = default;
    EvidenceSource(const EvidenceSource&) = delete;
    EvidenceSource& operator=(const EvidenceSource&) = delete;
    virtual ~EvidenceSource() = default;

    /// Rows go to the sink in the order of its members, each kind ordered by its key or time. The sink lives until the future has
    /// finished. Cancelling the future ends the reading.
    [[nodiscard]] virtual QFuture<domain::Result<domain::EvidenceReading>>
    read(const EvidenceOrder& order, const std::shared_ptr<EvidenceSink>& sink,
         const std::shared_ptr<std::atomic<int>>& percent) = 0;
};

} // namespace scr::ports
