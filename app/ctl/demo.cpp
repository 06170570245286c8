#include "demo/demo.h"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "scanning/scanning.h"

namespace scr::ctl {

namespace {

struct Options {
    std::string directory;
    CLI::App* start = nullptr;
    CLI::App* stop = nullptr;
};

int finish()
{
    const domain::Status written = finishOutput();
    return written ? kDone : report(written.error());
}

int start(const Options& options)
{
    Progress progress{"Starting the demo"};
    demo::DemoOptions order;
    order.directory = options.directory;
    order.scanAndRecord = scanning::scanAndRecord;
    order.progress = [&](std::string_view step, std::uint64_t done, std::uint64_t total) {
        progress.setWhat(step);
        return progress(done, total);
    };
    const auto server = demo::startDemo(order);
    if (!server)
        return report(server.error());
    fmt::print("The demo server runs{}. Further services: {}, {}.\nTo use them: export PGSERVICEFILE={}\n",
               server->firstStart   ? ", its sites are made and attacked"
               : server->wasRunning ? " already"
                                    : "",
               demo::kProtectedService, demo::kImportService, server->serviceFile.string());
    fmt::print("service={}\nservicefile={}\n", server->service, server->serviceFile.string());
    return finish();
}

int stop(const Options& options)
{
    const domain::Status stopped = demo::stopDemo(options.directory);
    if (!stopped)
        return report(stopped.error());
    fmt::print("stopped\n");
    return finish();
}

int status(const Options& options)
{
    const auto status = demo::demoStatus(options.directory);
    if (!status)
        return report(status.error());
    fmt::print("state={}\ndirectory={}\n",
               status->running  ? "running"
               : status->exists ? "stopped"
                                : "absent",
               status->directory.string());
    if (status->exists)
        fmt::print("service={}\nservicefile={}\n", demo::kDemoService, status->serviceFile.string());
    return finish();
}

void addDirectory(CLI::App& command, Options& options)
{
    command.add_option("--dir", options.directory, "Where the demo lives; default: scrutineer/demo below $XDG_DATA_HOME");
}

} // namespace

Run addDemo(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    command.require_subcommand(1);
    options->start =
        command.add_subcommand("start", "Start it; the first time, make its sites and attack them (about half a minute)");
    options->start->footer("\nExample:\n  scrutineerctl demo start\n");
    options->stop = command.add_subcommand("stop", "Stop it; its data stay");
    options->stop->footer("\nExample:\n  scrutineerctl demo stop\n");
    CLI::App* look = command.add_subcommand("status", "Say whether it runs");
    look->footer("\nExample:\n  scrutineerctl demo status\n");
    for (CLI::App* one : {options->start, options->stop, look})
        addDirectory(*one, *options);
    return [options] {
        if (*options->start)
            return start(*options);
        return *options->stop ? stop(*options) : status(*options);
    };
}

} // namespace scr::ctl
