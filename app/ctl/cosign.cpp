#include <chrono>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "audit/checkpoint.h"
#include "ctl/connect.h"
#include "ctl/log_access.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "elevated/cosignatures.h"
#include "jobs/verify_log.h"
#include "seal/key_file.h"
#include "store/sql_log_source.h"

namespace scr::ctl {

namespace {

struct Options {
    std::string service;
    std::string witness;
    std::string key;
    std::string checkpoint;
};

domain::Status sign(const Options& options, const LogAccess& access, const audit::SigningKey& witness,
                    const jobs::VerifyReport& report)
{
    const audit::SignedCheckpoint& newest = *report.newest;
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    const auto line = audit::signatureLine(textOf(newest.checkpoint), witness, now.count());
    if (!line)
        return domain::failureOf(line);
    // What is remembered comes first: a witness that forgets what it signed is none.
    if (const domain::Status kept = rememberVerified(access, newest, {}); !kept)
        return kept;
    const bool isStored = report.witnessed.at(witness.verifier().name) == newest.checkpoint.size; // once is enough
    const auto writer = elevatedOf(options.service);
    if (!writer)
        return domain::failureOf(writer);
    const domain::Status stored = isStored ? domain::Status{domain::Nothing{}}
                                           : elevated::storeCosignature(*writer, report.epoch.epoch, newest.checkpoint.size,
                                                                        witness.verifier().name, *line);
    if (!stored)
        return stored;
    fmt::print("{}\n", audit::lineOf(newest.note + *line));
    // So that somebody notices when it is taken away. It is signed all the same.
    if (const auto kept = rememberVerified(access, newest, {{witness.verifier().name, newest.checkpoint.size}}); !kept)
        warn(fmt::format("The signature is stored, but not remembered here: {}.", sentenceOf(kept.error())));
    return domain::Nothing{};
}

int run(const Options& options)
{
    const auto witness = seal::readKeyFile(options.witness);
    if (!witness)
        return report(witness.error());
    if (witness->verifier().type != audit::SignatureType::Cosignature) {
        warn(fmt::format("{} is the key of a log. A witness has one of its own: scrutineerctl keygen --witness.",
                         options.witness));
        return kCouldNot;
    }
    store::SqlLogSource source{readerOf(options.service)};
    const auto access = accessLog(options.service, options.key, options.checkpoint, source);
    if (!access)
        return report(access.error());
    const auto verified =
        jobs::verifyCheckpoints(source, {access->trust.key, access->trust.remembered, {}, {}, {witness->verifier()}, {}});
    if (!verified)
        return report(verified.error());
    if (!verified->isGood()) {
        warn(fmt::format("Not signed: {}.", verified->findings.empty() ? "no checkpoint is signed with the key of this log"
                                                                       : verified->findings.front().detail));
        return kFound;
    }
    if (const domain::Status done = sign(options, *access, *witness, *verified); !done)
        return report(done.error());
    return finishDone("The checkpoint was signed");
}

} // namespace

Run addCosign(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    addService(command, options->service)->required();
    command.add_option("--witness", options->witness, "The private key of the witness, as keygen --witness made it")->required();
    command.add_option("--key", options->key, "The log's public key, or a file with it; see verify");
    command.add_option("--checkpoint", options->checkpoint,
                       "A checkpoint in one line that was seen elsewhere: the newest is only signed if it begins with that one");
    return [options] { return run(*options); };
}

} // namespace scr::ctl
