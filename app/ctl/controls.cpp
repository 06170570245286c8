#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "ctl/connect.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "detect/control_flags.h"
#include "domain/time.h"
#include "domain/visible_text.h"
#include "elevated/elevated_session.h"
#include "settings/state_dirs.h"
#include "store/control_check.h"

namespace scr::ctl {

namespace {

using domain::Control;
using domain::ControlState;

struct Options {
    std::string service;
    std::string other;
    std::vector<std::string> names;
    std::vector<std::string> accepted;
    std::string format = "table";
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

void printTable(const std::vector<Control>& controls, const std::vector<std::string>& accepted)
{
    std::string group;
    for (const Control& control : controls) {
        if (control.group != group)
            fmt::print("{}{}\n", group.empty() ? "" : "\n", control.group);
        group = control.group;
        const bool isAccepted = std::ranges::find(accepted, control.name) != accepted.end();
        fmt::print("  {:<8} {:<22} {}{}\n", nameOf(control.state), control.name, control.title, isAccepted ? " (accepted)" : "");
        fmt::print("{}{}\n", indented(domain::visibleText(control.evidence)),
                   control.since ? fmt::format(" So since {}.", domain::isoText(*control.since)) : "");
        if (control.state != ControlState::Holds && !control.remedy.empty())
            fmt::print("      Remedy:\n{}\n", indented(control.remedy));
    }
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
            {"took_us", control.took.count()},
            {"query", control.query}};
        fmt::print("{}\n", line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    }
}

/// Keeps the outcome; a control that held before and fails now raises a flag.
domain::Status record(const Options& options, const std::vector<Control>& controls)
{
    const auto writer = elevatedOf(options.service);
    if (!writer)
        return domain::failureOf(writer);
    std::vector<elevated::ElevatedSession::ControlOutcome> outcomes;
    for (const Control& control : controls)
        outcomes.push_back({control, detect::flagOfFallen(control)});
    const auto fell = elevated::ElevatedSession{*writer, settings::journalDirectory()}.record(elevated::newRequestId(), outcomes);
    if (!fell)
        return domain::failureOf(fell);
    warn(fell->empty() ? fmt::format("Recorded {} controls; none fell.", controls.size())
                       : fmt::format("Recorded {} controls; a flag was raised for each that fell: {}.", controls.size(),
                                     fmt::join(*fell, ", ")));
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
    store::ControlOptions check;
    check.names = options.names;
    if (!options.other.empty())
        check.other = readerOf(options.other);
    Progress progress{"Checking"};
    check.progress = [&](std::size_t done, std::size_t total) { return progress(done, total); };
    const auto controls = store::checkControls(readerOf(options.service), check);
    if (!controls)
        return report(controls.error());
    if (options.format == "table")
        printTable(*controls, options.accepted);
    else
        printJson(*controls);
    if (const domain::Status written = finishOutput(); !written)
        return report(written.error());
    if (options.record) {
        if (const domain::Status recorded = record(options, *controls); !recorded)
            return report(recorded.error());
    }
    const bool holds = std::ranges::all_of(*controls, [&](const Control& control) {
        return control.state == ControlState::Holds ||
               std::ranges::find(options.accepted, control.name) != options.accepted.end();
    });
    return holds ? kDone : kFound;
}

} // namespace

Run addControls(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    addService(command, options->service);
    command.add_option("--other", options->other,
                       "Service of the other environment: staging to a production, to compare the two");
    command.add_option("--control", options->names, "Only this one; repeatable. Default: all of them")->allow_extra_args(false);
    command.add_option("--accept", options->accepted, "Do not let this one decide the exit code, whatever its state; repeatable")
        ->allow_extra_args(false);
    command.add_option("--format", options->format, "table, or jsonl: a line a control")
        ->capture_default_str()
        ->check(CLI::IsMember({"table", "jsonl"}));
    command.add_flag("--record", options->record,
                     "Keep the outcome in the database; a control that held before and fails now raises a flag");
    command.add_flag("--list", options->list, "Say what there is to check, and why");
    return [options] { return run(*options); };
}

} // namespace scr::ctl
