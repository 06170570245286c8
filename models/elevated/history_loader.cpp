#include "elevated/history_loader.h"

#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "elevated/copy_stream.h"
#include "elevated/history_tables.h"
#include "elevated/installer.h"

namespace scr::elevated {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

enum class Stream { None, Tokens, Posts, Votes, Attempts };

const char* nameOf(Stream stream)
{
    switch (stream) {
    case Stream::None: break;
    case Stream::Tokens: return "tokens";
    case Stream::Posts: return "posts";
    case Stream::Votes: return "votes";
    case Stream::Attempts: return "attempts";
    }
    return "history";
}

constexpr const char* kWholeNumbers = "This voting system numbers its keys; use whole numbers from 1, or load the history into a "
                                      "database with the adapter imported";

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || stop != text.data() + text.size() || number < 1)
        return std::nullopt;
    return number;
}

/// Installs `imported` where the database holds nothing at all yet.
Status ensureInstalled(LoadConnection& connection, const domain::ConnectionTarget& target)
{
    const auto there = connection.text("SELECT to_regclass('scrutineer.setting') IS NOT NULL");
    if (!there)
        return failureOf(there);
    if (*there == "t")
        return Nothing{};
    const auto others = connection.text("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                                        "WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'");
    if (!others)
        return failureOf(others);
    if (*others != "0")
        return failure(Fault::Rejected, "this database holds other tables, and Scrutineer is not installed in it",
                       "Import into an empty database, or run scrutineerctl init first");
    // A history alone is nobody's production, and one analyst must be able to try a void on it.
    const auto installed = install(target, {"imported", domain::Environment::Staging, false});
    return installed ? Status{Nothing{}} : Status{failureOf(installed)};
}

} // namespace

class HistoryLoader::Load {
public:
    [[nodiscard]] Status begin(const domain::ConnectionTarget& target, const std::string& description);
    [[nodiscard]] Result<LoadReport> finish();

    [[nodiscard]] Status add(const domain::HistoryToken& token);
    [[nodiscard]] Status add(const domain::HistoryPost& post);
    [[nodiscard]] Status add(const domain::HistoryVote& vote);
    [[nodiscard]] Status add(const domain::HistoryAttempt& attempt);

private:
    [[nodiscard]] Status turnTo(Stream stream);
    [[nodiscard]] Status endStream();
    [[nodiscard]] Status startTransaction();
    [[nodiscard]] std::int64_t rows(Stream stream) const;
    [[nodiscard]] bool key(std::string_view text);
    [[nodiscard]] bool keyOrNull(std::string_view text);
    [[nodiscard]] tl::unexpected<domain::Error> badRow(const char* what, std::int64_t row, const std::string& why) const;
    [[nodiscard]] Status writeLog(const LoadReport& report);

    LoadConnection m_connection;
    CopyStream m_copy{m_connection};
    std::unique_ptr<HistoryTables> m_tables;
    Stream m_stream = Stream::None;
    std::string m_adapter;
    std::string m_description;
    std::int64_t m_tokens = 0;
    std::int64_t m_posts = 0;
    std::int64_t m_votes = 0;
    std::int64_t m_attempts = 0;
    std::int64_t m_streamStart = 0; ///< rows of its kind before the running COPY began
    bool m_keysGiven = false;
    bool m_hasOrigin = false;
    bool m_hasAuthor = false;
};

Status HistoryLoader::Load::begin(const domain::ConnectionTarget& target, const std::string& description)
{
    m_description = description.empty() ? "history" : description;
    if (const Status open = m_connection.open(target); !open)
        return open;
    if (const Status ready = ensureInstalled(m_connection, target); !ready)
        return ready;
    if (const Status started = startTransaction(); !started)
        return started;
    const auto adapter = m_connection.text("SELECT adapter FROM scrutineer.setting");
    if (!adapter)
        return failureOf(adapter);
    m_adapter = *adapter;
    m_tables = std::make_unique<HistoryTables>(m_connection, m_adapter);
    return m_tables->prepare();
}

Status HistoryLoader::Load::startTransaction()
{
    const Status begun =
        m_connection.run("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '15s';"
                         "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL maintenance_work_mem = '256MB';"
                         "SET LOCAL client_min_messages = warning");
    if (!begun)
        return begun;
    const auto alone = m_connection.text("SELECT pg_try_advisory_xact_lock(hashtextextended('scrutineer.import', 0))");
    if (!alone)
        return failureOf(alone);
    if (*alone != "t")
        return failure(Fault::Rejected, "another import into this database is running", "Wait until it has ended");
    return Nothing{};
}

