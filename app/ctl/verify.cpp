#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "audit/checkpoint.h"
#include "ctl/connect.h"
#include "ctl/log_access.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "domain/time.h"
#include "domain/visible_text.h"
#include "jobs/verify_log.h"
#include "store/sql_log_source.h"

namespace scr::ctl {

namespace {

struct Options {
    std::string service;
    std::string key;
    std::string checkpoint;
    std::optional<std::uint64_t> from;
    std::optional<std::uint64_t> to;
    std::string format = "text";
};

void printText(const jobs::VerifyReport& report)
{
    const audit::SignedCheckpoint* newest = report.newest ? &*report.newest : nullptr;
    fmt::print("log        {}\n", domain::visibleText(report.epoch.origin));
    for (const ports::LogEpoch& epoch : report.earlier)
        fmt::print("           before it: {}, {} entries\n", domain::visibleText(epoch.origin), epoch.size);
    if (!report.earlier.empty())
        fmt::print("           this epoch began {}: {}\n", domain::isoText(report.epoch.beganAt),
                   domain::visibleText(report.epoch.reason));
    if (newest)
        fmt::print("signed     {} entries, root {}, {} ({} checkpoints)\n", newest->checkpoint.size,
                   audit::hexOf(newest->checkpoint.root), domain::isoText(report.signedAt), report.checkpoints);
    if (newest)
        fmt::print("           {}\n", audit::lineOf(newest->note));
    for (const auto& [name, size] : report.witnessed)
        if (size > 0)
            fmt::print("witness    {} signed {} entries\n", domain::visibleText(name), size);
    fmt::print("looked at  {} to {}, of {} that have a place\n", report.from, report.to, report.epoch.size);
    for (const std::string& remark : report.remarks)
        fmt::print("remark     {}\n", domain::visibleText(remark));
    for (const audit::LogFinding& finding : report.findings)
        fmt::print("{:<16} {:<24} {}\n", nameOf(finding.mismatch),
                   finding.first == finding.last ? fmt::format("{}", finding.first)
                                                 : fmt::format("{} to {}", finding.first, finding.last),
                   domain::visibleText(finding.detail));
    if (report.findingCount > report.findings.size())
        fmt::print("… and {} more\n", report.findingCount - report.findings.size());
    if (report.unsignedTail() > 0)
        fmt::print("not signed {} at the end have a place, and no signature vouches for them yet\n", report.unsignedTail());
    fmt::print("{}\n", report.isAsSigned()
                           ? fmt::format("verified: {} entries are what was signed{}", report.verified - report.from,
                                         report.isGood() ? "" : ", but the signature of a witness is gone")
                       : report.findingCount > 0 ? fmt::format("NOT what was signed: {} findings", report.findingCount)
                                                 : "NOT verified: nothing of it is signed with this key");
}

void printJson(const jobs::VerifyReport& report)
{
    nlohmann::ordered_json summary{{"origin", report.epoch.origin},
                                   {"good", report.isGood()},
                                   {"size", report.newest ? report.newest->checkpoint.size : 0},
                                   {"root", report.newest ? audit::hexOf(report.newest->checkpoint.root) : ""},
                                   {"from", report.from},
                                   {"to", report.to},
                                   {"verified", report.verified},
                                   {"unsigned", report.unsignedTail()},
                                   {"checkpoints", report.checkpoints},
                                   {"witnessed", report.witnessed},
                                   {"remarks", report.remarks},
                                   {"findings", report.findingCount}};
    const auto line = [](const nlohmann::ordered_json& json) {
        fmt::print("{}\n", json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    };
    line(summary);
    for (const audit::LogFinding& finding : report.findings)
        line({{"finding", nameOf(finding.mismatch)},
              {"first", finding.first},
              {"last", finding.last},
              {"detail", finding.detail}});
}

int tell(const Options& options, const jobs::VerifyReport& verified)
{
    options.format == "jsonl" ? printJson(verified) : printText(verified);
    if (const domain::Status written = finishOutput(); !written)
        return report(written.error());
    return verified.isGood() ? kDone : kFound;
}

int run(const Options& options)
{
    store::SqlLogSource source{readerOf(options.service)};
    const auto access = accessLog(options.service, options.key, options.checkpoint, source);
    if (!access)
        return report(access.error());
    if (!access->trust.leftOut.empty()) {
        warn(fmt::format("{}.", access->trust.leftOut));
        return kCouldNot;
    }
    Progress progress{"verifying"};
    const auto result = jobs::verifyLog(
        source,
        {access->trust.key, access->trust.remembered, options.from, options.to, access->trust.witnesses, access->trust.witnessed},
        [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); });
    if (!result)
        return report(result.error());
    const int outcome = tell(options, *result);
    if (!result->isAsSigned())
        return outcome;
    const domain::Status kept = rememberVerified(*access, *result->newest, result->witnessed);
    return kept ? outcome : report(kept.error());
}

} // namespace

Run addVerify(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    addService(command, options->service)->required();
    command.add_option(
        "--key", options->key,
        "The log's public key, or a file with it; default: that of the profile (log_key), else the one remembered here");
    command.add_option("--checkpoint", options->checkpoint,
                       "A checkpoint in one line that was seen elsewhere: the log must begin with that one");
    command.add_option("--from", options->from, "First leaf, to verify a part against the newest checkpoint");
    command.add_option("--to", options->to, "Leaf after the last");
    command.add_option("--format", options->format, "text, or jsonl: a summary and a line a finding")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "jsonl"}));
    return [options] { return run(*options); };
}

} // namespace scr::ctl
