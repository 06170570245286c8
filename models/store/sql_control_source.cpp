#include "store/sql_control_source.h"

#include "store/control_check.h"

namespace scr::store {

SqlControlSource::SqlControlSource(domain::ConnectionTarget target, std::optional<domain::ConnectionTarget> other,
                                   SeenLog seenLog) :
    m_target{std::move(target)}, m_other{std::move(other)}, m_seenLog{std::move(seenLog)}
{
}

std::vector<domain::Control> SqlControlSource::list() const
{
    return allControls();
}

domain::Result<std::vector<domain::Control>>
SqlControlSource::check(const std::vector<std::string>& names, const std::function<bool(std::size_t, std::size_t)>& keepGoing)
{
    ControlOptions options;
    options.names = names;
    options.other = m_other;
    options.progress = keepGoing;
    if (m_seenLog)
        options.seenLog = m_seenLog();
    return checkControls(m_target, options);
}

} // namespace scr::store
