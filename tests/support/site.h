#pragma once

#include <string>
#include <vector>

#include "domain/flag.h"
#include "domain/void_plan.h"
#include "support/test_server.h"

namespace scr::test {

/// Fills a source made by TestServer::createSource: `posts` posts, `tokens` tokens with secrets "secret-<n>" where the system has
/// secrets, and one vote of value 1 of each token on each post, keys from 1.
void fillSite(const TestServer& server, const std::string& database, int tokens, int posts);

/// A plan as the read side makes it, from what is in the database now.
[[nodiscard]] domain::VoidPlan voidPlan(const TestServer& server, const std::string& database,
                                        const std::vector<std::string>& votes, const std::vector<domain::FlagKey>& flags = {});
/// A plan to put back the votes of `done`.
[[nodiscard]] domain::VoidPlan restorePlan(const TestServer& server, const std::string& database, const domain::VoidPlan& done);

/// A flag on a token with those votes, all but the first of them extra.
[[nodiscard]] domain::Flag flagOn(const std::string& token, const std::string& post, const std::vector<std::string>& votes);

/// Post key, score by its counted rows, and the site's own counter ("" where it keeps none), one line a post.
[[nodiscard]] std::vector<std::vector<std::string>> scores(const TestServer& server, const std::string& database);

/// Keys of the first `count` votes by key order.
[[nodiscard]] std::vector<std::string> firstVotes(const TestServer& server, const std::string& database, int count);

} // namespace scr::test
