#include <algorithm>
#include <chrono>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "ctl/connect.h"
#include "ctl/race_file.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "detect/control_flags.h"
#include "domain/time.h"
#include "domain/visible_text.h"
#include "elevated/elevated_session.h"
#include "settings/seen_logs.h"
#include "settings/state_dirs.h"
#include "settings/targets.h"
#include "store/control_check.h"
#include "store/seen_log.h"

namespace scr::ctl {

namespace {

using domain::Control;
using domain::ControlState;

constexpr std::string_view kSealed = "sealed";

struct Options {
    std::string service;
    std::string other;
    std::optional<std::string> race;
    std::vector<std::string> names;
    std::vector<std::string> accepted;
    std::vector<std::string> ended;
    std::optional<std::string> until;
    std::optional<std::string> reason;
    std::string format = "table";
    int seconds = 60;
    bool list = false;
    bool record = false;
};

void printList()
{
    std::string group;
    for (const Control& control : store::allControls()) {
        if (control.group != group)
            fmt::print("{}{}\n", group.empty() ? "" : "\n", control.group);
        group = control.group;
        fmt::print("  {:<22} {}. {}\n", control.name, control.title, control.about);
    }
}

/// The lines of a text, each indented.
std::string indented(const std::string& text)
{
    std::string lines = "      ";
    for (const char c : text) {
        lines += c;
        if (c == '\n')
            lines += "      ";
    }
    return lines;
}

bool isIn(const std::vector<std::string>& names, const std::string& name)
{
    return std::ranges::find(names, name) != names.end();
}

void printTable(const std::vector<Control>& controls, const std::vector<std::string>& accepted)
{
    std::string group;
    for (const Control& control : controls) {
        if (control.group != group)
            fmt::print("{}{}\n", group.empty() ? "" : "\n", control.group);
        group = control.group;
        const bool isAccepted = isIn(accepted, control.name) || control.accepted;
        fmt::print("  {:<8} {:<22} {}{}\n", nameOf(control.state), control.name, control.title, isAccepted ? " (accepted)" : "");
        fmt::print("{}{}\n", indented(domain::visibleLines(control.evidence)),
                   control.since ? fmt::format(" So since {}.", domain::isoText(*control.since)) : "");
        if (control.accepted)
            fmt::print("      Accepted by {} until {}: {}\n", domain::visibleText(control.accepted->actor),
                       domain::isoText(control.accepted->until), domain::visibleText(control.accepted->reason));
        if (control.state != ControlState::Holds && !control.remedy.empty())
            fmt::print("      Remedy:\n{}\n", indented(domain::visibleLines(control.remedy)));
    }
}

nlohmann::ordered_json acceptedJson(const Control& control)
{
    if (!control.accepted)
        return {};
    return {{"by", control.accepted->actor},
            {"at", domain::isoText(control.accepted->at)},
            {"until", domain::isoText(control.accepted->until)},
            {"reason", control.accepted->reason}};
}

void printJson(const std::vector<Control>& controls)
{
    for (const Control& control : controls) {
        const nlohmann::ordered_json line{
            {"control", control.name},
            {"state", nameOf(control.state)},
            {"title", control.title},
            {"group", control.group},
            {"evidence", control.evidence},
            {"remedy", control.remedy},
            {"checked_at", domain::isoText(control.checkedAt)},
            {"since", control.since ? nlohmann::ordered_json(domain::isoText(*control.since)) : nlohmann::ordered_json()},
            {"accepted", acceptedJson(control)},
            {"took_us", control.took.count()},
            {"query", control.query}};
        fmt::print("{}\n", line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    }
}

/// Keeps the outcome; a control that held before and fails now raises a flag.
domain::Status record(const Options& options, const store::ControlOptions& check, const std::vector<Control>& controls)
{
    const auto writer = elevatedOf(options.service);
    if (!writer)
        return domain::failureOf(writer);
    std::vector<elevated::ElevatedSession::ControlOutcome> outcomes;
    outcomes.reserve(controls.size());
    for (const Control& control : controls)
        outcomes.push_back({control, detect::flagOfFallen(control)});
    const auto fell = elevated::ElevatedSession{*writer, settings::journalDirectory()}.record(elevated::newRequestId(), outcomes);
    if (!fell)
        return domain::failureOf(fell);
    warn(fell->empty() ? fmt::format("Recorded {} controls; none fell.", controls.size())
                       : fmt::format("Recorded {} controls; a flag was raised for each that fell: {}.", controls.size(),
                                     fmt::join(*fell, ", ")));
    const auto sealed = std::ranges::find(controls, kSealed, &Control::name);
    if (sealed == controls.end() || sealed->state == ControlState::Fails) // what was seen is evidence then
        return domain::Nothing{};
    const auto seen = check.seenLog ? store::readSeenLog(readerOf(options.service), *check.seenLog, check.timeout)
                                    : domain::Result<std::string>{domain::failureOf(check.seenLog)};
    const domain::Status kept = seen ? settings::keepLog(readerOf(options.service), *seen) : domain::failureOf(seen);
    if (!kept)
        warn(fmt::format("What the log holds was not kept anew. {}", domain::sentenceOf(kept.error())));
    return domain::Nothing{};
}

domain::Result<store::ControlOptions> checkOf(const Options& options)
{
    store::ControlOptions check;
    check.names = options.names;
    check.timeout = std::chrono::seconds{options.seconds};
    for (const auto* names : {&options.accepted, &options.ended}) { // a name that is none would be left out of nothing
        if (const domain::Status known = store::knowControls(*names); !known)
            return domain::failureOf(known);
    }
    if (options.race) {
        auto race = readRaceFile(*options.race);
        if (!race)
            return domain::failureOf(race);
        check.race = *std::move(race);
    }
    check.seenLog = settings::keptLog(readerOf(options.service));
    if (!options.other.empty()) {
        check.other = readerOf(options.other);
        return check;
    }
    auto other = settings::otherTarget(readerOf(options.service));
    if (!other)
        return domain::failureOf(other);
    check.other = *std::move(other);
    return check;
}

/// What is to be written about who answers for what; the states are those that were found.
domain::Result<std::vector<domain::AcceptOrder>> ordersOf(const Options& options, const std::vector<Control>& controls)
{
    std::vector<domain::AcceptOrder> orders;
    for (const std::string& name : options.ended)
        orders.push_back({name, ControlState::Fails, std::nullopt, options.reason.value_or("")});
    if (!options.until)
        return orders;
    const auto until = domain::parseTime(*options.until);
    if (!until)
        return domain::failure(until.error().fault, "--until: " + until.error().detail, until.error().remedy);
    for (const std::string& name : options.accepted) {
        const auto control = std::ranges::find(controls, name, &Control::name);
        if (control == controls.end() || control->state == ControlState::Holds)
            return domain::failure(domain::Fault::Rejected,
                                   fmt::format("{} {}, so there is no risk to accept", name,
                                               control == controls.end() ? "was not checked" : "holds"),
                                   "Leave it out");
        orders.push_back({name, control->state, *until, options.reason.value_or("")});
    }
    return orders;
}

/// Writes them, and looks at these controls once more.
domain::Status decide(const Options& options, store::ControlOptions check, std::vector<Control>& controls)
{
    const auto orders = ordersOf(options, controls);
    if (!orders || orders->empty())
        return orders ? domain::Status{domain::Nothing{}} : domain::Status{domain::failureOf(orders)};
    const auto writer = elevatedOf(options.service);
    if (!writer)
        return domain::failureOf(writer);
    const elevated::ElevatedSession session{*writer, settings::journalDirectory()};
    check.names.clear();
    for (const domain::AcceptOrder& order : *orders) {
        if (const domain::Status decided = session.accept(elevated::newRequestId(), order); !decided) {
            domain::Error error = decided.error();
            if (!check.names.empty())
                error.detail =
                    fmt::format("{} was written, {} was not: {}", fmt::join(check.names, ", "), order.control, error.detail);
            return tl::unexpected<domain::Error>{std::move(error)};
        }
        check.names.push_back(order.control);
    }
    const auto again = store::checkControls(readerOf(options.service), check);
    if (!again)
        return domain::failureOf(again);
    for (const Control& one : *again) {
        if (const auto place = std::ranges::find(controls, one.name, &Control::name); place != controls.end())
            *place = one;
    }
    return domain::Nothing{};
}

int run(const Options& options)
{
    if (options.list) {
        printList();
        const domain::Status listed = finishOutput();
        return listed ? kDone : report(listed.error());
    }
    if (options.service.empty()) {
        warn("Which database? Name it with --service; --list shows what there is to check.");
        return kCouldNot;
    }
    if (options.reason && !options.until && options.ended.empty()) {
        warn("A reason is kept with --until or --end-acceptance. Say until when the risk is accepted.");
        return kCouldNot;
    }
    auto check = checkOf(options);
    if (!check)
        return report(check.error());
    auto controls = [&] {
        Progress progress{"Checking"};
        check->progress = [&](std::size_t done, std::size_t total) { return progress(done, total); };
        return store::checkControls(readerOf(options.service), *check);
    }();
    check->progress = {};
    if (!controls)
        return report(controls.error());
    if (const domain::Status decided = decide(options, *check, *controls); !decided)
        return report(decided.error());
    if (options.format == "table")
        printTable(*controls, options.accepted);
    else
        printJson(*controls);
    if (const domain::Status written = finishOutput(); !written)
        return report(written.error());
    if (options.record) {
        if (const domain::Status recorded = record(options, *check, *controls); !recorded)
            return report(recorded.error());
    }
    const bool holds = std::ranges::all_of(*controls, [&](const Control& control) {
        return control.state == ControlState::Holds || control.accepted || isIn(options.accepted, control.name);
    });
    return holds ? kDone : kFound;
}

} // namespace

Run addControls(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    addService(command, options->service);
    command.add_option(
        "--other", options->other,
        "Service of the other environment, to compare the two: staging to a production. Default: what the profile names");
    command.add_option(
        "--race", options->race,
        "What scrutineerctl race --format jsonl found on a copy: evidence where the functions here are those of the copy");
    command.add_option("--control", options->names, "Only this one; repeatable. Default: all of them")->allow_extra_args(false);
    CLI::Option* accept =
        command
            .add_option("--accept", options->accepted, "Do not let this one decide the exit code, whatever its state; repeatable")
            ->allow_extra_args(false);
    CLI::Option* reason = command.add_option("--reason", options->reason, "Why, for the audit log");
    command
        .add_option("--until", options->until,
                    "Answer for what is accepted until then, within a year: kept in the database, for an admin. It ends earlier "
                    "when a check on "
                    "record finds that the control holds, or fails where it could not be checked")
        ->needs(accept)
        ->needs(reason);
    command.add_option("--end-acceptance", options->ended, "No longer answer for this one; repeatable")
        ->allow_extra_args(false)
        ->needs(reason);
    command.add_option("--format", options->format, "table, or jsonl: a line a control")
        ->capture_default_str()
        ->check(CLI::IsMember({"table", "jsonl"}));
    command.add_option("--timeout", options->seconds, "Seconds that one control may take; what takes longer cannot be told")
        ->capture_default_str()
        ->check(CLI::Range(1, 86'400));
    command.add_flag("--record", options->record,
                     "Keep the outcome in the database and what the log holds on this machine; a control that held before and no "
                     "longer does raises a "
                     "flag");
    command.add_flag("--list", options->list, "Say what there is to check, and why");
    return [options] { return run(*options); };
}

} // namespace scr::ctl
