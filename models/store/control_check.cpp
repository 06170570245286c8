#include "store/control_check.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <sstream>

#include <QCryptographicHash>

#include <libpq-fe.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "embedded/embedded.h"
#include "store/read_connection.h"

namespace scr::store {

namespace {

using domain::Control;
using domain::ControlState;
using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Result;
using domain::Status;

constexpr std::string_view kFolder = "sql/controls/";
constexpr std::string_view kProof = "/* read_only_proof */";
constexpr std::string_view kLock = "lock_before_check";
constexpr std::string_view kSeparate = "separate_environments";
constexpr std::uint64_t kCrowd = 50; ///< tokens of one network; a household or an office has fewer

/// The value of a comment "-- key: value" at the head of the file.
std::string headerOf(std::string_view text, std::string_view key)
{
    const std::string mark = fmt::format("-- {}: ", key);
    const auto at = text.find(mark);
    const auto end = text.find('\n', at);
    return at == std::string_view::npos ? std::string{} : std::string{text.substr(at + mark.size(), end - at - mark.size())};
}

Control controlOf(std::string_view text)
{
    Control control;
    control.name = headerOf(text, "name");
    control.group = headerOf(text, "group");
    control.title = headerOf(text, "title");
    control.about = headerOf(text, "about");
    while (text.starts_with("-- "))
        text.remove_prefix(text.find('\n') + 1);
    control.query = text;
    if (const auto at = control.query.find(kProof); at != std::string::npos)
        control.query.replace(at, kProof.size(), embedded::text("sql/read/read_only_proof.sql"));
    return control;
}

Control separation()
{
    Control control;
    control.name = kSeparate;
    control.group = "Secrets and connections";
    control.title = "Production and staging are two clusters with two keys";
    control.about = "What is tried on staging must not reach production: another cluster, another hash key, and no network that "
                    "votes in both.";
    return control;
}

/// Adds the functions that this text of ours creates, each by its name and the SHA-256 of its source between dollar signs.
void addFunctions(std::multimap<std::string, std::string>& known, std::string_view text)
{
    constexpr std::string_view kCreate = "CREATE FUNCTION ";
    constexpr std::string_view kReplace = "CREATE OR REPLACE FUNCTION ";
    for (std::size_t at = 0; (at = text.find("CREATE ", at)) != std::string_view::npos; ++at) {
        if (at > 0 && text[at - 1] != '\n')
            continue;
        const std::string_view from = text.substr(at);
        const bool replaces = from.starts_with(kReplace);
        if (!replaces && !from.starts_with(kCreate))
            continue;
        const std::string_view head = from.substr(replaces ? kReplace.size() : kCreate.size());
        const auto open = head.find("AS $$");
        const auto close = head.find("$$", open + 5);
        if (close == std::string_view::npos || head.substr(0, open).find(';') != std::string_view::npos)
            continue;
        const std::string name{head.substr(0, head.find('('))};
        const std::string_view source = head.substr(open + 5, close - open - 5);
        const QByteArray hash = QCryptographicHash::hash(
            QByteArray::fromRawData(source.data(), static_cast<qsizetype>(source.size())), QCryptographicHash::Sha256);
        if (replaces)
            known.erase(name);
        known.emplace(name, hash.toHex().toStdString());
    }
}

/// "reference.attend 5f…": a line for each function that we install.
std::string knownFunctions()
{
    std::multimap<std::string, std::string> known;
    for (const std::string_view folder : {"sql/reference/0", "sql/adapters/reference/views", "sql/scrutineer/0"}) {
        for (const embedded::Text& text : embedded::texts()) {
            if (text.path.starts_with(folder))
                addFunctions(known, text.body);
        }
    }
    std::string lines;
    for (const auto& [name, hash] : known)
        lines += fmt::format("{}{} {}", lines.empty() ? "" : "\n", name, hash);
    return lines;
}

class Checker {
public:
    Checker(ReadConnection& connection, const ControlOptions& options) :
        m_connection{connection}, m_options{options}, m_known{knownFunctions()}
    {
    }

