#include "packing/pack_request.h"

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <system_error>

#include <sodium.h>

#include <fmt/format.h>

#include "audit/hash.h"
#include "audit/minisign.h"
#include "scanning/site_profile.h"
#include "seal/key_file.h"
#include "settings/profile.h"
#include "settings/state_dirs.h"
#include "store/sql_evidence_source.h"
#include "store/sql_log_source.h"
#include "verify/verify.h"

namespace scr::packing {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr std::size_t kSaltBytes = 32;

/// What the request leaves open the profile may say.
Status complete(PackRequest& request)
{
    const auto profiles = settings::readProfiles(settings::profileFile());
    if (!profiles)
        return failureOf(profiles);
    const settings::Profile profile = settings::profileOf(*profiles, request.reader.service);
    if (request.keyFile.empty())
        request.keyFile = profile.exporterKey;
    if (request.saltFile.empty())
        request.saltFile =
            !profile.redactionSalt.empty() ? profile.redactionSalt : (settings::stateDirectory() / "redaction.salt").string();
    for (const std::string& witness : profile.witnessKeys) {
        if (const auto key = audit::parseVerifierKey(witness)) // what is none is told where signatures are looked at
            request.witnesses.push_back(*key);
    }
    if (request.keyFile.empty())
        return failure(
            Fault::Invalid, "no key is named that the pack would be signed with",
            fmt::format("Make one with scrutineerctl keygen --exporter --out FILE, and name it as exporter_key = \"FILE\" "
                        "in {}",
                        settings::profileFile().string()));
    const auto namesSomebody = [](const query::Term& term) {
        return term.field == query::Field::Token || term.field == query::Field::Author || term.field == query::Field::Origin;
    };
    if (request.isRedacted && std::ranges::any_of(request.query.filter.terms, namesSomebody))
        return failure(Fault::Invalid, "a pack with pseudonyms cannot be about somebody who is named",
                       "Leave out the filter or the pseudonyms");
    return Nothing{};
}

/// 64 hexadecimal digits in a file that only its owner may read; `made` names it when it was made just now.
Result<evidence::Redaction> redactionOf(const std::string& path, std::string& made)
{
    if (std::error_code error; !std::filesystem::exists(path, error)) {
        std::filesystem::create_directories(std::filesystem::path{path}.parent_path(), error);
        std::string salt(kSaltBytes, '\0');
        randombytes_buf(salt.data(), salt.size());
        if (const Status written = seal::writeSecretFile(path, audit::hexOf(salt) + '\n'); !written)
            return failureOf(written);
        made = path;
    }
    const auto text = seal::readSecretFile(path);
    if (!text)
        return failureOf(text);
    const auto salt = audit::bytesOfHex(std::string_view{*text}.substr(0, 2 * kSaltBytes));
    if (!salt || text->size() != 2 * kSaltBytes + 1 || text->back() != '\n')
        return failure(Fault::Invalid, fmt::format("{} holds no salt", path), "Name a new file, and one is made");
    return evidence::Redaction::with(*salt);
}

Status checkPack(const std::string& folder, const std::string& exporter, const std::string& logKey,
                 const domain::KeepGoing& keepGoing)
try {
    std::mutex asking; // the verifier asks from several threads
    // How far that is says nothing beside how far the whole is: only whether to go on is asked.
    const auto [isGood, text] = verify::verifyPack(folder, {exporter, logKey}, [&](std::uint64_t, std::uint64_t) {
        const std::lock_guard lock{asking};
        return !keepGoing || keepGoing(99, 100);
    });
    if (isGood)
        return Nothing{};
    const auto begin = text.find("findings ");
    return failure(Fault::Corrupt, fmt::format("the pack does not verify, so it was not made: {}", text.substr(begin, 2000)),
                   "Run scrutineerctl verify; when that finds nothing, please report this");
} catch (const verify::Stopped&) {
    return failure(Fault::Cancelled, "The pack was stopped, and nothing was written");
}

} // namespace

Result<MadePack> makePack(PackRequest request, const std::function<Status(const std::string&)>& log,
                          const domain::KeepGoing& keepGoing)
{
    if (const Status completed = complete(request); !completed)
        return failureOf(completed);
    const auto secret = seal::readSecretFile(request.keyFile);
    if (!secret)
        return failureOf(secret);
    const auto key = audit::MinisignKey::parse(*secret);
    if (!key)
        return failureOf(key);
    MadePack made;
    auto redaction =
        request.isRedacted ? redactionOf(request.saltFile, made.newSalt) : Result<evidence::Redaction>{evidence::Redaction{}};
    if (!redaction)
        return failureOf(redaction);
    const auto rules = scanning::rulesTextOfProfile(request.reader.service);
    if (!rules)
        return failureOf(rules);
    store::SqlLogSource logSource{request.reader};
    store::SqlEvidenceSource rows{request.reader};
    const jobs::PackOrder order{std::move(request.query),
                                request.path,
                                std::move(request.source),
                                request.program,
                                *rules,
                                request.logKey,
                                request.size,
                                *std::move(redaction),
                                std::move(request.witnesses)};
    const std::string exporter = key->publicKey();
    const std::string logKey = textOf(request.logKey);
    const auto pack = jobs::makeEvidence(
        logSource, rows, order, *key,
        {[&](const std::string& folder) { return checkPack(folder, exporter, logKey, keepGoing); }, log}, keepGoing);
    if (!pack)
        return failureOf(pack);
    made.pack = *pack;
    return made;
}

} // namespace scr::packing
