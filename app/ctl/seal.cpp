#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "audit/checkpoint.h"
#include "ctl/connect.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "elevated/seal_session.h"
#include "seal/key_file.h"
#include "seal/sealer.h"
#include "settings/state_dirs.h"

namespace scr::ctl {

namespace {

using domain::Fault;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLongestWait{30};

struct Options {
    std::string service;
    std::string key;
    std::string state;
    std::string reason;
    int interval = 500;
    bool follow = false;
    bool once = false;
    bool newEpoch = false;
    bool adopt = false;
};

/// Sleeps, but not through Ctrl-C.
void waitFor(std::chrono::milliseconds length)
{
    for (const auto end = Clock::now() + length; Clock::now() < end && !stopRequested();)
        std::this_thread::sleep_for(std::min<Clock::duration>(end - Clock::now(), std::chrono::milliseconds{100}));
}

void print(const seal::Sealed& sealed)
{
    if (sealed.checkpoint)
        fmt::print("sealed {} new, {} in all, root {}\n", sealed.added, sealed.checkpoint->size,
                   audit::hexOf(sealed.checkpoint->root));
    else
        fmt::print("nothing new\n");
}

/// That it refuses to sign is something found; anything else is that it could not.
int tell(const domain::Error& error)
{
    const int couldNot = report(error);
    return error.fault == Fault::Corrupt ? kFound : couldNot;
}

/// Whether it is worth trying again by itself: the server is away, or was asked by too many at once.
bool passes(const domain::Error& error)
{
    if (error.sqlstate.empty())
        return error.fault == Fault::Unavailable;
    return std::ranges::any_of(std::array{"08", "40", "53", "57", "55P03"},
                               [&](const char* state) { return error.sqlstate.starts_with(state); });
}

/// Seals until it is stopped. What passes is waited for; what does not ends it, so that who supervises it learns of it.
int follow(const Options& options, const domain::ConnectionTarget& target, const audit::SigningKey& key,
           const seal::SignedState& state)
{
    elevated::SealSession session;
    seal::Sealer sealer{session, key, state, options.adopt};
    std::chrono::milliseconds pause{options.interval};
    while (!stopRequested()) {
        const auto begun = Clock::now();
        domain::Status opened = session.isOpen() ? domain::Status{domain::Nothing{}} : session.open(target);
        const auto sealed = opened ? sealer.sealOnce() : domain::Result<seal::Sealed>{domain::failureOf(opened)};
        if (sealed) {
            pause = std::chrono::milliseconds{options.interval};
            if (sealed->checkpoint)
                print(*sealed);
            if (const domain::Status written = finishOutput(); !written)
                return report(written.error());
        } else if (passes(sealed.error())) {
            warn(fmt::format("Not sealed, tried again in {} s: {}", std::chrono::ceil<std::chrono::seconds>(pause).count(),
                             domain::sentenceOf(sealed.error())));
        } else {
            return tell(sealed.error());
        }
        if (const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun); spent < pause)
            waitFor(pause - spent);
        if (!sealed)
            pause = std::min<std::chrono::milliseconds>(pause * 2, kLongestWait);
    }
    return kDone;
}

int once(const Options& options, const domain::ConnectionTarget& target, const audit::SigningKey& key,
         const seal::SignedState& state)
{
    elevated::SealSession session;
    if (const domain::Status opened = session.open(target); !opened)
        return report(opened.error());
    seal::Sealer sealer{session, key, state, options.adopt};
    const auto sealed = options.newEpoch ? sealer.newEpoch(options.reason) : sealer.sealOnce();
    if (!sealed)
        return tell(sealed.error());
    print(*sealed);
    return finishDone("The log was sealed");
}

int run(const Options& options)
{
    if (options.newEpoch && options.reason.empty()) {
        warn("Say why a new epoch begins: --new-epoch REASON. It stays in the log.");
        return kCouldNot;
    }
    const auto key = seal::readKeyFile(options.key);
    if (!key)
        return report(key.error());
    if (key->verifier().type != audit::SignatureType::Log) {
        warn(fmt::format("{} is the key of a witness. Seal with one that keygen made without --witness.", options.key));
        return kCouldNot;
    }
    const seal::SignedState state{options.state.empty() ? settings::sealDirectory() : std::filesystem::path{options.state}};
    const domain::ConnectionTarget target = readerOf(options.service);
    return options.follow ? follow(options, target, *key, state) : once(options, target, *key, state);
}

} // namespace

Run addSeal(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    addService(command, options->service)->required();
    command.add_option("--key", options->key, "The private key, as keygen made it")->required();
    command.add_option(
        "--state", options->state,
        "Folder that remembers what was signed; default: scrutineer/seal in XDG_STATE_HOME. Every sealer of a log that "
        "runs on this machine must have the same");
    auto* onceFlag = command.add_flag("--once", options->once, "Seal what is there and end; the default");
    auto* followFlag = command.add_flag("--follow", options->follow, "Go on sealing until interrupted");
    command.add_option("--interval", options->interval, "Milliseconds between two looks while following")
        ->capture_default_str()
        ->check(CLI::Range(10, 3'600'000))
        ->needs(followFlag);
    auto* epoch = command.add_option(
        "--new-epoch", options->reason,
        "Begin a new tree with all that is there, because the database can no longer continue what was signed");
    command.add_flag("--adopt", options->adopt,
                     "Take the last checkpoint in the database for what was signed last, where nothing is kept here");
    followFlag->excludes(onceFlag)->excludes(epoch);
    return [options, epoch] {
        options->newEpoch = epoch->count() > 0;
        return run(*options);
    };
}

} // namespace scr::ctl