Status HistoryLoader::Load::turnTo(Stream stream)
{
    if (m_stream == stream)
        return Nothing{};
    if (const Status ended = endStream(); !ended)
        return ended;
    m_stream = stream;
    m_streamStart = rows(stream);
    switch (stream) {
    case Stream::None: return Nothing{};
    case Stream::Tokens: return m_copy.begin("staged_token", "row_number, token_key, label, created_at, state", 5);
    case Stream::Posts: return m_copy.begin("staged_post", "row_number, post_key, title, author_key, created_at, counter", 6);
    case Stream::Votes:
        return m_adapter == "imported"
                   ? m_copy.begin("imported.vote", "vote_key, token_key, post_key, value, cast_at, origin, author_key", 7)
                   : m_copy.begin(m_tables->table("vote"), "vote_key, token_key, post_key, value, cast_at, origin", 6);
    case Stream::Attempts:
        return m_copy.begin(m_tables->table("attempt"),
                            "attempt_key, token_key, post_key, value, attempted_at, finished_at, outcome, sqlstate, vote_key, "
                            "origin, request_key",
                            11);
    }
    return Nothing{};
}

std::int64_t HistoryLoader::Load::rows(Stream stream) const
{
    switch (stream) {
    case Stream::None: return 0;
    case Stream::Tokens: return m_tokens;
    case Stream::Posts: return m_posts;
    case Stream::Votes: return m_votes;
    case Stream::Attempts: return m_attempts;
    }
    return 0;
}

Status HistoryLoader::Load::endStream()
{
    const Stream ended = m_stream;
    m_stream = Stream::None;
    Status outcome = m_copy.end();
    if (outcome || ended == Stream::None)
        return outcome;
    domain::Error error = outcome.error();
    if (const std::string row = m_copy.failedRow(); !row.empty())
        error.detail = fmt::format("row {} of the {}: {}", m_streamStart + std::stoll(row), nameOf(ended), error.detail);
    if (error.sqlstate == "23505" && ended == Stream::Votes) {
        error.fault = Fault::Invalid;
        error.remedy = m_adapter == "reference"
                           ? "Each token has one vote on a post here, and each vote a key of its own; a history with duplicates "
                             "belongs into a database with the adapter imported"
                           : "Give each vote a key of its own, or leave the column vote_key out";
    }
    return tl::unexpected<domain::Error>{std::move(error)};
}

bool HistoryLoader::Load::key(std::string_view text)
{
    if (!m_tables->hasNumberKeys()) {
        m_copy.text(text);
        return !text.empty();
    }
    const std::optional<std::int64_t> number = wholeNumber(text);
    m_copy.number(number.value_or(0));
    return number.has_value();
}

bool HistoryLoader::Load::keyOrNull(std::string_view text)
{
    if (!text.empty())
        return key(text);
    m_copy.null();
    return true;
}

tl::unexpected<domain::Error> HistoryLoader::Load::badRow(const char* what, std::int64_t row, const std::string& why) const
{
    return failure(Fault::Invalid, fmt::format("row {} of the {}: {}", row, what, why),
                   m_tables->hasNumberKeys() ? kWholeNumbers : "Correct that row");
}

Status HistoryLoader::Load::add(const domain::HistoryToken& token)
{
    if (const Status turned = turnTo(Stream::Tokens); !turned)
        return turned;
    m_copy.startRow();
    m_copy.number(++m_tokens);
    if (!key(token.token))
        return badRow("tokens", m_tokens, fmt::format("\"{}\" cannot be a token's key", token.token));
    m_copy.text(token.label);
    m_copy.timeOrNull(token.createdAt);
    m_copy.textOrNull(token.state);
    return m_copy.endRow();
}

Status HistoryLoader::Load::add(const domain::HistoryPost& post)
{
    if (const Status turned = turnTo(Stream::Posts); !turned)
        return turned;
    m_copy.startRow();
    m_copy.number(++m_posts);
    if (!key(post.post))
        return badRow("posts", m_posts, fmt::format("\"{}\" cannot be a post's key", post.post));
    m_copy.text(post.title);
    m_copy.textOrNull(post.author);
    m_copy.timeOrNull(post.createdAt);
    if (post.counter)
        m_copy.precise(*post.counter);
    else
        m_copy.null();
    m_hasAuthor = m_hasAuthor || !post.author.empty();
    return m_copy.endRow();
}

Status HistoryLoader::Load::add(const domain::HistoryVote& vote)
{
    if (const Status turned = turnTo(Stream::Votes); !turned)
        return turned;
    m_copy.startRow();
    ++m_votes;
    m_keysGiven = m_keysGiven || !vote.voteKey.empty();
    if (vote.voteKey.empty() && m_tables->hasNumberKeys())
        m_copy.number(m_tables->lastVote() + m_votes);
    else if (!key(vote.voteKey.empty() ? std::to_string(m_tables->lastVote() + m_votes) : vote.voteKey))
        return badRow("votes", m_votes, fmt::format("\"{}\" cannot be a vote's key", vote.voteKey));
    if (!key(vote.token))
        return badRow("votes", m_votes, fmt::format("\"{}\" cannot be a token's key", vote.token));
    if (!key(vote.post))
        return badRow("votes", m_votes, fmt::format("\"{}\" cannot be a post's key", vote.post));
    if (!std::isfinite(static_cast<float>(vote.value)))
        return badRow("votes", m_votes, "the value is not a finite number");
    m_copy.real(vote.value);
    m_copy.time(vote.castAt);
    if (!m_copy.address(vote.origin))
        return badRow("votes", m_votes, fmt::format("\"{}\" is not an address", vote.origin));
    if (m_adapter == "imported")
        m_copy.textOrNull(vote.author);
    m_hasOrigin = m_hasOrigin || !vote.origin.empty();
    m_hasAuthor = m_hasAuthor || !vote.author.empty();
    return m_copy.endRow();
}

