#include "ctl/connect.h"

#include <CLI/CLI.hpp>

#include "settings/targets.h"

namespace scr::ctl {

CLI::Option* addService(CLI::App& command, std::string& service)
{
    return command.add_option("--service", service,
                              "libpq service of the site, from the file PGSERVICEFILE names or ~/.pg_service.conf");
}

domain::ConnectionTarget readerOf(const std::string& service)
{
    domain::ConnectionTarget target;
    target.service = service;
    target.applicationName = "scrutineerctl";
    return target;
}

domain::Result<domain::ConnectionTarget> elevatedOf(const std::string& service)
{
    return settings::elevatedTarget(readerOf(service));
}

domain::Result<domain::ConnectionTarget> ownerOf(const std::string& service)
{
    return settings::ownerTarget(readerOf(service));
}

} // namespace scr::ctl
