#pragma once

#include <memory>

#include "packed/pack_rows.h"
#include "packed/working_copy.h"
#include "ports/flag_source.h"

namespace scr::packed {

/// Flags and decisions as they were when the pack was made.
class PackedFlagSource final : public ports::FlagSource {
public:
    explicit PackedFlagSource(std::shared_ptr<const OpenPack> pack) : m_pack{std::move(pack)}, m_worker{m_pack->database} {}

    [[nodiscard]] QFuture<domain::Result<ports::FlagList>> flags(const domain::TimeRange& range, int limit) override;
    [[nodiscard]] QFuture<domain::Result<domain::RecordedFlag>> flag(const domain::FlagKey& key) override;
    [[nodiscard]] QFuture<domain::Result<std::vector<domain::ReviewEntry>>> reviews(const domain::FlagKey& key) override;

private:
    std::shared_ptr<const OpenPack> m_pack;
    PackWorker m_worker;
};

} // namespace scr::packed
