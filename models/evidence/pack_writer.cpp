#include "evidence/pack_writer.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "audit/frontier.h"
#include "audit/tiles.h"
#include "codec/flag_json.h"
#include "evidence/layout.h"
#include "report/writers.h"

namespace scr::evidence {

using domain::failureOf;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

domain::UtcTime timeOf(const audit::Entry& entry, std::string_view field)
{
    return domain::timeOf(entry.number(field).value_or(0));
}

std::string joined(const std::vector<domain::FlagKey>& keys)
{
    std::string text;
    for (const domain::FlagKey& key : keys)
        text += (text.empty() ? "" : " ") + key.text;
    return text;
}

} // namespace

struct PackWriter::Tables {
    std::optional<Table> tokens, origins, posts, votes, reviewed, controls, requests, scores, attempts, decisions;

    [[nodiscard]] auto all()
    {
        return std::array{&tokens, &origins, &posts, &votes, &reviewed, &controls, &requests, &scores, &attempts, &decisions};
    }
};

PackWriter::PackWriter(Bag bag, Database database, PackFacts facts, Redaction redaction, const audit::MinisignKey& key) :
    m_bag{std::move(bag)}, m_database{std::move(database)}, m_facts{std::move(facts)}, m_redaction{std::move(redaction)},
    m_key{key}, m_tables{std::make_shared<Tables>()}
{
}

Result<std::unique_ptr<PackWriter>> PackWriter::create(const std::string& path, PackFacts facts, Redaction redaction,
                                                       const audit::MinisignKey& key)
{
    auto bag = Bag::create(path);
    if (!bag)
        return failureOf(bag);
    const auto place = bag->reserve("data/evidence.sqlite");
    if (!place)
        return failureOf(place);
    auto database = Database::create(*place);
    if (!database)
        return failureOf(database);
    std::unique_ptr<PackWriter> writer{
        new PackWriter{*std::move(bag), *std::move(database), std::move(facts), std::move(redaction), key}};
    if (const Status begun = writer->begin(); !begun)
        return failureOf(begun);
    return writer;
}

Status PackWriter::begin()
{
    Status status = Nothing{};
    const auto open = [&](std::optional<Table>& table, const TableLayout& layout) {
        if (!status)
            return;
        auto opened = Table::open(m_bag, m_database, layout);
        if (opened)
            table.emplace(*std::move(opened));
        else
            status = failureOf(opened);
    };
    open(m_tables->tokens, kTokens);
    open(m_tables->origins, kOrigins);
    open(m_tables->posts, kPosts);
    open(m_tables->votes, kVotes);
    open(m_tables->reviewed, kReviewed);
    open(m_tables->controls, kControls);
    open(m_tables->requests, kRequests);
    open(m_tables->scores, kScores);
    open(m_tables->attempts, kAttempts);
    open(m_tables->decisions, kDecisions);
    return status;
}

Status PackWriter::take(const domain::PackToken& token)
{
    const std::string name = m_redaction.token(token.token.text);
    m_tokens.emplace(token.pseudonym, name);
    if (!m_redaction.isClear()) { // when somebody came and what they call themselves tells who they are
        m_redactedTokens.emplace(name, std::pair{token.pseudonym, token.state});
        return Nothing{};
    }
    m_tables->tokens->cell(name).cell(token.pseudonym).cell(token.label).cell(token.createdAt);
    return m_tables->tokens->cell(token.state).endRow();
}

Status PackWriter::take(const domain::PackOrigin& origin)
{
    const std::string name = m_redaction.origin(origin.origin);
    m_origins.emplace(origin.pseudonym, name);
    if (!m_redaction.isClear()) {
        m_redactedOrigins.emplace(name, origin.pseudonym);
        return Nothing{};
    }
    return m_tables->origins->cell(name).cell(origin.pseudonym).endRow();
}

