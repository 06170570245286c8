#include "store/read_error.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace scr::store {

namespace {

using domain::Error;
using domain::Fault;

struct ConnectCase {
    std::string_view says;
    std::string_view detail; ///< {0}: the target, {1}: the server's words
    std::string_view remedy;
};

// Order matters: the first that fits is told. libpq gives no SQLSTATE for a connection that was never made.
constexpr std::array<ConnectCase, 17> kConnectCases{{
    {"definition of service", "There is no service \"{0}\" in the service file",
     "Add it to ~/.pg_service.conf, or set PGSERVICEFILE to the file that has it"},
    {"service file", "The service file cannot be used: {1}", "Check the file that PGSERVICEFILE or ~/.pg_service.conf names"},
    {"no password supplied", "{0} asks for a password and none was given",
     "Give the password in the connection dialog or in ~/.pgpass (mode 0600)"},
    {"password authentication failed", "{0} refused the password",
     "Check the user and the password in the service file or ~/.pgpass"},
    {"Peer authentication failed", "{0} refused the login: {1}",
     "Log in as that system user, or use a password entry in pg_hba.conf"},
    {"Ident authentication failed", "{0} refused the login: {1}", "Use a password entry for this login in pg_hba.conf"},
    {"no pg_hba.conf entry", "{0} does not let this login in: {1}",
     "Add a line for this user, database and address to pg_hba.conf"},
    {"is not permitted to log in", "{0} refused the login: {1}", "Use a login of your own that is a member of scrutineer_reader"},
    {"the database system is", "{0} is not ready: {1}", "Try again in a moment"},
    {"remaining connection slots", "{0} has no connection left", "Try again, or raise max_connections on the server"},
    {"too many", "{0} has no connection left: {1}", "Try again, or raise the connection limit"},
    {"could not translate host name", "The server's name cannot be resolved: {1}",
     "Check the host in the service, and the network"},
    {"Connection refused", "Nothing answers at {0}: {1}", "Check that the server runs there, and its host and port"},
    {"No such file or directory", "Nothing answers at {0}: {1}", "Check that the server runs, and its socket directory and port"},
    {"timeout expired", "{0} does not answer", "Check host, port and firewall"},
    {"certificate", "The server's certificate was refused: {1}", "Check sslrootcert and sslmode of the service"},
    {"SSL", "No encrypted connection could be agreed on: {1}", "Check sslmode of the service against the server's settings"},
}};

bool contains(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

Error missingObject(const std::string& words, const domain::ConnectionTarget& target, std::string_view sqlstate)
{
    const std::string where = domain::labelOf(target);
    const std::string init = target.service.empty() ? std::string{"Run scrutineerctl init on this database"}
                                                    : fmt::format("Run scrutineerctl init --service {}", target.service);
    if (contains(words, "scrutineer"))
        return {Fault::Invalid, fmt::format("Scrutineer is not installed in {}, or in an older version: {}", where, words), init,
                std::string{sqlstate}};
    return {Fault::Invalid, fmt::format("{} lacks what is read: {}", where, words), init, std::string{sqlstate}};
}

Error lost(const std::string& words, const domain::ConnectionTarget& target, std::string_view sqlstate)
{
    return {Fault::Unavailable, fmt::format("The connection to {} was lost: {}", domain::labelOf(target), words),
            "Ask again: a new connection is made by itself", std::string{sqlstate}};
}

Error refusedValue(const std::string& words, std::string_view sqlstate)
{
    return {Fault::Invalid, fmt::format("The database does not understand a value: {}", words), "Correct the filter or the key",
            std::string{sqlstate}};
}

bool isLossState(std::string_view sqlstate)
{
    return sqlstate.starts_with("08") || sqlstate == "57P01" || sqlstate == "57P02" || sqlstate == "57P03" ||
           sqlstate == "57P05" || sqlstate == "25P03";
}

} // namespace

std::string firstLine(std::string_view message)
{
    for (const std::string_view severity : {"FATAL:", "ERROR:", "PANIC:"}) {
        if (const auto at = message.find(severity); at != std::string_view::npos) {
            message.remove_prefix(at + severity.size());
            break;
        }
    }
    const auto begin = message.find_first_not_of(" \t\n");
    if (begin == std::string_view::npos)
        return {};
    message.remove_prefix(begin);
    message = message.substr(0, message.find('\n'));
    while (!message.empty() && (message.back() == '.' || message.back() == ' ' || message.back() == '\r'))
        message.remove_suffix(1);
    return std::string{message};
}

Error connectError(std::string_view message, const domain::ConnectionTarget& target)
{
    const std::string label = domain::labelOf(target);
    const std::string words = firstLine(message);
    if (contains(message, "database \"") && contains(message, "does not exist"))
        return {Fault::NotFound, fmt::format("{}: {}", label, words), "Check dbname in the service, or create the database", {}};
    if (contains(message, "role \"") && contains(message, "does not exist"))
        return {
            Fault::Unavailable, fmt::format("{}: {}", label, words), "Check the user in the service, or create the login", {}};
    const auto known = std::find_if(kConnectCases.begin(), kConnectCases.end(),
                                    [&](const ConnectCase& one) { return contains(message, one.says); });
    if (known == kConnectCases.end())
        return {Fault::Unavailable, fmt::format("No connection to {}: {}", label, words), "Check the connection's settings", {}};
    return {Fault::Unavailable, fmt::format(fmt::runtime(known->detail), label, words), std::string{known->remedy}, {}};
}

Error queryError(std::string_view sqlstate, std::string_view message, const domain::ConnectionTarget& target)
{
    const std::string words = firstLine(message);
    if (sqlstate.empty() || isLossState(sqlstate))
        return lost(words, target, sqlstate);
    if (sqlstate == "57014")
        return {Fault::TimedOut, fmt::format("The server ended the query: {}", words),
                "Narrow the time range or the filter, or raise statement_timeout", std::string{sqlstate}};
    if (sqlstate == "3F000" || sqlstate == "42P01" || sqlstate == "42703" || sqlstate == "42883")
        return missingObject(words, target, sqlstate);
    if (sqlstate == "42501")
        return {Fault::Unavailable, fmt::format("This login may not read it: {}", words),
                "Make the login a member of scrutineer_reader", std::string{sqlstate}};
    if (sqlstate.starts_with("22"))
        return refusedValue(words, sqlstate);
    if (sqlstate.starts_with("53"))
        return {Fault::Unavailable, fmt::format("{} is out of resources: {}", domain::labelOf(target), words), "Try again later",
                std::string{sqlstate}};
    if (sqlstate.starts_with("40"))
        return {Fault::Unavailable, fmt::format("The server asks to try again: {}", words), "Ask again", std::string{sqlstate}};
    return {Fault::Unavailable, fmt::format("The database refused a query: {}", words), "See the server's log",
            std::string{sqlstate}};
}

bool isConnectionLoss(const Error& error) noexcept
{
    return error.fault == Fault::Unavailable && (error.sqlstate.empty() || isLossState(error.sqlstate));
}

} // namespace scr::store
