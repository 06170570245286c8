#pragma once

#include <optional>

#include "domain/connection.h"
#include "ports/log_source.h"
#include "store/read_connection.h"

namespace scr::store {

/// Reads the sealed log over a connection of its own, opened at the first call and anew after one that failed.
class SqlLogSource final : public ports::LogSource {
public:
    explicit SqlLogSource(domain::ConnectionTarget target) : m_target{std::move(target)} {}

    [[nodiscard]] domain::Result<std::vector<ports::LogEpoch>> epochs() override;
    [[nodiscard]] domain::Result<std::vector<ports::CheckpointRow>> checkpoints(int epoch,
                                                                                std::optional<std::size_t> newest) override;
    [[nodiscard]] domain::Result<std::vector<ports::CheckpointRow>> milestones(int epoch, std::uint64_t size,
                                                                               std::size_t most) override;
    [[nodiscard]] domain::Result<ports::SealStanding> standing(int epoch) override;
    [[nodiscard]] domain::Result<std::vector<ports::CosignatureRow>> cosignatures(int epoch) override;
    [[nodiscard]] domain::Result<std::vector<audit::Hash>> hashes(int epoch, int level, std::uint64_t first,
                                                                  std::uint64_t count) override;
    [[nodiscard]] domain::Status eachLeaf(int epoch, std::uint64_t from, std::uint64_t to,
                                          const std::function<bool(const audit::LeafReading&)>& take) override;
    [[nodiscard]] domain::Result<std::vector<audit::LogFinding>> slippedIn(int epoch) override;

private:
    [[nodiscard]] domain::Result<ReadRows> rows(const std::string& sql, const std::vector<std::string>& parameters);

    domain::ConnectionTarget m_target;
    std::optional<ReadConnection> m_connection;
};

} // namespace scr::store
