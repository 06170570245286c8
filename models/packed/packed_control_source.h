#pragma once

#include <memory>

#include "packed/working_copy.h"
#include "ports/control_source.h"

namespace scr::packed {

/// The controls as the newest check on record found them when the pack was made; those that were on no record are not checked.
class PackedControlSource final : public ports::ControlSource {
public:
    /// `known`: every control there is, with what it is about.
    PackedControlSource(std::shared_ptr<const OpenPack> pack, std::vector<domain::Control> known);

    [[nodiscard]] std::vector<domain::Control> list() const override { return m_known; }
    [[nodiscard]] domain::Result<std::vector<domain::Control>>
    check(const std::vector<std::string>& names,
          const std::function<bool(std::size_t done, std::size_t total)>& keepGoing) override;

private:
    std::shared_ptr<const OpenPack> m_pack;
    std::vector<domain::Control> m_known;
};

} // namespace scr::packed
