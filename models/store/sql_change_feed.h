#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "domain/connection.h"
#include "ports/change_feed.h"
#include "store/read_connection.h"
#include "store/scan_layout.h"

namespace scr::store {

/// Polls the contract's views. A row is new when the transaction that wrote it was not visible in the snapshot of the last look
/// (its xid at or past that snapshot's xmax, or among those in progress): no commit is skipped, however long it took, which no
/// comparison of keys or times achieves. LISTEN scrutineer_vote is the hint; a site that wants it sends NOTIFY.
class SqlChangeFeed final : public ports::ChangeFeed {
public:
    explicit SqlChangeFeed(domain::ConnectionTarget target) : m_target{std::move(target)} {}

    [[nodiscard]] domain::Status begin(domain::UtcTime from) override;
    [[nodiscard]] domain::Result<domain::ScanInput> read(Look look) override;
    void wait(std::chrono::milliseconds longest) override;

private:
    /// Which transactions a look has seen: pg_snapshot as text, its xmax and what was in progress as xids of 32 bits.
    struct Seen {
        std::string xmax;
        std::string inProgress; ///< an array's text
    };
    [[nodiscard]] domain::Status connect();
    [[nodiscard]] domain::Result<Seen> look();
    [[nodiscard]] domain::Result<domain::ScanInput> readNew(const Seen& before, domain::UtcTime from);

    domain::ConnectionTarget m_target;
    std::optional<ReadConnection> m_connection;
    ScanLayout m_layout;
    domain::UtcTime m_from{};
    domain::UtcTime m_recentFrom{};
    Seen m_recent;
    Seen m_thorough;
    std::atomic<bool> m_stop{false};
};

} // namespace scr::store
