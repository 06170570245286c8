#include <cstdio>
#include <fstream>
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
    std::string evidence;
    std::string exporterKey;
    std::string logKey;
    std::vector<std::string> witnessKeys;
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

/// The key itself, or the last line of the file: minisign puts a comment before it.
std::optional<std::string> keyOf(const std::string& argument)
{
    if (argument.empty())
        return std::nullopt;
    std::ifstream file{argument};
    std::string key = argument;
    for (std::string line; std::getline(file, line);)
        key = line.empty() ? key : line;
    return key;
}

scr::compose::PackToOpen packOf(const Options& options)
{
    scr::compose::PackToOpen pack{options.evidence, keyOf(options.exporterKey), keyOf(options.logKey)};
    for (const std::string& key : options.witnessKeys)
        pack.witnessKeys.push_back(keyOf(key).value_or(key));
    return pack;
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
    auto* service = app.add_option("--service", options.service, "libpq service to connect to; without it a dialog asks");
    app.add_option("--theme", options.scheme, "Colours; without it those of the last time")
        ->check(CLI::IsMember({"system", "light", "dark", "high-contrast"}));
    auto* evidence =
        app.add_option("--evidence", options.evidence, "Evidence pack, a folder or a .tar file, to look at without a database");
    evidence->excludes(service);
    app.add_option("--exporter", options.exporterKey, "With --evidence: public key of who made the pack, or a file with it")
        ->needs(evidence);
    app.add_option("--key", options.logKey, "With --evidence: public key of the log, or a file with it")->needs(evidence);
    app.add_option("--witness", options.witnessKeys,
                   "With --evidence: public key of who countersigned the log, or a file with it; may be said again")
        ->needs(evidence)
        ->allow_extra_args(false);
    app.add_subcommand("demo", "Start a private server with an attacked site and open the console on it")->callback([&] {
        options.demo = true;
    });
    app.get_subcommand("demo")->footer("\nExample:\n  scrutineer demo\n  scrutineer --theme dark demo");
    app.footer("\nExample:\n  scrutineer --service lanternboard\n  scrutineer --evidence case-118.tar\n  scrutineer demo");
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
    else if (!options.evidence.empty())
        console.openEvidence(packOf(options));
    else
        console.openService(options.service);
    return QApplication::exec();
}
