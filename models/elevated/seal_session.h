#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "audit/frontier.h"
#include "audit/tree.h"
#include "domain/connection.h"
#include "domain/result.h"
#include "elevated/copy_stream.h"

namespace scr::elevated {

struct LogEpoch {
    int epoch{};
    std::string origin;
};

/// What a leaf stands for, as it is stored now.
struct StoredLeaf {
    std::uint64_t leaf{};
    audit::Hash hash{};
    std::optional<std::string> entry; ///< nothing: there is no such entry any more
};

/// The sealer's own connection, with the role scrutineer_sealer, to the primary. Not for threads: one sealer, one session. An
/// error of class 08 or 57P says that the connection is gone; a COMMIT that was not answered is no doubt here: the next look at
/// the head tells.
class SealSession final : public audit::HashStore {
public:
    [[nodiscard]] domain::Status open(const domain::ConnectionTarget& target);
    [[nodiscard]] bool isOpen() const noexcept { return m_connection.isOpen(); }

    [[nodiscard]] domain::Result<std::optional<LogEpoch>> newestEpoch();
    [[nodiscard]] domain::Result<LogEpoch> beginEpoch(const std::string& origin, const std::string& verifier,
                                                      const std::string& reason);

    /// Gives what is new its places in the tree, in one transaction; how many entries that were.
    [[nodiscard]] domain::Result<std::uint64_t> sealNew(int epoch);
    /// The committed head.
    [[nodiscard]] domain::Result<audit::Frontier> head(int epoch);

    /// The hashes of the epoch that head() was asked for last.
    [[nodiscard]] domain::Result<std::vector<audit::Hash>> hashes(int level, std::uint64_t first, std::uint64_t count) override;
    /// The leaves from `from` to `to` (exclusive) with their entries, in order.
    [[nodiscard]] domain::Status eachLeaf(int epoch, std::uint64_t from, std::uint64_t to,
                                          const std::function<domain::Status(const StoredLeaf&)>& take);

    /// The note of the largest checkpoint of the epoch; nothing where none was stored.
    [[nodiscard]] domain::Result<std::optional<std::string>> newestNote(int epoch);
    [[nodiscard]] domain::Status storeCheckpoint(int epoch, std::uint64_t size, const audit::Hash& root, const std::string& note);
    /// Puts on record that the log was not signed.
    [[nodiscard]] domain::Status alarm(int epoch, const std::string& what);

private:
    [[nodiscard]] domain::Result<std::uint64_t> takeWithin(int epoch);
    [[nodiscard]] domain::Status finish(int epoch, const audit::Frontier& frontier, const std::vector<audit::Subtree>& full);

    LoadConnection m_connection;
    int m_epoch = 0;
};

} // namespace scr::elevated