/// In the order of the names that were made up: that of the keys would tell which they are.
Status PackWriter::addRedacted()
{
    Status written = Nothing{};
    for (const auto& [name, facts] : m_redactedTokens) {
        if (written)
            written = m_tables->tokens->cell(name).cell(facts.first).cell("").cell("").cell(facts.second).endRow();
    }
    for (const auto& [name, pseudonym] : m_redactedOrigins) {
        if (written)
            written = m_tables->origins->cell(name).cell(pseudonym).endRow();
    }
    return written;
}

Status PackWriter::take(const domain::Post& post)
{
    m_tables->posts->cell(post.key.text).cell(post.title).cell(m_redaction.author(post.author.text)).cell(post.createdAt);
    return m_tables->posts->cell(post.counter ? fmt::format("{}", *post.counter) : "").endRow();
}

Status PackWriter::take(const domain::PackVote& vote)
{
    m_tables->votes->cell(vote.key.text)
        .cell(m_redaction.token(vote.token.text))
        .cell(vote.post.text)
        .cell(m_redaction.author(vote.author.text));
    return m_tables->votes->cell(vote.value).cell(vote.castAt).cell(m_redaction.origin(vote.origin)).cell(vote.state).endRow();
}

Status PackWriter::take(const domain::VoidRequestRow& request, const domain::PackVote& vote)
{
    Table& table = *m_tables->reviewed;
    table.cell(request.request.text)
        .cell(vote.key.text)
        .cell(m_redaction.token(vote.token.text))
        .cell(vote.post.text)
        .cell(vote.value);
    table.cell(domain::microsOf(vote.castAt)).cell(vote.state);
    return table.cell(m_redaction.author(vote.author.text)).cell(m_redaction.origin(vote.origin)).endRow();
}

Status PackWriter::take(const domain::RecordedControl& control)
{
    m_tables->controls->cell(control.name).cell(control.state).cell(m_redaction.text(control.evidence));
    return m_tables->controls->cell(control.checkedAt).cell(control.since).endRow();
}

Status PackWriter::take(const domain::EvidenceReading& reading)
{
    m_chosen.insert(reading.chosen.begin(), reading.chosen.end());
    Status written = addRequests(reading.report);
    for (const auto& post : reading.report.scores.posts) {
        if (written)
            written = m_tables->scores->cell(post.post.text)
                          .cell(post.title)
                          .cell(fmt::format("{}", post.scoreBefore))
                          .cell(fmt::format("{}", post.flaggedBefore))
                          .endRow();
    }
    if (written)
        written = addFlags(reading.report);
    return written ? addReport(reading.report) : written;
}

Status PackWriter::addRequests(const domain::AuditReading& reading)
{
    Table& table = *m_tables->requests;
    for (const domain::RequestReading& one : reading.requests) {
        const domain::VoidRequestRow& row = one.request;
        table.cell(fmt::format("V-{}", row.number))
            .cell(row.request.text)
            .cell(domain::nameOf(row.kind))
            .cell(domain::nameOf(row.state));
        table.cell(row.votes)
            .cell(row.posts)
            .cell(row.requestedBy)
            .cell(row.approvedBy)
            .cell(row.requestedAt)
            .cell(row.committedAt);
        table.cell(m_redaction.text(row.reason))
            .cell(joined(row.flags))
            .cell(row.restores.text)
            .cell(row.restoredBy.text)
            .cell(row.digest);
        table.cell(row.withdrawnBy).cell(row.withdrawnAt).cell(m_redaction.text(row.withdrawalReason)).cell(row.standing);
        if (const Status written = table.endRow(); !written)
            return written;
    }
    return Nothing{};
}

Status PackWriter::addFlags(const domain::AuditReading& reading)
{
    auto file = m_bag.open("data/flags.jsonl");
    if (!file)
        return failureOf(file);
    for (const domain::FlagReading& flag : reading.flags) {
        if (const Status written = file->write(codec::recordedFlagToJson(m_redaction.flag(flag)) + '\n'); !written)
            return written;
    }
    return m_bag.close(*std::move(file));
}