    Status check(Control& control)
    {
        const auto begin = std::chrono::steady_clock::now();
        control.checkedAt = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        const Status done = control.name == kSeparate ? compare(control) : look(control);
        control.took = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);
        return done;
    }

private:
    /// The answer of a control that is one statement.
    Status look(Control& control)
    {
        const Result<std::string> raced = control.name == kLock ? racedJson() : std::string{};
        const Result<ReadRows> rows = raced ? readOnly(m_connection, control.query, *raced) : Result<ReadRows>{failureOf(raced)};
        if (!rows)
            return cannotTell(control, rows.error());
        if (rows->size() != 1 || rows->columns() != 3)
            return cannotTell(control, {Fault::Corrupt,
                                        "The check gave no answer",
                                        "Run scrutineerctl init of this version: that renews the views",
                                        {}});
        control.state = domain::controlStateOf(rows->text(0, 0)).value_or(ControlState::Unknown);
        control.evidence = rows->text(0, 1);
        control.remedy = control.state == ControlState::Holds ? std::string_view{} : rows->text(0, 2);
        return domain::Nothing{};
    }

    Status cannotTell(Control& control, const domain::Error& error)
    {
        if (PQstatus(m_connection.handle()) != CONNECTION_OK)
            return failure(error.fault, error.detail, error.remedy, error.sqlstate);
        control.state = ControlState::Unknown;
        control.evidence = error.detail + '.';
        control.remedy = error.remedy;
        return domain::Nothing{};
    }

    /// SHA-256 of what stands here behind a function of that name.
    Result<std::string> codeBehind(const std::string& function)
    {
        const std::string schema = function.substr(0, function.find('.'));
        Result<ReadRows> rows = m_connection.query("BEGIN TRANSACTION READ ONLY");
        if (rows)
            rows = m_connection.query("SELECT set_config('search_path', 'pg_catalog', true)");
        if (rows)
            rows = m_connection.query(std::string{embedded::text("sql/read/voting_code.sql")}, {schema});
        static_cast<void>(m_connection.query("ROLLBACK"));
        if (!rows)
            return failureOf(rows);
        return std::string{rows->text(0, 0)};
    }

    /// As the statement of lock_before_check reads it.
    Result<std::string> racedJson()
    {
        if (!m_options.race)
            return std::string{};
        const RaceFinding& race = *m_options.race;
        const Result<std::string> code = codeBehind(race.function);
        if (!code)
            return failureOf(code);
        const nlohmann::json json{
            {"function", race.function}, {"is_this", *code == race.code}, {"what", race.what}, {"broke", race.broke}};
        return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }

    Result<ReadRows> readOnly(ReadConnection& connection, const std::string& sql, const std::string& raced = {})
    {
        Result<ReadRows> rows = connection.query("BEGIN TRANSACTION READ ONLY");
        if (rows)
            rows =
                connection.query("SELECT set_config('scrutineer.known_functions', $1, true), set_config('scrutineer.raced', $2, "
                                 "true), set_config('statement_timeout', $3, true)",
                                 {m_known, raced, std::to_string(m_options.timeout.count())});
        if (rows)
            rows = connection.query(sql);
        static_cast<void>(connection.query("ROLLBACK"));
        return rows;
    }

    struct Facts {
        std::string environment;
        std::string cluster;
        std::string key;
        std::string label;
        std::map<std::string, std::uint64_t> tokensOf; ///< those that voted from a network within 30 days
    };

    Result<Facts> factsOf(ReadConnection& connection)
    {
        const Result<ReadRows> rows = readOnly(
            connection,
            "SELECT environment, (SELECT system_identifier FROM pg_control_system())::text, "
            "coalesce((SELECT value FROM scrutineer.safeguard WHERE name = 'hash_key_fingerprint'), ''), "
            "(SELECT coalesce(string_agg(n.network || ' ' || n.tokens, ' '), '') FROM ("
            "SELECT network(set_masklen(origin, CASE family(origin) WHEN 4 THEN 24 ELSE 48 END))::text AS network, "
            "count(DISTINCT token_key) AS tokens FROM scrutineer.attempt "
            "WHERE attempted_at > now() - interval '30 days' AND origin IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT "
            "100000) n) FROM scrutineer.source");
        if (!rows)
            return failureOf(rows);
        if (rows->size() != 1)
            return failure(Fault::Corrupt, "The view scrutineer.source does not hold its one row");
        Facts facts{std::string{rows->text(0, 0)},
                    std::string{rows->text(0, 1)},
                    std::string{rows->text(0, 2)},
                    labelOf(connection.target()),
                    {}};
        std::istringstream list{std::string{rows->text(0, 3)}};
        std::string network;
        for (std::uint64_t tokens = 0; list >> network >> tokens;)
            facts.tokensOf[network] = tokens;
        return facts;
    }

