#pragma once

#include <memory>

#include "packed/pack_log.h"
#include "packed/working_copy.h"
#include "ports/log_source.h"

namespace scr::packed {

/// The log as a pack has it: one epoch, that of its checkpoint.
class PackedLogSource final : public ports::LogSource {
public:
    explicit PackedLogSource(std::shared_ptr<const OpenPack> pack);

    [[nodiscard]] domain::Result<std::vector<ports::LogEpoch>> epochs() override;
    [[nodiscard]] domain::Result<std::vector<ports::CheckpointRow>> checkpoints(int epoch,
                                                                                std::optional<std::size_t> newest) override;
    [[nodiscard]] domain::Result<std::vector<ports::CheckpointRow>> milestones(int epoch, std::uint64_t size,
                                                                               std::size_t most) override;
    [[nodiscard]] domain::Result<ports::SealStanding> standing(int epoch) override;
    [[nodiscard]] domain::Result<std::vector<ports::CosignatureRow>> cosignatures(int epoch) override;
    [[nodiscard]] domain::Result<std::vector<audit::Hash>> hashes(int epoch, int level, std::uint64_t first,
                                                                  std::uint64_t count) override;
    /// Those that the pack has: leaves between them are left out.
    [[nodiscard]] domain::Status eachLeaf(int epoch, std::uint64_t from, std::uint64_t to,
                                          const std::function<bool(const audit::LeafReading&)>& take) override;
    [[nodiscard]] domain::Result<std::vector<audit::LogFinding>> slippedIn(int epoch) override;

private:
    std::shared_ptr<const OpenPack> m_pack;
    PackLog m_log;
};

} // namespace scr::packed
