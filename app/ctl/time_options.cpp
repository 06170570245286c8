#include "ctl/time_options.h"

#include <CLI/CLI.hpp>

namespace scr::ctl {

namespace {

domain::Result<std::optional<domain::UtcTime>> timeOr(const char* option, const std::string& text)
{
    if (text.empty())
        return std::nullopt;
    auto time = domain::parseTime(text);
    if (time)
        return *time;
    time.error().detail = std::string{option} + ": " + time.error().detail;
    return domain::failureOf(time);
}

} // namespace

void addTimeRange(CLI::App& command, TimeOptions& options)
{
    command.add_option("--from", options.from, "First moment, ISO 8601 (without a zone: UTC) or epoch seconds");
    command.add_option("--to", options.to, "End, itself not included");
}

domain::Result<domain::TimeRange> rangeOf(const TimeOptions& options)
{
    const auto from = timeOr("--from", options.from);
    if (!from)
        return domain::failureOf(from);
    const auto to = timeOr("--to", options.to);
    if (!to)
        return domain::failureOf(to);
    if (*from && *to && **from >= **to)
        return domain::failure(domain::Fault::Invalid, "--from is not before --to", "Give an earlier --from or a later --to");
    return domain::TimeRange{*from, *to};
}

} // namespace scr::ctl
