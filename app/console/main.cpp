#include <cstdio>
#include <optional>
#include <string>

#include <QApplication>

#include <CLI/CLI.hpp>

#include "compose/console.h"
#include "demo/demo.h"
#include "domain/connection.h"
#include "domain/large_pages.h"

namespace {

struct Options {
    std::string service;
    std::string scheme;
    bool demo = false;
};

std::optional<scr::theme::Scheme> schemeOf(const std::string& name)
{
    if (name == "light")
        return scr::theme::Scheme::Light;
    if (name == "dark")
        return scr::theme::Scheme::Dark;
    if (name == "high-contrast")
        return scr::theme::Scheme::HighContrast;
    if (name == "system")
        return scr::theme::Scheme::System;
    return std::nullopt;
}

int complain(const CLI::ParseError& problem)
{
    const std::string what = problem.what();
    std::fprintf(stderr, "scrutineer: %s. Run scrutineer --help to see what is accepted.\n",
                 what.substr(0, what.find_last_not_of(". \n") + 1).c_str());
    return 2;
}

} // namespace

// The command line is read before Qt is touched: QApplication ends the program where there is no display, even for --version.
int main(int argc, char** argv)
{
    scr::domain::ignoreForeignEnvironment();
    scr::domain::keepLargeBlocksApart();
    Options options;
    CLI::App app{"Finds manipulated votes, voids them safely, and proves what was done", "scrutineer"};
    app.set_version_flag("--version", std::string{"scrutineer "} + SCRUTINEER_VERSION);
    app.add_option("--service", options.service, "libpq service to connect to; without it a dialog asks");
    app.add_option("--theme", options.scheme, "Colours; without it those of the last time")
        ->check(CLI::IsMember({"system", "light", "dark", "high-contrast"}));
    app.add_subcommand("demo", "Start a private server with an attacked site and open the console on it")->callback([&] {
        options.demo = true;
    });
    app.get_subcommand("demo")->footer("\nExample:\n  scrutineer demo\n  scrutineer --theme dark demo");
    app.footer("\nExample:\n  scrutineer --service lanternboard\n  scrutineer demo");
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& told) { // --help and --version
        return app.exit(told);
    } catch (const CLI::ParseError& problem) {
        return complain(problem);
    }
    if (options.demo)
        scr::demo::useServiceFile();

    const QApplication qt{argc, argv};
    QApplication::setApplicationName(QStringLiteral("scrutineer"));
    QApplication::setApplicationDisplayName(QStringLiteral("Scrutineer"));
    QApplication::setApplicationVersion(QStringLiteral(SCRUTINEER_VERSION));
    scr::compose::Console console{*qApp, schemeOf(options.scheme)};
    if (options.demo)
        console.openDemo();
    else
        console.openService(options.service);
    return QApplication::exec();
}
