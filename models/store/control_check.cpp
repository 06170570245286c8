#include "store/control_check.h"

#include <algorithm>
#include <map>

#include <libpq-fe.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "embedded/embedded.h"
#include "store/environment_check.h"
#include "store/installed_functions.h"
#include "store/read_connection.h"
#include "store/seen_log.h"

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
constexpr std::string_view kSealed = "sealed";
constexpr std::string_view kSealedInTime =
    "sealed_in_time"; ///< all that it asks for has an index; the planner does not know the bounds
constexpr std::string_view kSeparate = "separate_environments";

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
    control.query = withLogDays(control.query);
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

class Checker {
public:
    Checker(ReadConnection& connection, const ControlOptions& options) :
        m_connection{connection}, m_options{options}, m_known{installedFunctions()}
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
        if (control.name == kSealed && !m_options.seenLog)
            return cannotTell(control, m_options.seenLog.error());
        const Result<std::string> raced = control.name == kLock ? racedJson() : std::string{};
        const Result<ReadRows> rows = raced ? readOnly(m_connection, control.query, {}, *raced, control.name == kSealedInTime)
                                            : Result<ReadRows>{failureOf(raced)};
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

    /// As the statement of lock_before_check reads it.
    Result<std::string> racedJson()
    {
        if (!m_options.race)
            return std::string{};
        const RaceFinding& race = *m_options.race;
        const std::string schema = race.function.substr(0, race.function.find('.'));
        const Result<ReadRows> code =
            readOnly(m_connection, std::string{embedded::text("sql/read/voting_code.sql")}, {schema}, {});
        if (!code)
            return failureOf(code);
        const nlohmann::json json{
            {"function", race.function}, {"is_this", code->text(0, 0) == race.code}, {"what", race.what}, {"broke", race.broke}};
        return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }

    Result<ReadRows> readOnly(ReadConnection& connection, const std::string& sql, const std::vector<std::string>& parameters,
                              const std::string& raced, bool usesIndexes = false)
    {
        Result<ReadRows> rows = connection.query("BEGIN TRANSACTION READ ONLY");
        if (rows)
            rows =
                connection.query("SELECT set_config('scrutineer.known_functions', $1, true), set_config('scrutineer.raced', $2, "
                                 "true), set_config('scrutineer.seen_log', $3, true), set_config('statement_timeout', $4, true), "
                                 "set_config('search_path', 'pg_catalog', true), set_config('enable_seqscan', $5, true)",
                                 {m_known, raced, m_options.seenLog.value_or(std::nullopt).value_or(""),
                                  std::to_string(m_options.timeout.count()), usesIndexes ? "off" : "on"});
        if (rows)
            rows = connection.query(sql, parameters);
        static_cast<void>(connection.query("ROLLBACK"));
        return rows;
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
        const auto here = environmentOf(m_connection);
        const auto there = here ? environmentOf(*other) : Result<EnvironmentFacts>{failureOf(here)};
        if (!there)
            return cannotTell(control, there.error());
        weighEnvironments(control, *here, *there);
        return domain::Nothing{};
    }

    Result<EnvironmentFacts> environmentOf(ReadConnection& connection)
    {
        const Result<ReadRows> rows = readOnly(connection, kEnvironmentQuery, {}, {});
        return rows ? factsFrom(*rows, labelOf(connection.target())) : Result<EnvironmentFacts>{failureOf(rows)};
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
    if (const Status known = knowControls(names); !known)
        return failureOf(known);
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

Status knowControls(const std::vector<std::string>& names)
{
    const std::vector<Control> controls = allControls();
    for (const std::string& name : names) {
        if (std::ranges::find(controls, name, &Control::name) == controls.end())
            return failure(Fault::NotFound, fmt::format("There is no control \"{}\"", name),
                           "scrutineerctl controls --list names them");
    }
    return domain::Nothing{};
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
