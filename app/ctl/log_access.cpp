#include "ctl/log_access.h"

#include <fstream>

#include <fmt/format.h>

#include "ctl/connect.h"
#include "ctl/terminal.h"
#include "settings/log_memory.h"
#include "settings/profile.h"

namespace scr::ctl {

namespace {

using domain::failureOf;
using domain::Result;

/// Those of the profile, but the log's key that was named here, or the one line of the file that was.
Result<jobs::NamedKeys> namedKeys(const std::string& service, const std::string& key)
{
    const auto profiles = settings::readProfiles(settings::profileFile());
    if (!profiles && key.empty())
        return failureOf(profiles);
    const settings::Profile profile = settings::profileOf(profiles.value_or(std::vector<settings::Profile>{}), service);
    std::ifstream file{key};
    std::string line;
    return jobs::NamedKeys{key.empty() ? profile.logKey : std::getline(file, line) ? line : key, profile.witnessKeys};
}

} // namespace

Result<LogAccess> accessLog(const std::string& service, const std::string& key, const std::string& checkpoint,
                            ports::LogSource& source)
{
    LogAccess access{readerOf(service), {}, {}};
    const auto named = namedKeys(service, key);
    if (!named)
        return failureOf(named);
    auto known = settings::knownLog(access.target);
    if (!known)
        return failureOf(known);
    access.known = *std::move(known);
    const auto epochs = source.epochs();
    if (!epochs)
        return failureOf(epochs);
    auto trust = jobs::trustIn(*epochs, access.known, *named);
    if (!trust)
        return failureOf(trust);
    access.trust = *std::move(trust);
    if (!checkpoint.empty()) {
        auto note = audit::noteOfLine(checkpoint);
        if (!note)
            return failureOf(note);
        access.trust.remembered.push_back(*std::move(note));
    }
    if (!access.trust.isConfirmed)
        warn(fmt::format("Nobody has named the key of this log here, so it is taken from the database itself: {}. Compare it "
                         "with the one that "
                         "the site gave out, and name that with --key.",
                         textOf(access.trust.key)));
    return access;
}

domain::Status rememberVerified(const LogAccess& access, const audit::SignedCheckpoint& seen, const audit::Witnessed& witnessed)
{
    const auto known = settings::knownLog(access.target); // anew: a verification takes its time, and others remember meanwhile
    if (!known)
        return failureOf(known);
    const auto log = jobs::learned(*known, access.trust, seen, witnessed);
    return log ? settings::remember(access.target, *log) : domain::Status{domain::Nothing{}};
}

} // namespace scr::ctl
