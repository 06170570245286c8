#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "audit/minisign.h"
#include "audit/note.h"
#include "ctl/terminal.h"
#include "ctl/verb.h"
#include "seal/key_file.h"

namespace scr::ctl {

namespace {

struct Options {
    std::string name;
    std::string out;
    std::string show;
    bool witness = false;
    bool exporter = false;
};

constexpr const char* kKept = "Whoever has it can sign in this name: keep a copy where only you reach it. The line on standard "
                              "output is the public key; give it to everybody who verifies.";

int makeExporterKey(const std::string& path)
{
    const audit::MinisignKey key = audit::MinisignKey::make();
    if (const domain::Status written = seal::writeSecretFile(path, key.text()); !written)
        return report(written.error());
    warn(fmt::format("The private key is in {}. {}", path, kKept));
    fmt::print("{}\n", key.publicKey());
    return finishDone("The key was made");
}

int showExporterKey(const std::string& path)
{
    const auto secret = seal::readSecretFile(path);
    const auto key = secret ? audit::MinisignKey::parse(*secret) : domain::Result<audit::MinisignKey>{domain::failureOf(secret)};
    if (!key)
        return report(key.error());
    fmt::print("{}\n", key->publicKey());
    return finishDone("The key was read");
}

int run(const Options& options)
{
    if (options.exporter)
        return options.show.empty() ? makeExporterKey(options.out) : showExporterKey(options.show);
    auto key = options.show.empty() ? audit::SigningKey::make(options.name, options.witness ? audit::SignatureType::Cosignature
                                                                                            : audit::SignatureType::Log)
                                    : seal::readKeyFile(options.show);
    if (!key)
        return report(key.error());
    if (options.show.empty()) {
        if (const domain::Status written = seal::writeKeyFile(options.out, *key); !written)
            return report(written.error());
        warn(fmt::format("The private key is in {}. {}", options.out, kKept));
    }
    fmt::print("{}\n", textOf(key->verifier()));
    return finishDone("The key was made");
}

} // namespace

Run addKeygen(CLI::App& command)
{
    const auto options = std::make_shared<Options>();
    auto* name = command.add_option(
        "--name", options->name, "What the log or the witness is called, such as example.org/audit-log; no spaces, no plus sign");
    auto* out = command.add_option("--out", options->out, "Where the private key goes: a new file that only you may read");
    command.add_flag("--witness", options->witness, "For cosign, not for seal")->needs(name);
    command.add_flag("--exporter", options->exporter, "For export --evidence: a key as minisign has them, without a name")
        ->excludes(name);
    auto* show = command.add_option("--show", options->show, "Print the public key of this private key instead");
    name->needs(out);
    show->excludes(name)->excludes(out);
    return [options, &command] {
        if (options->exporter && options->show.empty() == options->out.empty()) {
            warn(fmt::format("Say where the key goes: {} --exporter --out FILE.", command.get_name()));
            return kCouldNot;
        }
        if (!options->exporter && options->show.empty() && options->name.empty()) {
            warn(fmt::format("Name the key: {} --name example.org/audit-log --out FILE.", command.get_name()));
            return kCouldNot;
        }
        return run(*options);
    };
}

} // namespace scr::ctl