    Status compare(Control& control)
    {
        if (!m_options.other) {
            control.evidence = "No other environment was named to compare this one with.";
            control.remedy = "scrutineerctl controls --service PRODUCTION --other STAGING\n"
                             "or, for the console too, in ~/.config/scrutineer/profiles.toml:\n"
                             "[service.PRODUCTION]\nother = \"STAGING\"";
            return domain::Nothing{};
        }
        Result<ReadConnection> other = ReadConnection::open(*m_options.other);
        if (!other)
            return cannotTell(control, other.error());
        const Result<Facts> here = factsOf(m_connection);
        const Result<Facts> there = here ? factsOf(*other) : Result<Facts>{failureOf(here)};
        if (!there)
            return cannotTell(control, there.error());
        weigh(control, *here, *there);
        return domain::Nothing{};
    }

    static std::vector<std::string> wordsOf(const std::string& text)
    {
        std::istringstream stream{text};
        return {std::istream_iterator<std::string>{stream}, {}};
    }

    static void weigh(Control& control, const Facts& here, const Facts& there)
    {
        std::vector<std::string> shared;
        std::vector<std::string> crowded; // of a proxy or a provider, so that they do not tell one voter from another
        for (const auto& [network, tokens] : here.tokensOf) {
            const auto other = there.tokensOf.find(network);
            if (other != there.tokensOf.end())
                (std::max(tokens, other->second) > kCrowd ? crowded : shared).push_back(network);
        }
        std::string wrong;
        const auto add = [&](const std::string& what, const std::string& remedy) {
            wrong += (wrong.empty() ? "" : " ") + what;
            control.remedy += (control.remedy.empty() ? "" : "\n") + remedy;
        };
        if (here.environment == there.environment)
            add(fmt::format("Both are marked {}.", here.environment), "scrutineerctl init --service OWNER --environment staging");
        if (here.cluster == there.cluster)
            add(fmt::format("Both are in one cluster ({}): who takes it down, or logs in as its superuser, has both.",
                            here.cluster),
                "Move staging to a cluster of its own: initdb, or pg_dump and restore; a copy of the files keeps the identity.");
        for (const std::string& key : wordsOf(here.key)) { // each of its keys lets tokens vote, not the newest alone
            if (there.key.find(key) != std::string::npos)
                add(fmt::format("Both hash tokens with one key ({}): a token of the one votes in the other.", key),
                    "On staging: SELECT reference.add_hash_key(); then issue its tokens anew, and "
                    "reference.revoke_tokens_of_key() "
                    "for the old key.");
        }
        if (!shared.empty())
            add(fmt::format("{} networks vote in both, {} among them.", shared.size(), shared.front()),
                "Look at who these are: test traffic that reaches production is counted there.");
        control.state = wrong.empty() ? ControlState::Holds : ControlState::Fails;
        control.evidence =
            wrong.empty()
                ? fmt::format(
                      "{} is {} in cluster {}, {} is {} in cluster {}; keys {} and {}; of {} and {} networks none votes in both.",
                      here.label, here.environment, here.cluster, there.label, there.environment, there.cluster,
                      here.key.empty() ? "none" : here.key, there.key.empty() ? "none" : there.key, here.tokensOf.size(),
                      there.tokensOf.size())
                : wrong;
        if (wrong.empty() && !crowded.empty()) {
            control.state = ControlState::Unknown;
            control.evidence =
                fmt::format("Two clusters, two keys; but {} networks of more than {} tokens vote in both, {} among "
                            "them: the addresses are those of a proxy, and do not tell who votes where.",
                            crowded.size(), kCrowd, crowded.front());
            control.remedy = "Hand the voter's own address to the voting functions, not the proxy's: the last one of "
                             "X-Forwarded-For that your proxy has added.";
        }
    }

