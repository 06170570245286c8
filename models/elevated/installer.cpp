#include "elevated/installer.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include <libpq-fe.h>

#include <fmt/format.h>

#include "elevated/write_transaction.h"
#include "embedded/embedded.h"

namespace scr::elevated {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr std::array<std::string_view, 3> kAdapters{"reference", "unprotected", "imported"};
constexpr WriteLimits kLimits{std::chrono::seconds{15}, std::chrono::minutes{30}};

struct Installed {
    bool present{};
    std::string adapter;
    std::string environment;
    bool twoPersonRule{};
    std::map<std::string, std::string> versions; ///< path -> sha256
};

std::string hashOf(Sql& sql, std::string_view body)
{
    return sql.text("SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex')", {std::string{body}});
}

Status checkServer(Sql& sql)
{
    if (std::stoi(sql.text("SHOW server_version_num")) < 150000)
        return failure(Fault::Rejected, fmt::format("this server is PostgreSQL {}", sql.text("SHOW server_version")),
                       "Use version 15 or newer");
    return Nothing{};
}

Result<Installed> lookAround(Sql& sql)
{
    Installed installed;
    if (sql.text("SELECT to_regnamespace('scrutineer') IS NOT NULL") != "t")
        return installed;
    if (sql.text(
            "SELECT to_regclass('scrutineer.schema_version') IS NOT NULL AND to_regclass('scrutineer.setting') IS NOT NULL") !=
        "t")
        return failure(Fault::Rejected, "the database has a schema named scrutineer that this program did not make",
                       "Choose another database, or rename that schema");
    const auto settings = sql.rows("SELECT adapter, environment, two_person_rule FROM scrutineer.setting");
    if (settings.size() != 1)
        return failure(Fault::Rejected, "the table scrutineer.setting does not hold its one row",
                       "Restore the schema scrutineer from a backup");
    installed = {true, *settings[0][0], *settings[0][1], *settings[0][2] == "t", {}};
    for (const auto& row : sql.rows("SELECT path, sha256 FROM scrutineer.schema_version"))
        installed.versions.emplace(*row[0], *row[1]);
    return installed;
}

Status checkVersions(Sql& sql, const Installed& installed)
{
    for (const auto& [path, hash] : installed.versions) {
        const std::string_view body = embedded::text("sql/" + path);
        if (body.empty())
            return failure(Fault::Rejected,
                           fmt::format("the database knows the migration {}, this program does not: it is newer", path),
                           "Use the newer version of this program");
        if (hashOf(sql, body) != hash)
            return failure(Fault::Rejected,
                           fmt::format("the migration {} was applied in another form than this program has it", path),
                           "Use the program that installed this database, or ask who changed the migration");
    }
    return Nothing{};
}

Status checkAdapter(Sql& sql, const Installed& installed, const std::string& adapter)
{
    if (std::find(kAdapters.begin(), kAdapters.end(), adapter) == kAdapters.end())
        return failure(Fault::Invalid,
                       adapter.empty() ? "no adapter is named, and none is installed"
                                       : fmt::format("there is no adapter \"{}\"", adapter),
                       "Name reference, unprotected or imported");
    if (installed.present && installed.adapter != adapter)
        return failure(Fault::Rejected, fmt::format("this database holds the adapter {}, not {}", installed.adapter, adapter),
                       "One database holds one source: use another database");
    if (!installed.present && sql.text("SELECT to_regnamespace($1) IS NOT NULL", {adapter}) == "t")
        return failure(Fault::Rejected, fmt::format("the database has a schema named {} that this program did not make", adapter),
                       "Choose another database, or rename that schema");
    return Nothing{};
}

struct Setting {
    std::string adapter;
    domain::Environment environment{};
    bool twoPersonRule{};
};

Setting settingOf(const Installed& installed, const InstallOptions& options)
{
    Setting setting;
    setting.adapter = options.adapter.empty() ? installed.adapter : options.adapter;
    const auto present = domain::environmentOf(installed.environment).value_or(domain::Environment::Production);
    setting.environment = options.environment.value_or(present);
    const bool rule = installed.present ? installed.twoPersonRule : setting.environment == domain::Environment::Production;
    setting.twoPersonRule = options.twoPersonRule.value_or(rule);
    return setting;
}

void storeSetting(Sql& sql, const Setting& setting)
{
    static_cast<void>(
        sql.rows("INSERT INTO scrutineer.setting AS s (adapter, environment, two_person_rule) VALUES ($1, $2, $3) "
                 "ON CONFLICT (one_row) DO UPDATE SET environment = excluded.environment, "
                 "two_person_rule = excluded.two_person_rule",
                 {setting.adapter, std::string{nameOf(setting.environment)}, setting.twoPersonRule ? "true" : "false"}));
}

/// Once each: the site's tables, the types of its keys, then what every source has.
std::vector<std::string_view> migrationsOf(const std::string& adapter)
{
    std::vector<std::string_view> paths;
    const std::string keys = "sql/adapters/" + adapter + "/keys.sql";
    for (const std::string& folder : {"sql/" + adapter + "/0", keys, std::string{"sql/scrutineer/0"}}) {
        for (const embedded::Text& text : embedded::texts()) {
            if (text.path.starts_with(folder))
                paths.push_back(text.path);
        }
    }
    return paths;
}

void applyMigrations(Sql& sql, const Installed& installed, InstallReport& report)
{
    for (const std::string_view path : migrationsOf(report.adapter)) {
        const std::string name{path.substr(4)};
        if (installed.versions.contains(name))
            continue;
        sql.script(embedded::text(path));
        static_cast<void>(sql.rows("INSERT INTO scrutineer.schema_version (path, sha256) VALUES ($1, $2)",
                                   {name, hashOf(sql, embedded::text(path))}));
        report.applied.push_back(name);
    }
}

void logInstall(Sql& sql, const Installed& installed, const InstallReport& report)
{
    const bool sameSetting =
        installed.environment == nameOf(report.environment) && installed.twoPersonRule == report.twoPersonRule;
    if (report.applied.empty() && sameSetting)
        return;
    static_cast<void>(
        sql.rows("SELECT scrutineer.log('install', $1, 'done', $2)",
                 {report.adapter, fmt::format("environment {}, two-person rule {}, {} migrations", nameOf(report.environment),
                                              report.twoPersonRule ? "on" : "off", report.applied.size())}));
}

Status installWithin(Sql& sql, const InstallOptions& options, InstallReport& report)
{
    static_cast<void>(sql.rows("SELECT pg_advisory_xact_lock(hashtextextended('scrutineer.install', 0))"));
    if (const Status server = checkServer(sql); !server)
        return server;
    const Result<Installed> installed = lookAround(sql);
    if (!installed)
        return failureOf(installed);
    const Setting setting = settingOf(*installed, options);
    if (const Status adapter = checkAdapter(sql, *installed, setting.adapter); !adapter)
        return adapter;
    if (const Status versions = checkVersions(sql, *installed); !versions)
        return versions;
    if (setting.adapter == "unprotected" && setting.environment == domain::Environment::Production)
        return failure(Fault::Rejected, "the unprotected voting system is only for databases marked demo or staging",
                       "Choose the environment demo or staging, or another adapter");
    report = {setting.adapter, setting.environment, setting.twoPersonRule, !installed->present, {}};
    sql.script(embedded::text("sql/roles.sql"));
    sql.script("SET LOCAL ROLE scrutineer_owner; SET LOCAL search_path = pg_catalog; SET LOCAL client_min_messages = warning");
    sql.script(embedded::text("sql/bootstrap.sql"));
    storeSetting(sql, setting);
    applyMigrations(sql, *installed, report);
    for (const std::string& path : {"sql/adapters/" + setting.adapter + "/views.sql", std::string{"sql/scrutineer/reading.sql"},
                                    std::string{"sql/grants.sql"}})
        sql.script(embedded::text(path));
    logInstall(sql, *installed, report);
    // The planner takes a table that was never analysed for a filled one, and would then hash the votes against the voids.
    sql.script("ANALYZE scrutineer.voided");
    sql.script("RESET ROLE");
    sql.script(embedded::text("sql/database_grants.sql"));
    return Nothing{};
}

std::string roleOf(std::string_view shortName)
{
    static constexpr std::array<std::string_view, 5> kShort{"reader", "moderator", "admin", "auditor", "sealer"};
    if (shortName == "voting_api")
        return "voting_api";
    return std::find(kShort.begin(), kShort.end(), shortName) == kShort.end() ? "" : fmt::format("scrutineer_{}", shortName);
}

/// Hashed here, so that the password itself never stands in the server's log.
Result<std::string> passwordHash(const domain::ConnectionTarget& target, const LoginOrder& order)
{
    if (order.name.empty() || order.name.size() > 63)
        return failure(Fault::Invalid, "the name of a login has 1 to 63 bytes", "Choose another name");
    if (order.password.empty())
        return std::string{};
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection{PQconnectdb(conninfoOf(target).c_str()), &PQfinish};
    const std::unique_ptr<char, decltype(&PQfreemem)> hash{
        PQencryptPasswordConn(connection.get(), order.password.c_str(), order.name.c_str(), "scram-sha-256"), &PQfreemem};
    if (!hash)
        return failure(Fault::Unavailable, fmt::format("the password cannot be hashed: {}", PQerrorMessage(connection.get())),
                       "Try again");
    return std::string{hash.get()};
}

Status createWithin(Sql& sql, const LoginOrder& order, const std::string& hash)
{
    const auto known = sql.rows("SELECT rolcanlogin FROM pg_roles WHERE rolname = $1", {order.name});
    const std::string name = sql.quoteName(order.name);
    std::string granted;
    if (known.empty()) {
        const std::string password = hash.empty() ? "" : " PASSWORD " + sql.quoteText(hash);
        sql.script("CREATE ROLE " + name + " LOGIN" + password);
    } else if (*known[0][0] != "t") {
        return failure(Fault::Rejected, fmt::format("{} is a group, not a login", order.name), "Choose another name");
    }
    for (const std::string& shortName : order.roles) {
        const std::string role = roleOf(shortName);
        if (role.empty())
            return failure(Fault::Invalid, fmt::format("there is no role \"{}\"", shortName),
                           "Name reader, moderator, admin, auditor, sealer or voting_api");
        sql.script("GRANT " + role + " TO " + name);
        granted += (granted.empty() ? "" : ", ") + role;
    }
    sql.rows("SELECT scrutineer.log('install', $1, 'done', $2)",
             {order.name, fmt::format("{} login, granted {}", known.empty() ? "new" : "known", granted)});
    return Nothing{};
}

Status createAll(Sql& sql, const std::vector<LoginOrder>& orders, const std::vector<std::string>& hashes)
{
    for (std::size_t i = 0; i < orders.size(); ++i) {
        if (const Status made = createWithin(sql, orders[i], hashes[i]); !made)
            return made;
    }
    return Nothing{};
}

} // namespace

Result<InstallReport> install(const domain::ConnectionTarget& target, const InstallOptions& options)
{
    std::vector<std::string> hashes;
    for (const LoginOrder& login : options.logins) {
        Result<std::string> hash = passwordHash(target, login);
        if (!hash)
            return failureOf(hash);
        hashes.push_back(*std::move(hash));
    }
    InstallReport report;
    const Status done = inTransaction(target, kLimits, [&](Sql& sql) {
        const Status installed = installWithin(sql, options, report);
        return installed ? createAll(sql, options.logins, hashes) : installed;
    });
    if (done)
        return report;
    domain::Error error = done.error();
    if (error.sqlstate == "42501")
        error.remedy = "Connect as a superuser, or as a login that owns the database and may create roles";
    return tl::unexpected<domain::Error>{std::move(error)};
}

Status createLogin(const domain::ConnectionTarget& target, const LoginOrder& order)
{
    const Result<std::string> hash = passwordHash(target, order);
    if (!hash)
        return failureOf(hash);
    return inTransaction(target, kLimits, [&](Sql& sql) { return createWithin(sql, order, *hash); });
}

} // namespace scr::elevated
