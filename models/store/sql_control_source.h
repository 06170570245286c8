#pragma once

#include <functional>
#include <optional>
#include <string>

#include "domain/connection.h"
#include "ports/control_source.h"

namespace scr::store {

class SqlControlSource final : public ports::ControlSource {
public:
    using SeenLog = std::function<domain::Result<std::optional<std::string>>()>;
    /// `other`: the other environment that production and staging are compared with. `seenLog` is asked at each check for what
    /// was kept of the log; without it nothing is known of that.
    explicit SqlControlSource(domain::ConnectionTarget target, std::optional<domain::ConnectionTarget> other = std::nullopt,
                              SeenLog seenLog = {});

    [[nodiscard]] std::vector<domain::Control> list() const override;
    [[nodiscard]] domain::Result<std::vector<domain::Control>>
    check(const std::vector<std::string>& names, const std::function<bool(std::size_t, std::size_t)>& keepGoing) override;

private:
    domain::ConnectionTarget m_target;
    std::optional<domain::ConnectionTarget> m_other;
    SeenLog m_seenLog;
};

} // namespace scr::store