    ReadConnection& m_connection;
    const ControlOptions& m_options;
    std::string m_known;
};

struct Recorded {
    std::string state;
    domain::UtcTime since;
    std::optional<domain::Acceptance> accepted;
};

/// What is on record of the controls; nothing where this login may not read it.
std::map<std::string, Recorded> recordedIn(ReadConnection& connection)
{
    std::map<std::string, Recorded> recorded;
    const Result<ReadRows> checks =
        connection.query("SELECT control, state, scrutineer.micros(since) FROM scrutineer.control_now");
    for (int row = 0; checks && row < checks->size(); ++row)
        recorded[std::string{checks->text(row, 0)}] = {std::string{checks->text(row, 1)}, domain::timeOf(checks->integer(row, 2)),
                                                       std::nullopt};
    const Result<ReadRows> accepted = connection.query(
        "SELECT control, actor, reason, scrutineer.micros(at), scrutineer.micros(until), state FROM scrutineer.control_accepted");
    for (int row = 0; accepted && row < accepted->size(); ++row)
        recorded[std::string{accepted->text(row, 0)}].accepted =
            domain::Acceptance{std::string{accepted->text(row, 1)}, std::string{accepted->text(row, 2)},
                               domain::controlStateOf(accepted->text(row, 5)).value_or(ControlState::Fails),
                               domain::timeOf(accepted->integer(row, 3)), domain::timeOf(accepted->integer(row, 4))};
    return recorded;
}

Result<std::vector<Control>> chosen(const std::vector<std::string>& names)
{
    std::vector<Control> controls = allControls();
    for (const std::string& name : names) {
        if (std::ranges::find(controls, name, &Control::name) == controls.end())
            return failure(Fault::NotFound, fmt::format("There is no control \"{}\"", name),
                           "scrutineerctl controls --list names them");
    }
    if (!names.empty())
        std::erase_if(controls, [&](const Control& control) { return std::ranges::find(names, control.name) == names.end(); });
    return controls;
}

} // namespace

std::vector<Control> allControls()
{
    std::vector<Control> controls;
    for (const embedded::Text& text : embedded::texts()) {
        if (text.path.starts_with(kFolder))
            controls.push_back(controlOf(text.body));
    }
    controls.push_back(separation());
    std::vector<std::string> groups;
    for (const Control& control : controls) {
        if (std::ranges::find(groups, control.group) == groups.end())
            groups.push_back(control.group);
    }
    std::ranges::stable_sort(controls, {},
                             [&](const Control& control) { return std::ranges::find(groups, control.group) - groups.begin(); });
    return controls;
}

Result<std::vector<Control>> checkControls(const domain::ConnectionTarget& target, const ControlOptions& options)
{
    Result<std::vector<Control>> controls = chosen(options.names);
    if (!controls)
        return controls;
    Result<ReadConnection> connection = ReadConnection::open(target);
    if (!connection)
        return failureOf(connection);
    Checker checker{*connection, options};
    const std::map<std::string, Recorded> recorded = recordedIn(*connection);
    for (std::size_t i = 0; i < controls->size(); ++i) {
        if (options.progress && !options.progress(i, controls->size()))
            return failure(Fault::Cancelled, "The controls were stopped before all of them were checked");
        if (const Status done = checker.check((*controls)[i]); !done)
            return failureOf(done);
        Control& control = (*controls)[i];
        const auto before = recorded.find(control.name);
        if (before == recorded.end())
            continue;
        if (before->second.state == nameOf(control.state))
            control.since = before->second.since;
        const auto& accepted = before->second.accepted;
        if (accepted && (control.state == accepted->state || control.state == ControlState::Unknown))
            control.accepted = accepted;
    }
    return controls;
}

} // namespace scr::store
