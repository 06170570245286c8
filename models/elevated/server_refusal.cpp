#include "elevated/server_refusal.h"

#include <array>

#include <fmt/format.h>

namespace scr::elevated {

using domain::Error;
using domain::Fault;

namespace {

struct Wording {
    std::string_view state; ///< a SQLSTATE or its beginning; the first that fits is taken
    Fault fault;
    std::string_view detail; ///< "{}": the server's words
    std::string_view remedy;
};

constexpr std::array kWordings{
    Wording{"42501", Fault::Rejected, "this login may not do that: {}",
            "Ask for the role that allows it, or use the login of somebody who has it"},
    Wording{"25006", Fault::Rejected, "this server takes no changes: {}",
            "Connect to the primary server; standbys are for reading"},
    Wording{"55P03", Fault::Unavailable, "somebody else holds what has to be locked: {}", "Try again in a moment"},
    Wording{"57014", Fault::TimedOut, "the server stopped the statement: {}",
            "Try again when the server is less busy, or with fewer votes"},
    Wording{"57P", Fault::Unavailable, "the server ended the connection: {}", "Try again when the server is up"},
    Wording{"08", Fault::Unavailable, "the connection broke: {}", "Try again when the server is up"},
    Wording{"40001", Fault::Unavailable, "other transactions were in the way: {}", "Try again"},
    Wording{"40P01", Fault::Unavailable, "other transactions were in the way: {}", "Try again"},
    Wording{"42883", Fault::Unavailable, "the database lacks a function that this program needs: {}",
            "Upgrade it with scrutineerctl init"},
    Wording{"42P01", Fault::Unavailable, "the database lacks a table that this program needs: {}",
            "Upgrade it with scrutineerctl init"},
    Wording{"3F000", Fault::Unavailable, "Scrutineer is not installed in this database: {}", "Run scrutineerctl init first"},
    Wording{"23505", Fault::Rejected, "it is there already: {}", "Load what is there now and decide again"},
    Wording{"23", Fault::Rejected, "a rule of the database forbids it: {}", "Load what is there now and decide again"},
    Wording{"22", Fault::Invalid, "the database cannot read a value: {}", "Correct it"},
    Wording{"53100", Fault::Unavailable, "the server's disk is full: {}", "Free space on the server, then try again"},
    Wording{"53", Fault::Unavailable, "the server has too little left: {}", "Try again when it is less busy"},
    Wording{"XX001", Fault::Corrupt, "the database contradicts itself: {}", "Stop writing and have its administrator look at it"},
};

} // namespace

std::string plainMessage(std::string_view message)
{
    const auto lineFrom = [&](std::string_view begin) -> std::string_view {
        const auto at = message.find(begin);
        if (at == std::string_view::npos)
            return {};
        std::string_view line = message.substr(at + begin.size());
        line = line.substr(0, line.find('\n'));
        return line.substr(std::min(line.find_first_not_of(' '), line.size()));
    };
    std::string_view first = message.substr(0, message.find('\n'));
    for (const std::string_view begin : {"ERROR:", "FATAL:"}) {
        if (const std::string_view line = lineFrom(begin); !line.empty()) {
            first = line;
            break;
        }
    }
    const std::string_view detail = lineFrom("DETAIL:");
    return detail.empty() ? std::string{first} : fmt::format("{} ({})", first, detail);
}

bool isConnectionLoss(std::string_view sqlstate) noexcept
{
    return sqlstate.starts_with("08") || sqlstate.starts_with("57P");
}

Error refusalOf(std::string_view sqlstate, std::string_view message, const domain::ConnectionTarget& target)
{
    const std::string words = plainMessage(message);
    for (const Wording& wording : kWordings) {
        if (sqlstate.starts_with(wording.state))
            return {wording.fault, fmt::format(fmt::runtime(wording.detail), words), std::string{wording.remedy},
                    std::string{sqlstate}};
    }
    return {Fault::Unavailable, fmt::format("{} refused: {}", labelOf(target), words), "Read the server's log",
            std::string{sqlstate}};
}

Error connectFailure(std::string_view message, const domain::ConnectionTarget& target)
{
    const bool unknownService = message.find("definition of service") != std::string_view::npos;
    const bool password = message.find("password") != std::string_view::npos;
    std::string remedy = "Check that the server is up and that host, port and database are right";
    if (unknownService)
        remedy = "Add it to ~/.pg_service.conf or to the file that PGSERVICEFILE names";
    else if (password)
        remedy = "Check the login's password, in ~/.pgpass for instance";
    std::string words{message.substr(0, message.find('\n'))};
    return {Fault::Unavailable, fmt::format("no connection to {}: {}", labelOf(target), words), remedy, "08001"};
}

} // namespace scr::elevated
