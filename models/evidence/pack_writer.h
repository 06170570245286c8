#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audit/entry.h"
#include "audit/hash.h"
#include "audit/minisign.h"
#include "domain/evidence_reading.h"
#include "domain/result.h"
#include "domain/source.h"
#include "evidence/bag.h"
#include "evidence/redaction.h"
#include "evidence/table.h"
#include "query/query.h"
#include "report/report.h"

namespace scr::evidence {

/// What a pack is about, and what vouches for it.
struct PackFacts {
    query::Query query;
    std::string origin; ///< of the checkpoint
    std::uint64_t size{};
    std::string logKey;                                         ///< the log's public key
    std::string note;                                           ///< the checkpoint, with the signatures of witnesses
    domain::UtcTime signedAt{};                                 ///< by the database's clock; a pack bears no other time
    std::vector<std::pair<std::uint64_t, std::string>> earlier; ///< earlier checkpoints: size and note
    domain::Source source;
    std::string program; ///< "scrutineer 0.1.0"
    std::string rules;   ///< TOML
};

/// Writes an evidence pack (FORMAT.md) row by row. Everything goes through the redaction here, whoever reads it. Made from the
/// same facts and rows, it is the same byte for byte.
class PackWriter {
public:
    [[nodiscard]] static domain::Result<std::unique_ptr<PackWriter>> create(const std::string& path, PackFacts facts,
                                                                            Redaction redaction, const audit::MinisignKey& key);

    // First these, in this order: entries and votes go by the names that they give.
    [[nodiscard]] domain::Status take(const domain::PackToken& token);
    [[nodiscard]] domain::Status take(const domain::PackOrigin& origin);
    [[nodiscard]] domain::Status take(const domain::Post& post);
    [[nodiscard]] domain::Status take(const domain::PackVote& vote);
    [[nodiscard]] domain::Status take(const domain::VoidRequestRow& request, const domain::PackVote& vote);
    [[nodiscard]] domain::Status take(const domain::RecordedControl& control);
    /// Then requests, flags, scores and report.
    [[nodiscard]] domain::Status take(const domain::EvidenceReading& reading);
    /// Then the entries of each bundle, in the order of their leaves. Fault::Corrupt for bytes that are no entry.
    [[nodiscard]] domain::Status takeBundle(std::uint64_t bundle, const std::vector<std::string>& entries);
    [[nodiscard]] domain::Status takeTile(int level, std::uint64_t number, const std::vector<audit::Hash>& hashes);

    /// Signs; the pack is whole after this, and not yet in its place. Returns the SHA-256 of the signed manifest, hex.
    [[nodiscard]] domain::Result<std::string> finish();
    [[nodiscard]] const std::string& staging() const noexcept { return m_bag.staging(); }
    [[nodiscard]] domain::Status commit() { return m_bag.commit(); }

private:
    struct Tables;
    PackWriter(Bag bag, Database database, PackFacts facts, Redaction redaction, const audit::MinisignKey& key);
    [[nodiscard]] domain::Status begin();
    [[nodiscard]] domain::Status addAttempt(std::uint64_t leaf, const audit::Entry& entry);
    [[nodiscard]] domain::Status addDecision(std::uint64_t leaf, const audit::Entry& entry);
    [[nodiscard]] domain::Status addRedacted();
    [[nodiscard]] domain::Status addRequests(const domain::AuditReading& reading);
    [[nodiscard]] domain::Status addFlags(const domain::AuditReading& reading);
    [[nodiscard]] domain::Status addReport(domain::AuditReading reading);
    [[nodiscard]] std::string nameOf(const std::unordered_map<std::string, std::string>& names, const audit::Entry& entry,
                                     std::string_view field) const;
    [[nodiscard]] std::string description() const;
    [[nodiscard]] std::string bagFacts() const;
    [[nodiscard]] std::string instructions() const; ///< for whoever was given the pack

    Bag m_bag;
    Database m_database;
    PackFacts m_facts;
    Redaction m_redaction;
    const audit::MinisignKey& m_key;
    std::shared_ptr<Tables> m_tables;                      ///< shared, as its type is known in one file only
    std::unordered_map<std::string, std::string> m_tokens; ///< names by pseudonym
    std::unordered_map<std::string, std::string> m_origins;
    std::map<std::string, std::pair<std::string, std::string>> m_redactedTokens; ///< by name: pseudonym and state
    std::map<std::string, std::string> m_redactedOrigins;
    std::set<std::uint64_t> m_chosen; ///< leaves of attempts that have a row, with a filter
};

} // namespace scr::evidence