Status HistoryLoader::Load::add(const domain::HistoryAttempt& attempt)
{
    if (const Status turned = turnTo(Stream::Attempts); !turned)
        return turned;
    m_copy.startRow();
    m_copy.number(m_tables->lastAttempt() + ++m_attempts);
    if (!keyOrNull(attempt.token))
        return badRow("attempts", m_attempts, fmt::format("\"{}\" cannot be a token's key", attempt.token));
    if (!keyOrNull(attempt.post))
        return badRow("attempts", m_attempts, fmt::format("\"{}\" cannot be a post's key", attempt.post));
    m_copy.real(attempt.value);
    m_copy.time(attempt.attemptedAt);
    m_copy.timeOrNull(attempt.finishedAt);
    m_copy.text(domain::nameOf(attempt.outcome));
    m_copy.textOrNull(attempt.sqlstate);
    if (!keyOrNull(attempt.voteKey))
        return badRow("attempts", m_attempts, fmt::format("\"{}\" cannot be a vote's key", attempt.voteKey));
    if (!m_copy.address(attempt.origin))
        return badRow("attempts", m_attempts, fmt::format("\"{}\" is not an address", attempt.origin));
    m_copy.textOrNull(attempt.requestKey);
    return m_copy.endRow();
}

Status HistoryLoader::Load::writeLog(const LoadReport& report)
{
    if (m_adapter == "imported") {
        const auto load = m_connection.rows(
            "INSERT INTO imported.load (description, votes, attempts, has_origin, has_author) VALUES ($1, $2, $3, $4, $5)",
            {m_description, std::to_string(m_votes), std::to_string(m_attempts), m_hasOrigin ? "t" : "f",
             m_hasAuthor ? "t" : "f"});
        if (!load)
            return failureOf(load);
    }
    const auto logged =
        m_connection.rows("SELECT scrutineer.log('import', $1, 'done', $2)",
                          {m_adapter, fmt::format("{}: {} votes, {} attempts, {} new posts, {} new tokens", m_description,
                                                  report.votes, report.attempts, report.posts, report.tokens)});
    return logged ? Status{Nothing{}} : Status{failureOf(logged)};
}

Result<LoadReport> HistoryLoader::Load::finish()
{
    if (const Status ended = endStream(); !ended)
        return failureOf(ended);
    const Result<HistoryTables::Made> made = m_tables->complete(m_keysGiven);
    if (!made)
        return failureOf(made);
    const LoadReport report{m_adapter, m_votes, m_attempts, made->posts, made->tokens};
    if (const Status logged = writeLog(report); !logged)
        return failureOf(logged);
    const Status committed = m_connection.run("COMMIT");
    if (!committed && committed.error().sqlstate.starts_with("08"))
        return failure(Fault::InDoubt, "the connection broke during COMMIT: the history may or may not be loaded",
                       "Look into the audit log whether this import is there before you load it again");
    if (!committed)
        return failureOf(committed);
    return report;
}

HistoryLoader::HistoryLoader() = default;
HistoryLoader::~HistoryLoader() = default;

Status HistoryLoader::begin(const domain::ConnectionTarget& target, const std::string& description)
{
    m_load = std::make_unique<Load>();
    return m_load->begin(target, description);
}

namespace {

template <class Load, class Row>
Status addAll(Load& load, std::span<const Row> rows)
{
    for (const Row& row : rows) {
        if (const Status added = load.add(row); !added)
            return added;
    }
    return Nothing{};
}

} // namespace

Status HistoryLoader::addTokens(std::span<const domain::HistoryToken> tokens)
{
    return addAll(*m_load, tokens);
}
Status HistoryLoader::addPosts(std::span<const domain::HistoryPost> posts)
{
    return addAll(*m_load, posts);
}
Status HistoryLoader::addVotes(std::span<const domain::HistoryVote> votes)
{
    return addAll(*m_load, votes);
}
Status HistoryLoader::addAttempts(std::span<const domain::HistoryAttempt> attempts)
{
    return addAll(*m_load, attempts);
}

Result<LoadReport> HistoryLoader::finish()
{
    Result<LoadReport> report = m_load->finish();
    m_load.reset();
    return report;
}

} // namespace scr::elevated