Status PackWriter::addReport(domain::AuditReading reading)
{
    reading.readAt = m_facts.signedAt;
    reading.log.clear(); // decisions.csv has it, sealed
    for (domain::FlagReading& flag : reading.flags)
        flag = m_redaction.flag(std::move(flag));
    for (domain::RequestReading& request : reading.requests) {
        for (std::string* text : {&request.request.reason, &request.request.withdrawalReason})
            *text = m_redaction.text(*text);
    }
    domain::Source source = m_facts.source;
    source.readAt = m_facts.signedAt;
    const report::Report report = report::reportOf(std::move(reading), m_facts.query.range, source, m_facts.program);
    return m_bag.write("data/report/report.html", report::htmlOf(report));
}

std::string PackWriter::nameOf(const std::unordered_map<std::string, std::string>& names, const audit::Entry& entry,
                               std::string_view field) const
{
    const std::string pseudonym = entry.text(field);
    const auto found = names.find(pseudonym);
    return found == names.end() ? pseudonym : found->second;
}

Status PackWriter::takeBundle(std::uint64_t bundle, const std::vector<std::string>& entries)
{
    std::string bytes;
    std::uint64_t leaf = bundle * audit::kTileWidth;
    for (const std::string& entry : entries) {
        audit::appendToBundle(bytes, entry);
        const auto decoded = audit::Entry::decode(entry);
        if (!decoded)
            return failureOf(decoded);
        if (const Status added = decoded->isAttempt() ? addAttempt(leaf, *decoded) : addDecision(leaf, *decoded); !added)
            return added;
        ++leaf;
    }
    return m_bag.write("data/log/" + audit::bundlePath(bundle, entries.size()), bytes);
}

Status PackWriter::addAttempt(std::uint64_t leaf, const audit::Entry& entry)
{
    const bool isChosen = m_facts.query.filter.terms.empty() || m_chosen.contains(leaf);
    if (!isChosen || !m_facts.query.range.contains(timeOf(entry, "at")))
        return Nothing{};
    Table& table = *m_tables->attempts;
    table.cell(static_cast<std::int64_t>(leaf))
        .cell(entry.text("key"))
        .cell(entry.text("action"))
        .cell(nameOf(m_tokens, entry, "token"));
    table.cell(entry.text("post")).cell(entry.text("value")).cell(timeOf(entry, "at"));
    if (entry.number("finished"))
        table.cell(timeOf(entry, "finished"));
    else
        table.cell("");
    table.cell(entry.text("outcome")).cell(entry.text("sqlstate")).cell(entry.text("vote"));
    return table.cell(nameOf(m_origins, entry, "origin")).cell(entry.text("request")).endRow();
}

Status PackWriter::addDecision(std::uint64_t leaf, const audit::Entry& entry)
{
    if (!m_facts.query.range.contains(timeOf(entry, "at")))
        return Nothing{};
    Table& table = *m_tables->decisions;
    table.cell(static_cast<std::int64_t>(leaf)).cell(entry.text("key")).cell(timeOf(entry, "at"));
    for (const char* field : {"kind", "subject", "outcome", "actor", "detail", "digest"})
        table.cell(entry.text(field));
    return table.endRow();
}

Status PackWriter::takeTile(int level, std::uint64_t number, const std::vector<audit::Hash>& hashes)
{
    std::string bytes;
    for (const audit::Hash& hash : hashes)
        bytes += audit::bytesOf(hash);
    return m_bag.write("data/log/" + audit::tilePath(level, number, hashes.size()), bytes);
}

