#pragma once

#include <optional>

#include "domain/connection.h"
#include "ports/control_source.h"

namespace scr::store {

class SqlControlSource final : public ports::ControlSource {
public:
    /// `other`: the other environment that production and staging are compared with.
    explicit SqlControlSource(domain::ConnectionTarget target, std::optional<domain::ConnectionTarget> other = std::nullopt);

    [[nodiscard]] std::vector<domain::Control> list() const override;
    [[nodiscard]] domain::Result<std::vector<domain::Control>>
    check(const std::vector<std::string>& names, const std::function<bool(std::size_t, std::size_t)>& keepGoing) override;

private:
    domain::ConnectionTarget m_target;
    std::optional<domain::ConnectionTarget> m_other;
};

} // namespace scr::store
