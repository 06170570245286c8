#include "support/pack.h"

#include <algorithm>
#include <set>
#include <vector>

#include <QtGlobal>

#include <fmt/format.h>

#include "audit/checkpoint.h"
#include "audit/entry.h"
#include "audit/frontier.h"
#include "audit/hash.h"
#include "audit/minisign.h"
#include "audit/note.h"
#include "audit/tiles.h"
#include "audit/tree.h"
#include "evidence/pack_writer.h"
#include "evidence/tile_set.h"

namespace scr::test {

namespace {

constexpr std::int64_t kStart = 1'770'000'000'000'000; ///< February 2026, micros
constexpr std::int64_t kStep = 1'234'567;
constexpr const char* kDigests = "0123456789abcdef";

void demand(const domain::Status& status)
{
    if (!status)
        qFatal("the pack cannot be made: %s", status.error().detail.c_str());
}

std::string pseudonymOf(const std::string& text)
{
    return audit::hexOf(audit::sha256(text)).substr(0, 32);
}

/// Which entry the log has at each leaf, made anew whenever it is asked for: a log of ten million needs no memory.
class MadeLog {
public:
    explicit MadeLog(const PackRecipe& recipe) : m_recipe{recipe}
    {
        std::string reviewed;
        for (const std::uint64_t vote : {1, 2})
            reviewed += fmt::format("{}\t{}\t{}\t1\t{}\tcounted\n", vote, pseudonymOf("token " + tokenOf(vote)), postOf(vote),
                                    timeOf(vote));
        m_digest = audit::hexOf(audit::sha256(reviewed));
    }

    [[nodiscard]] std::uint64_t size() const { return m_recipe.attempts + 3; }
    [[nodiscard]] std::string tokenOf(std::uint64_t attempt) const
    {
        const std::uint64_t token = attempt * 7919 % m_recipe.tokens;
        const std::string name = fmt::format("tok-{}", token);
        return token > 0 ? name : name + std::string(std::max(m_recipe.nameBytes, name.size()) - name.size(), 'x');
    }
    [[nodiscard]] static std::string postOf(std::uint64_t attempt) { return fmt::format("{}", attempt % 37); }
    [[nodiscard]] static std::string originOf(std::uint64_t attempt)
    {
        return fmt::format("10.0.{}.{}", attempt / 256 % 7, attempt % 256);
    }
    [[nodiscard]] static std::int64_t timeOf(std::uint64_t attempt)
    {
        return kStart + static_cast<std::int64_t>(attempt) * kStep;
    }
    [[nodiscard]] static bool isAccepted(std::uint64_t attempt) { return attempt % 11 != 10; }
    [[nodiscard]] const std::string& digest() const { return m_digest; }

    [[nodiscard]] std::string entryAt(std::uint64_t leaf) const
    {
        const bool isVoidedBefore = m_recipe.isVoidedBefore && leaf == 0;
        if (leaf < m_recipe.attempts && !isVoidedBefore)
            return attemptAt(leaf);
        const auto which = isVoidedBefore ? 1 : leaf - m_recipe.attempts;
        const bool isOfVoid = which == 1 || (which == 0 && m_recipe.isProposed);
        const std::string kind = which == 1 ? "void" : which == 2 ? "export" : isOfVoid ? "propose" : "review";
        const std::string detail =
            which == 0 ? "a sock puppet, \\\"Bob\\\"\\nsays so; ü → 𝄞" : "2 votes on 2 posts: sock puppets";
        return fmt::format(
            R"({{"actor":"moderator","at":{},"detail":"{}","digest":{},"key":"{}","kind":"{}","outcome":"done","subject":"{}","v":1}})",
            timeOf(leaf), detail, isOfVoid ? '"' + m_digest + '"' : "null", which + 1, kind, isOfVoid ? "V-1" : "F-0123");
    }

private:
    [[nodiscard]] std::string attemptAt(std::uint64_t n) const
    {
        return fmt::format(
            R"({{"action":"cast","at":{},"finished":{},"key":"{}","kind":"attempt","origin":"{}","outcome":"{}","post":"{}",)"
            R"("request":"req-{:x}","sqlstate":null,"token":"{}","v":1,"value":"1","vote":{}}})",
            timeOf(n), timeOf(n) + 2345, n + 1, pseudonymOf("origin " + originOf(n)), isAccepted(n) ? "accepted" : "rate_limited",
            postOf(n), n * 2654435761U, pseudonymOf("token " + tokenOf(n)), isAccepted(n) ? fmt::format("\"{}\"", n) : "null");
    }

