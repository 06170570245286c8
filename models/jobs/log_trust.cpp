#include "jobs/log_trust.h"

#include <algorithm>

#include <fmt/format.h>

namespace scr::jobs {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Result;

namespace {

constexpr const char* kExplain = "Find out why. If it is explained, move what is remembered here away, and begin anew";

} // namespace

Result<LogTrust> trustIn(const std::vector<ports::LogEpoch>& epochs, const std::optional<audit::KnownLog>& known,
                         const NamedKeys& named)
{
    LogTrust trust;
    trust.isConfirmed = !named.log.empty() || (known && known->isConfirmed);
    if (named.log.empty() && !known && epochs.empty())
        return failure(Fault::NotFound, "nothing of this log was ever sealed",
                       "Let scrutineerctl seal run beside the database, with a key of its own");
    auto key = audit::parseVerifierKey(!named.log.empty() ? named.log : known ? known->verifier : epochs.back().verifier);
    if (!key)
        return failureOf(key);
    if (key->type != audit::SignatureType::Log)
        return failure(Fault::Invalid, "that is the key of a witness, not of a log",
                       "Name the key that keygen printed for the log");
    trust.key = *std::move(key);
    for (std::size_t i = 0; i < named.witnesses.size(); ++i) {
        auto witness = audit::parseVerifierKey(named.witnesses[i]);
        if (witness && witness->type == audit::SignatureType::Cosignature)
            trust.witnesses.push_back(*std::move(witness));
        else // it is not told: it may be a private one
            trust.leftOut =
                fmt::format("of the keys of witnesses that were named, number {} is none as keygen --witness prints it", i + 1);
    }
    if (!known)
        return trust;
    if (known->verifier != textOf(trust.key))
        return failure(Fault::Rejected, "the log of this database had another key when it was last seen here: " + known->verifier,
                       kExplain);
    for (const auto& [origin, note] : known->notes) {
        if (std::ranges::find(epochs, origin, &ports::LogEpoch::origin) == epochs.end())
            return failure(Fault::Rejected,
                           "the log " + origin +
                               " was seen here before, and the database has it no more: it was put back from a backup "
                               "that is older, or somebody took it away",
                           kExplain);
        trust.remembered.push_back(note);
    }
    trust.witnessed = known->witnessed;
    return trust;
}

std::optional<audit::KnownLog> learned(const std::optional<audit::KnownLog>& known, const LogTrust& trust,
                                       const audit::SignedCheckpoint& seen, const audit::Witnessed& witnessed)
{
    audit::KnownLog log = known.value_or(audit::KnownLog{textOf(trust.key), false, {}, {}});
    bool isNew = trust.isConfirmed && !log.isConfirmed;
    log.isConfirmed = trust.isConfirmed;
    std::string& note = log.notes[seen.checkpoint.origin];
    const auto before = audit::openCheckpoint(note, trust.key);
    if (!before || before->checkpoint.size < seen.checkpoint.size) {
        note = seen.note;
        isNew = true;
    }
    for (const auto& [name, size] : witnessed) {
        if (std::uint64_t& largest = log.witnessed[seen.checkpoint.origin][name]; largest < size) {
            largest = size;
            isNew = true;
        }
    }
    return isNew ? std::optional{std::move(log)} : std::nullopt;
}

} // namespace scr::jobs
