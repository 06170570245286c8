#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

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
};

int run(const Options& options)
{
    auto key = options.show.empty() ? audit::SigningKey::make(options.name, options.witness ? audit::SignatureType::Cosignature
                                                                                            : audit::SignatureType::Log)
                                    : seal::readKeyFile(options.show);
    if (!key)
        return report(key.error());
    if (options.show.empty()) {
        if (const domain::Status written = seal::writeKeyFile(options.out, *key); !written)
            return report(written.error());
        warn(fmt::format("The private key is in {}. Whoever has it can sign in this name: keep a copy where only you reach it. "
                         "The line on standard output is the public key; give it to everybody who verifies.",
                         options.out));
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
    auto* show = command.add_option("--show", options->show, "Print the public key of this private key instead");
    name->needs(out);
    out->needs(name);
    show->excludes(name)->excludes(out);
    return [options, &command] {
        if (options->show.empty() && options->name.empty()) {
            warn(fmt::format("Name the key: {} --name example.org/audit-log --out FILE.", command.get_name()));
            return kCouldNot;
        }
        return run(*options);
    };
}

} // namespace scr::ctl
