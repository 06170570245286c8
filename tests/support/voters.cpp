#include "support/voters.h"

#include <algorithm>
#include <barrier>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace scr::test {

namespace {

using Clock = std::chrono::steady_clock;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::string firstField(PGconn* connection, const std::string& sql)
{
    const Answer answer{PQexec(connection, sql.c_str()), &PQclear};
    if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK || PQntuples(answer.get()) == 0)
        return std::string{"error: "} + PQerrorMessage(connection);
    return PQgetvalue(answer.get(), 0, 0);
}

} // namespace

Connection connectTo(const std::string& conninfo)
{
    Connection connection{PQconnectdb(conninfo.c_str()), &PQfinish};
    if (PQstatus(connection.get()) != CONNECTION_OK)
        throw std::runtime_error{PQerrorMessage(connection.get())};
    return connection;
}

std::vector<std::string> sendAtOnce(const std::vector<Connection>& connections, const std::vector<std::string>& statements)
{
    std::vector<std::string> answers(connections.size());
    std::barrier start{static_cast<std::ptrdiff_t>(connections.size())};
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < connections.size(); ++i) {
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            answers[i] = firstField(connections[i].get(), statements[i % statements.size()]);
        });
    }
    threads.clear();
    return answers;
}

VoterReport voteUntil(const std::string& conninfo, int voters, const FreshTokens& tokens, long posts,
                      const std::atomic<bool>& stop)
{
    VoterReport report;
    std::vector<double> waits;
    std::mutex guard;
    std::vector<std::jthread> threads;
    for (int voter = 0; voter < voters; ++voter) {
        threads.emplace_back([&, voter] {
            const Connection connection = connectTo(conninfo);
            std::vector<double> mine;
            long accepted = 0;
            for (long vote = 0; vote < tokens.each * posts && !stop; ++vote) {
                const long token = tokens.first + voter * tokens.each + vote / posts;
                const long post = 1 + (vote + voter) % posts; // not all on the same one at a time
                const auto start = Clock::now();
                const std::string outcome =
                    firstField(connection.get(), "SELECT outcome FROM reference.cast_vote('secret-" + std::to_string(token) +
                                                     "', " + std::to_string(post) + ", 1)");
                mine.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
                accepted += outcome == "accepted" ? 1 : 0;
            }
            const std::lock_guard lock{guard};
            report.accepted += accepted;
            report.refused += static_cast<long>(mine.size()) - accepted;
            waits.insert(waits.end(), mine.begin(), mine.end());
        });
    }
    threads.clear();
    if (!waits.empty()) {
        std::sort(waits.begin(), waits.end());
        report.longestWaitMs = waits.back();
        report.medianMs = waits[waits.size() / 2];
    }
    return report;
}

} // namespace scr::test
