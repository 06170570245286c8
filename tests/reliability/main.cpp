#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "seal_fire.h"

int main(int argc, char** argv)
try {
    CLI::App app{"Long runs against a real PostgreSQL server that try to break what must hold."};
    app.require_subcommand(1);
    scr::reliability::SealFire fire;
    CLI::App* seal = app.add_subcommand("seal", "The sealer under writers that roll back, racing sealers and crashes");
    seal->add_option("--entries", fire.entries, "Attempts that are committed")->capture_default_str();
    seal->add_option("--writers", fire.writers, "Connections that write")->capture_default_str()->check(CLI::Range(1, 150));
    seal->add_option("--crashes", fire.crashes, "How often something is killed")
        ->capture_default_str()
        ->check(CLI::Range(0, 10'000));
    seal->add_option("--pause", fire.pause, "Seconds before each of them")->capture_default_str()->check(CLI::PositiveNumber);
    seal->add_option("--long-transaction", fire.longTransaction, "Seconds that one transaction stays open")
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    return scr::reliability::sealUnderFire(fire) ? 0 : 1;
} catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
}
