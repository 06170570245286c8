#include "ctl/export_evidence.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <sodium.h>

#include <fmt/format.h>

#include "audit/hash.h"
#include "audit/minisign.h"
#include "ctl/connect.h"
#include "ctl/log_access.h"
#include "ctl/terminal.h"
#include "jobs/make_evidence.h"
#include "scanning/site_profile.h"
#include "seal/key_file.h"
#include "store/source_probe.h"
#include "store/sql_evidence_source.h"
#include "store/sql_log_source.h"
#include "verify/verify.h"

namespace scr::ctl {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr std::size_t kSaltBytes = 32;

/// 64 hexadecimal digits in a file that only its owner may read.
Result<evidence::Redaction> redactionOf(const std::string& path)
{
    if (path.empty())
        return evidence::Redaction{};
    if (std::error_code error; !std::filesystem::exists(path, error)) {
        std::string salt(kSaltBytes, '\0');
        randombytes_buf(salt.data(), salt.size());
        if (const Status written = seal::writeSecretFile(path, audit::hexOf(salt) + '\n'); !written)
            return failureOf(written);
        warn(fmt::format("The salt is in {}. Who has it finds out whose a pseudonym is: keep it, and give it to nobody.", path));
    }
    const auto text = seal::readSecretFile(path);
    if (!text)
        return failureOf(text);
    const auto salt = audit::bytesOfHex(std::string_view{*text}.substr(0, 2 * kSaltBytes));
    if (!salt || text->size() != 2 * kSaltBytes + 1 || text->back() != '\n')
        return failure(Fault::Invalid, fmt::format("{} holds no salt", path), "Name a new file, and one is made");
    return evidence::Redaction::with(*salt);
}

Status checkPack(const std::string& folder, const std::string& exporter, const std::string& logKey)
{
    const auto [isGood, text] = verify::verifyPack(folder, {exporter, logKey});
    if (isGood)
        return Nothing{};
    const auto begin = text.find("findings ");
    return failure(Fault::Corrupt, fmt::format("the pack does not verify, so it was not made: {}", text.substr(begin, 2000)),
                   "Run scrutineerctl verify; when that finds nothing, please report this");
}

} // namespace

Status exportEvidence(const std::string& service, const EvidenceOptions& options, const std::string& filterText,
                      const domain::TimeRange& period, const std::function<Status(const std::string&)>& log)
{
    const domain::ConnectionTarget reader = readerOf(service);
    const auto filter = query::parseFilter(filterText);
    if (!filter)
        return failureOf(filter);
    const auto namesSomebody = [](const query::Term& term) {
        return term.field == query::Field::Token || term.field == query::Field::Author || term.field == query::Field::Origin;
    };
    if (!options.salt.empty() && std::ranges::any_of(filter->terms, namesSomebody))
        return failure(Fault::Invalid, "a pack with pseudonyms cannot be about somebody who is named",
                       "Leave the filter or --redact out");
    const auto secret = seal::readSecretFile(options.key);
    if (!secret)
        return failureOf(secret);
    const auto key = audit::MinisignKey::parse(*secret);
    if (!key)
        return failureOf(key);
    auto redaction = redactionOf(options.salt);
    if (!redaction)
        return failureOf(redaction);
    const auto rules = scanning::rulesTextOfProfile(service);
    if (!rules)
        return failureOf(rules);
    store::SqlLogSource logSource{reader};
    const auto access = accessLog(service, {}, {}, logSource);
    if (!access)
        return failureOf(access);
    auto source = store::probeSource(reader);
    if (!source)
        return failureOf(source);
    store::SqlEvidenceSource rows{reader};
    Progress progress{"Making the evidence pack"};
    const jobs::PackOrder order{{*filter, period}, options.path, *std::move(source),   "scrutineer " SCRUTINEER_VERSION, *rules,
                                access->trust.key, options.size, *std::move(redaction)};
    const std::string exporter = key->publicKey();
    const std::string logKey = textOf(access->trust.key);
    const auto made = jobs::makeEvidence(logSource, rows, order, *key,
                                         {[&](const std::string& folder) { return checkPack(folder, exporter, logKey); }, log},
                                         [&](std::uint64_t done, std::uint64_t total) { return progress(done, total); });
    if (!made)
        return failureOf(made);
    fmt::print("{}\nmanifest {}\ncheckpoint of {} entries, {} of them in the pack\n", options.path, made->manifest, made->size,
               made->entries);
    return Nothing{};
}

} // namespace scr::ctl
