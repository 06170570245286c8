#include "ctl/export_evidence.h"

#include <fmt/format.h>

#include "ctl/connect.h"
#include "ctl/log_access.h"
#include "ctl/terminal.h"
#include "packing/pack_request.h"
#include "store/source_probe.h"
#include "store/sql_log_source.h"

namespace scr::ctl {

using domain::failureOf;
using domain::Nothing;
using domain::Status;

Status exportEvidence(const std::string& service, const EvidenceOptions& options, const std::string& filterText,
                      const domain::TimeRange& period, const std::function<Status(const std::string&)>& log)
{
    const domain::ConnectionTarget reader = readerOf(service);
    const auto filter = query::parseFilter(filterText);
    if (!filter)
        return failureOf(filter);
    store::SqlLogSource logSource{reader};
    const auto access = accessLog(service, {}, {}, logSource);
    if (!access)
        return failureOf(access);
    auto source = store::probeSource(reader);
    if (!source)
        return failureOf(source);
    Progress progress{"Making the evidence pack"};
    const auto made = packing::makePack({reader,
                                         *std::move(source),
                                         {*filter, period},
                                         options.path,
                                         options.key,
                                         !options.salt.empty(),
                                         options.salt,
                                         access->trust.key,
                                         options.size,
                                         "scrutineer " SCRUTINEER_VERSION},
                                        log, [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); });
    if (!made)
        return failureOf(made);
    if (!made->newSalt.empty())
        warn(fmt::format("The salt is in {}. Who has it finds out whose a pseudonym is: keep it, and give it to nobody.",
                         made->newSalt));
    fmt::print("{}\nmanifest {}\ncheckpoint of {} entries, {} of them in the pack\n", options.path, made->pack.manifest,
               made->pack.size, made->pack.entries);
    return Nothing{};
}

} // namespace scr::ctl