/// Names in order and numbers whole: nlohmann's plain object is the canonical form then.
std::string PackWriter::description() const
{
    const auto timeOrNull = [](const std::optional<domain::UtcTime>& time) {
        return time ? nlohmann::json(domain::microsOf(*time)) : nlohmann::json();
    };
    const domain::Source& source = m_facts.source;
    const nlohmann::json json{{"adapter", source.adapter},
                              {"attempts", m_facts.query.filter.terms.empty() ? "all" : "chosen"},
                              {"environment", domain::nameOf(source.environment)},
                              {"exporter", m_key.publicKey()},
                              {"filter", query::textOf(m_facts.query.filter)},
                              {"format", "scrutineer-evidence/1"},
                              {"from", timeOrNull(m_facts.query.range.from)},
                              {"key", m_facts.logKey},
                              {"made_by", source.login},
                              {"origin", m_facts.origin},
                              {"program", m_facts.program},
                              {"signed_at", domain::microsOf(m_facts.signedAt)},
                              {"site", source.database},
                              {"size", m_facts.size},
                              {"to", timeOrNull(m_facts.query.range.to)},
                              {"tokens", m_redaction.isClear() ? "clear" : "pseudonyms"}};
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

std::string PackWriter::instructions() const
{
    const std::string filter = query::textOf(m_facts.query.filter);
    return fmt::format(
        "This is an evidence pack of {}: {}{}.\n"
        "It was made by {} and tells {}.\n\n"
        "To check it, offline:\n\n"
        "    scrutineer-verify --exporter EXPORTER --key LOG PACK\n\n"
        "PACK is this folder, or the .tar file. EXPORTER is the public key of who made the pack, LOG that of the log. Get both "
        "from the\n"
        "site itself and not with the pack: whoever made up a pack would make up keys for it. It says that they are\n\n"
        "    EXPORTER  {}\n"
        "    LOG       {}\n\n"
        "To look at it, with every page and no database:\n\n"
        "    scrutineer --evidence PACK\n\n"
        "Without either of them: sha256sum -c manifest-sha256.txt and sha256sum -c tagmanifest-sha256.txt show that nothing "
        "changed\n"
        "on the way, and minisign -V -P EXPORTER -m tagmanifest-sha256.txt that it is the exporter's. Rows are in data/rows as "
        "CSV and\n"
        "in data/evidence.sqlite, the sealed log itself in data/log as C2SP tlog-tiles. FORMAT.md of Scrutineer describes all of "
        "it,\n"
        "well enough to write a verifier of one's own.\n",
        m_facts.source.database.empty() ? m_facts.origin : m_facts.source.database, report::periodText(m_facts.query.range),
        filter.empty() ? "" : ", what matches " + filter, m_facts.program,
        m_redaction.isClear() ? "whose votes these are" : "nobody's name: the same made-up name is the same person throughout",
        m_key.publicKey(), m_facts.logKey);
}

std::string PackWriter::bagFacts() const
{
    return fmt::format(
        "Bag-Software-Agent: {}\nBagging-Date: {}\nExternal-Identifier: {} {}\nExternal-Description: evidence pack, {}\n",
        m_facts.program, domain::isoText(m_facts.signedAt).substr(0, 10), m_facts.origin, m_facts.size,
        report::periodText(m_facts.query.range));
}

Result<std::string> PackWriter::finish()
{
    Status status = addRedacted();
    for (std::optional<Table>* table : m_tables->all()) {
        if (status)
            status = (*table)->close(m_bag);
    }
    const auto write = [&](const std::string& path, std::string_view bytes) {
        if (status)
            status = m_bag.write(path, bytes);
    };
    write("data/log/checkpoint", m_facts.note);
    for (const auto& [size, note] : m_facts.earlier)
        write(fmt::format("data/log/checkpoints/{}", size), note);
    write("data/rules.toml", m_facts.rules);
    write("data/README.txt", instructions());
    write("data/pack.json", description());
    if (status)
        status = m_database.close();
    if (status)
        status = m_bag.adopt("data/evidence.sqlite");
    if (!status)
        return failureOf(status);
    return m_bag.sign(bagFacts(), m_key, fmt::format("{} {} {}", "scrutineer-evidence/1", m_facts.origin, m_facts.size));
}

} // namespace scr::evidence
