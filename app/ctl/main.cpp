#include <array>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "domain/connection.h"
#include "domain/large_pages.h"

namespace {

using namespace scr::ctl;

constexpr std::array kVerbs{
    Verb{"init", "Install or upgrade the tables, views, functions and roles in a database",
         "scrutineerctl init --service mysite-owner --adapter imported --environment production\n"
         "  scrutineerctl init --service mysite-owner --create-login alice:reader --create-login alice_admin:moderator,admin",
         addInit},
    Verb{"import", "Load a vote history from CSV files, all of it or nothing",
         "scrutineerctl import --service mysite --votes votes.csv --posts posts.csv --skip-bad", addImport},
    Verb{"simulate", "Make a realistic vote history, in a database or as CSV files",
         "scrutineerctl simulate --tokens 3000 --posts 600 --votes 60000 --seed 7 --out history/", addSimulate},
    Verb{"scan", "Look for manipulated votes",
         "scrutineerctl scan --service mysite --from 2026-03-01 --format jsonl --fail-on high --record\n"
         "  scrutineerctl scan --votes votes.csv --attempts attempts.csv",
         addScan},
    Verb{"decoys", "Audit the detectors on your own votes with what they look for shuffled away",
         "scrutineerctl decoys --service mysite", addDecoys},
    Verb{"rules", "Compare two sets of thresholds, by themselves or by what they find in a past period",
         "scrutineerctl rules diff default mine.toml\n"
         "  scrutineerctl rules backtest default mine.toml --service mysite --from 2026-03-01",
         addRules},
    Verb{"evaluate", "Measure the detectors on simulated attacks, against the targets",
         "scrutineerctl evaluate --seeds 5 --clean 20", addEvaluate},
    Verb{"export", "Write an auditor's report, or the data as CSV",
         "scrutineerctl export --service mysite --from 2026-03-01 --to 2026-04-01 --report march.html", addExport},
    Verb{"controls", "Check that the safeguards of the voting system are in place",
         "scrutineerctl controls --service mysite --other mysite-staging --format jsonl\n  scrutineerctl controls --list",
         addControls},
    Verb{"race", "Attack a voting system marked demo or staging over many connections at once, and see what breaks",
         "scrutineerctl race --service mysite-staging-owner --rounds 1000\n"
         "  scrutineerctl race --service scrutineer-demo-owner --pattern same_post --connections 32",
         addRace},
    Verb{"keygen", "Make the key that signs the audit log, or that of a witness",
         "scrutineerctl keygen --name example.org/audit-log --out seal.key > seal.vkey", addKeygen},
    Verb{"seal", "Give every entry of the audit log its place in a signed tree",
         "scrutineerctl seal --service mysite-sealer --key seal.key --follow\n"
         "  scrutineerctl seal --service mysite-sealer --key seal.key --new-epoch 'restored from the backup of 1 March'",
         addSeal},
    Verb{"verify", "See that the audit log is what was signed",
         "scrutineerctl verify --service mysite --key seal.vkey\n  scrutineerctl verify --service mysite --from 184000 --to "
         "184220",
         addVerify},
    Verb{"cosign", "Countersign the newest checkpoint of the audit log, as a witness",
         "scrutineerctl cosign --service mysite --witness olga.key --key seal.vkey", addCosign},
    Verb{"demo", "Start, stop or look at the demo server", "scrutineerctl demo start\n  scrutineerctl demo stop", addDemo},
    Verb{"version", "Print the version", "scrutineerctl version", addVersion},
};

constexpr const char* kFooter =
    "\nExit codes: 0 done (scan: nothing at or above --fail-on), 1 scan found something at or above it,\n"
    "two sets of rules differ, a race broke something, a control does not hold, or the log cannot be sealed, 2 could not "
    "(standard error says why and what "
    "to do).";

int complain(const CLI::ParseError& problem, const CLI::App& app)
{
    std::string path = "scrutineerctl";
    for (const CLI::App* command : app.get_subcommands())
        path += " " + command->get_name();
    std::string what = problem.what();
    for (char& c : what) {
        if (c == '\n')
            c = ' ';
    }
    warn(fmt::format("{}. Run {} --help to see what is accepted.", what.substr(0, what.find_last_not_of(". ") + 1), path));
    return kCouldNot;
}

} // namespace

int main(int argc, char** argv)
try {
    scr::domain::ignoreForeignEnvironment();
    scr::domain::keepLargeBlocksApart();
    catchInterrupts();
    CLI::App app{"Finds manipulated votes in a PostgreSQL voting site, from the command line."};
    app.name("scrutineerctl");
    app.require_subcommand(1);
    app.footer(kFooter);
    std::vector<std::pair<CLI::App*, Run>> runs;
    for (const Verb& verb : kVerbs) {
        CLI::App* command = app.add_subcommand(verb.name, verb.summary);
        command->footer(std::string{"\nExample:\n  "} + verb.example + "\n" + kFooter);
        runs.emplace_back(command, verb.add(*command));
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        return app.exit(help);
    } catch (const CLI::CallForAllHelp& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& problem) {
        return complain(problem, app);
    }
    for (const auto& [command, run] : runs) {
        if (*command)
            return run();
    }
    return kCouldNot;
} catch (const std::system_error& error) {
    if (error.code() == std::errc::broken_pipe) // whoever read our output has seen enough
        return scr::ctl::kCouldNot;
    scr::ctl::warn(fmt::format("The output could not be written: {}.", error.code().message()));
    return scr::ctl::kCouldNot;
} catch (const std::exception& unexpected) { // out of memory, or a defect of ours
    std::string what = unexpected.what();
    what.resize(what.find_last_not_of(". \n") + 1);
    scr::ctl::warn(fmt::format("Unexpected: {}. Nothing more was done; please report this.", what));
    return scr::ctl::kCouldNot;
}
