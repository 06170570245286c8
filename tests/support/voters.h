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
/// Tokens that have not voted yet: voter n has `each` of them from `first` + n * `each` on, with the secrets "secret-<token>".
struct FreshTokens {
    long first = 0;
    long each = 0;
};
/// `voters` connections that vote on and on, each of its tokens once on each of the posts 1 to `posts`, until `stop` is set or
/// its tokens are used up.
[[nodiscard]] VoterReport voteUntil(const std::string& conninfo, int voters, const FreshTokens& tokens, long posts,
                                    const std::atomic<bool>& stop);

} // namespace scr::test