    const PackRecipe& m_recipe;
    std::string m_digest;
};

domain::PackVote voteOf(const MadeLog& log, std::uint64_t n)
{
    return {domain::VoteKey{std::to_string(n)},
            domain::TokenKey{log.tokenOf(n)},
            domain::PostKey{MadeLog::postOf(n)},
            domain::AuthorKey{fmt::format("author-{}", n % 3)},
            "1",
            domain::timeOf(MadeLog::timeOf(n)),
            MadeLog::originOf(n),
            "counted"};
}

void takeNames(evidence::PackWriter& writer, const PackRecipe& recipe, const MadeLog& log)
{
    std::set<std::string> tokens;
    std::set<std::string> origins;
    for (std::uint64_t n = 0; n < std::min<std::uint64_t>(recipe.attempts, recipe.tokens + 2000); ++n) {
        tokens.insert(log.tokenOf(n));
        origins.insert(MadeLog::originOf(n));
    }
    for (const std::string& token : tokens)
        demand(writer.take(domain::PackToken{domain::TokenKey{token}, pseudonymOf("token " + token),
                                             "label, of " + token.substr(0, 9), domain::timeOf(kStart), "active"}));
    for (const std::string& origin : origins)
        demand(writer.take(domain::PackOrigin{origin, pseudonymOf("origin " + origin)}));
    for (std::uint64_t n = 0; n < 37; ++n)
        demand(writer.take(domain::Post{domain::PostKey{MadeLog::postOf(n)}, fmt::format("Post {}", n),
                                        domain::AuthorKey{"author-1"}, domain::timeOf(kStart), static_cast<double>(n)}));
}

domain::EvidenceReading readingOf(const PackRecipe& recipe, const MadeLog& log)
{
    domain::EvidenceReading reading;
    domain::VoidRequestRow request;
    request.number = 1;
    request.request = domain::RequestId{"7b0c1f1e-0000-4000-8000-000000000001"};
    request.state = domain::RequestState::Done;
    request.votes = 2;
    request.posts = 2;
    request.requestedBy = "admin";
    request.reason = "sock puppets";
    request.requestedAt = domain::timeOf(MadeLog::timeOf(recipe.attempts));
    request.committedAt = request.requestedAt;
    request.digest = log.digest();
    request.standing = 2;
    reading.report.requests.push_back({request, {}, {}});
    for (std::uint64_t bundle = recipe.from / audit::kTileWidth; bundle * audit::kTileWidth < log.size(); ++bundle)
        reading.bundles.push_back(bundle);
    for (std::uint64_t n = recipe.from; recipe.isFiltered && n < recipe.attempts; ++n) {
        if (log.tokenOf(n) == "tok-0")
            reading.chosen.push_back(n);
    }
    return reading;
}

std::string signedAt(std::uint64_t size, audit::MemoryHashes& hashes, const audit::SigningKey& key, int epoch)
{
    const auto root = audit::Tree{hashes, size}.root(size);
    const auto note =
        root
            ? audit::signNote(audit::textOf(audit::Checkpoint{audit::originOf(key.verifier().name, epoch), size, *root, {}}), key)
            : domain::Result<std::string>{domain::failureOf(root)};
    if (!note)
        qFatal("the checkpoint cannot be signed: %s", note.error().detail.c_str());
    return *note;
}

void takeLog(evidence::PackWriter& writer, const MadeLog& log, audit::MemoryHashes& hashes,
             const domain::EvidenceReading& reading, const std::vector<std::uint64_t>& earlier)
{
    for (const std::uint64_t bundle : reading.bundles) {
        std::vector<std::string> entries;
        for (std::uint64_t leaf = bundle * audit::kTileWidth; leaf < std::min((bundle + 1) * audit::kTileWidth, log.size());
             ++leaf)
            entries.push_back(log.entryAt(leaf));
        demand(writer.takeBundle(bundle, entries));
    }
    for (const auto& [level, number] : evidence::tilesFor(log.size(), reading.bundles, earlier)) {
        const auto tile = hashes.hashes(level, number * audit::kTileWidth, audit::tileWidth(level, number, log.size()));
        if (!tile)
            qFatal("there is no such tile");
        demand(writer.takeTile(level, number, *tile));
    }
}

} // namespace

PackKeys makePack(const PackRecipe& recipe)
{
    const MadeLog log{recipe};
    audit::MemoryHashes hashes;
    for (std::uint64_t leaf = 0; leaf < log.size(); ++leaf)
        hashes.append(audit::leafHash(log.entryAt(leaf)));
    const auto logKey = audit::SigningKey::make("example.org/log", audit::SignatureType::Log);
    const audit::MinisignKey exporter = audit::MinisignKey::make();
    if (!logKey)
        qFatal("no key");
    evidence::PackFacts facts;
    if (recipe.from > 0)
        facts.query.range.from = domain::timeOf(MadeLog::timeOf(recipe.from));
    if (recipe.isFiltered)
        facts.query.filter = query::parseFilter("token=tok-0").value();
    facts.origin = audit::originOf(logKey->verifier().name, recipe.epoch);
    facts.size = log.size();
    facts.logKey = textOf(logKey->verifier());
    facts.note = signedAt(log.size(), hashes, *logKey, recipe.epoch);
    facts.signedAt = domain::timeOf(MadeLog::timeOf(log.size()));
    facts.program = "scrutineer test";
    facts.rules = "# none\n";
    std::vector<std::uint64_t> earlier;
    if (recipe.earlier > 0) {
        earlier.push_back(recipe.earlier);
        facts.earlier.emplace_back(recipe.earlier, signedAt(recipe.earlier, hashes, *logKey, recipe.epoch));
    }
    evidence::Redaction redaction;
    if (recipe.isRedacted)
        redaction = evidence::Redaction::with(kDigests + std::string(32, 's')).value();
    auto writer = evidence::PackWriter::create(recipe.path, std::move(facts), std::move(redaction), exporter);
    if (!writer)
        qFatal("the pack cannot be made: %s", writer.error().detail.c_str());
    takeNames(**writer, recipe, log);
    for (std::uint64_t n = recipe.from; n < recipe.attempts; ++n) {
        if (MadeLog::isAccepted(n) && (!recipe.isFiltered || log.tokenOf(n) == "tok-0"))
            demand((*writer)->take(voteOf(log, n)));
    }
    const domain::EvidenceReading reading = readingOf(recipe, log);
    for (const std::uint64_t n : {1, 2})
        demand((*writer)->take(reading.report.requests.front().request, voteOf(log, n)));
    demand((*writer)->take(
        domain::RecordedControl{"unique_key", "holds", "it is there", domain::timeOf(kStart), domain::timeOf(kStart)}));
    demand((*writer)->take(reading));
    takeLog(**writer, log, hashes, reading, earlier);
    if (const auto manifest = (*writer)->finish(); !manifest)
        qFatal("the pack cannot be signed: %s", manifest.error().detail.c_str());
    demand((*writer)->commit());
    return {exporter.publicKey(), textOf(logKey->verifier())};
}

} // namespace scr::test
