#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <libpq-fe.h>

namespace scr::test {

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
[[nodiscard]] Connection connectTo(const std::string& conninfo); ///< throws std::runtime_error

/// Each connection sends `sql` at the same moment; the first field of each answer, in the order of the connections, "error: …"
/// for a refusal.
[[nodiscard]] std::vector<std::string> sendAtOnce(const std::vector<Connection>& connections,
                                                  const std::vector<std::string>& statements);

struct VoterReport {
    long accepted = 0;
    long refused = 0;
    double longestWaitMs = 0;
    double medianMs = 0;
};
/// `voters` connections that vote on and on, voter n with the secret "secret-<n>", each time on the next of `posts` posts from
/// `firstPost` on, until `stop` is set or the posts are used up.
[[nodiscard]] VoterReport voteUntil(const std::string& conninfo, int voters, long firstPost, long posts,
                                    const std::atomic<bool>& stop);

} // namespace scr::test
