#include "domain/connection.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

#include <unistd.h>

namespace scr::domain {

namespace {

void appendPair(std::string& conninfo, std::string_view keyword, std::string_view value)
{
    if (value.empty())
        return;
    if (!conninfo.empty())
        conninfo += ' ';
    conninfo.append(keyword).append("='");
    for (const char c : value) {
        if (c == '\'' || c == '\\')
            conninfo += '\\';
        conninfo += c;
    }
    conninfo += '\'';
}

std::vector<std::string> serviceFiles()
{
    std::vector<std::string> files;
    if (const char* named = std::getenv("PGSERVICEFILE"); named != nullptr && *named != '\0')
        files.emplace_back(named);
    else if (const char* home = std::getenv("HOME"); home != nullptr)
        files.push_back(std::string{home} + "/.pg_service.conf");
    files.emplace_back("/etc/postgresql-common/pg_service.conf");
    return files;
}

std::string sectionOf(const std::string& line)
{
    const auto open = line.find_first_not_of(" \t");
    if (open == std::string::npos || line[open] != '[')
        return {};
    const auto close = line.find(']', open);
    return close == std::string::npos ? std::string{} : line.substr(open + 1, close - open - 1);
}

} // namespace

std::string conninfoOf(const ConnectionTarget& target, std::string_view extra)
{
    std::string conninfo;
    appendPair(conninfo, "service", target.service);
    appendPair(conninfo, "host", target.host);
    appendPair(conninfo, "port", target.port);
    appendPair(conninfo, "dbname", target.database);
    appendPair(conninfo, "user", target.user);
    appendPair(conninfo, "password", target.password);
    appendPair(conninfo, "sslmode", target.sslMode);
    appendPair(conninfo, "application_name", target.applicationName);
    appendPair(conninfo, "connect_timeout", "10");
    appendPair(conninfo, "client_encoding", "UTF8");
    if (!extra.empty())
        conninfo.append(" ").append(extra);
    return conninfo;
}

std::string labelOf(const ConnectionTarget& target)
{
    if (!target.service.empty())
        return target.service;
    std::string label = target.user.empty() ? std::string{} : target.user + "@";
    const std::string port = target.port.empty() ? std::string{} : ":" + target.port;
    return label + (target.host.empty() ? "local" : target.host) + port + "/" + target.database;
}

void ignoreForeignEnvironment()
{
    constexpr std::array<std::string_view, 2> kKept{"PGSERVICEFILE", "PGPASSFILE"};
    std::vector<std::string> foreign;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view pair{*entry};
        const std::string_view name = pair.substr(0, pair.find('='));
        if (name.starts_with("PG") && std::find(kKept.begin(), kKept.end(), name) == kKept.end())
            foreign.emplace_back(name);
    }
    for (const std::string& name : foreign)
        unsetenv(name.c_str());
}

std::vector<std::string> serviceNames()
{
    std::vector<std::string> names;
    for (const std::string& path : serviceFiles()) {
        std::ifstream file{path};
        for (std::string line; std::getline(file, line);) {
            const std::string name = sectionOf(line);
            if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(name);
        }
    }
    return names;
}

ConnectionTarget elevatedTargetOf(const ConnectionTarget& reader)
{
    ConnectionTarget target = reader;
    if (reader.service.empty())
        return target;
    const std::string elevated = reader.service + "-elevated";
    const std::vector<std::string> names = serviceNames();
    if (std::find(names.begin(), names.end(), elevated) == names.end())
        return target;
    target.service = elevated;
    target.user.clear();
    target.password.clear();
    return target;
}

} // namespace scr::domain
