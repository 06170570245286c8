#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "domain/connection.h"
#include "ports/change_feed.h"
#include "store/read_connection.h"
#include "store/scan_layout.h"

namespace scr::store {

/// Polls the contract's views. A row is new when the transaction that wrote it may not have been visible in the snapshot of the
/// last look: its xid at or past that snapshot's xmin. No commit is skipped, however long it took, which no comparison of keys or
/// times achieves; a list of what was in progress would miss subtransactions, and everything on a standby. What comes again is
/// known by its key. LISTEN scrutineer_vote is the hint; a site that wants it sends NOTIFY.
class SqlChangeFeed final : public ports::ChangeFeed {
public:
    explicit SqlChangeFeed(domain::ConnectionTarget target) : m_target{std::move(target)} {}

    [[nodiscard]] domain::Status begin(domain::UtcTime from) override;
    void moveWindow(domain::UtcTime from) override { m_from = from; }
    [[nodiscard]] domain::Result<domain::ScanInput> read(Look look) override;
    void wait(std::chrono::milliseconds longest) override;
    void stop() override;

private:
    [[nodiscard]] domain::Status connect();
    /// The xid, of 32 bits, from which on the next look's rows are new.
    [[nodiscard]] domain::Result<std::string> look();
    [[nodiscard]] domain::Result<domain::ScanInput> readNew(const std::string& xmin, domain::UtcTime from);

    domain::ConnectionTarget m_target;
    std::optional<ReadConnection> m_connection;
    ScanLayout m_layout;
    domain::UtcTime m_from{};
    domain::UtcTime m_recentFrom{};
    std::string m_recent;
    std::string m_thorough;
    std::atomic<bool> m_stop{false};
    std::mutex m_cancelMutex;
    CancelHandle m_cancel; ///< of the connection
};

} // namespace scr::store
