#include <memory>
#include <sstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ctl/connect.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "elevated/installer.h"

namespace scr::ctl {

namespace {

struct Options {
    std::string service;
    std::string adapter;
    std::string environment;
    std::string twoPersons;
    std::vector<std::string> logins;
};

/// "alice:moderator,admin"
domain::Result<elevated::LoginOrder> loginOf(const std::string& text)
{
    const auto colon = text.find(':');
    elevated::LoginOrder order{text.substr(0, colon), {}, {}};
    if (colon != std::string::npos) {
        std::istringstream roles{text.substr(colon + 1)};
        for (std::string role; std::getline(roles, role, ',');)
            order.roles.push_back(role);
    }
    if (order.name.empty() || order.roles.empty())
        return domain::failure(domain::Fault::Invalid, fmt::format("--create-login {} does not say who gets which role", text),
                               "Write NAME:ROLE[,ROLE], roles: reader moderator admin auditor sealer voting_api");
    return order;
}

void print(const elevated::InstallReport& report)
{
    for (const std::string& migration : report.applied)
        fmt::print("applied {}\n", migration);
    fmt::print("{}: adapter {}, environment {}, two-person rule {}\n", report.fresh ? "installed" : "up to date", report.adapter,
               domain::nameOf(report.environment), report.twoPersonRule ? "on" : "off");
}

int run(const Options& options)
{
    elevated::InstallOptions install;
    for (const std::string& text : options.logins) {
        auto login = loginOf(text);
        if (!login)
            return report(login.error());
        install.logins.push_back(*std::move(login));
    }
    const auto owner = ownerOf(options.service);
    if (!owner)
        return report(owner.error());
    install.adapter = options.adapter;
    install.environment = domain::environmentOf(options.environment);
    if (!options.twoPersons.empty())
        install.twoPersonRule = options.twoPersons == "on";
    const auto installed = elevated::install(*owner, install);
    if (!installed)
        return report(installed.error());
    print(*installed);
    for (const elevated::LoginOrder& login : install.logins)
        fmt::print("login {}: {}\n", login.name, fmt::join(login.roles, ", "));
    return finishDone("It is installed");
}

} // namespace

Run addInit(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    addService(command, options->service)->required();
    command.add_option("--adapter", options->adapter, "Which voting system; needed the first time, later: the one installed")
        ->check(CLI::IsMember({"reference", "imported", "unprotected"}));
    command.add_option("--environment", options->environment, "Shown as a colour; default: as it is, else production")
        ->check(CLI::IsMember({"production", "staging", "demo"}));
    command
        .add_option("--two-person", options->twoPersons,
                    "Whether voids need a second person; default: as it is, else in production")
        ->check(CLI::IsMember({"on", "off"}));
    command
        .add_option("--create-login", options->logins,
                    "NAME:ROLE[,ROLE]: make that login, or give it the roles it lacks; repeatable")
        ->allow_extra_args(false);
    return [options] { return run(*options); };
}

} // namespace scr::ctl
