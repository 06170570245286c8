#include "support/site.h"

#include <stdexcept>

#include "elevated/elevated_session.h"
#include "elevated/history_loader.h"

namespace scr::test {

namespace {

template <class T>
void check(const domain::Result<T>& result)
{
    if (!result)
        throw std::runtime_error{sentenceOf(result.error())};
}

std::string arrayOf(const std::vector<std::string>& keys)
{
    std::string text = "{";
    for (const std::string& key : keys)
        text += (text.size() > 1 ? "," : "") + key;
    return text + "}";
}

domain::VoidPlan planOver(const TestServer& server, const std::string& database, const std::vector<std::string>& votes)
{
    const std::string keys = arrayOf(votes);
    domain::VoidPlan plan;
    plan.request = elevated::newRequestId();
    plan.digest = server.queryText(database, "SELECT digest FROM scrutineer.digest_votes('" + keys + "')", "reader");
    for (const auto& row : server.queryRows(database,
                                            "SELECT vote_key, token_key, post_key, value, state FROM scrutineer.vote "
                                            "WHERE vote_key::text = ANY ('" +
                                                keys + "') ORDER BY vote_key",
                                            "reader")) {
        domain::Vote vote;
        vote.key = domain::VoteKey{row[0]};
        vote.token = domain::TokenKey{row[1]};
        vote.post = domain::PostKey{row[2]};
        vote.value = std::stod(row[3]);
        vote.state = domain::voteStateOf(row[4]).value_or(domain::VoteState::Counted);
        plan.votes.push_back(vote);
    }
    return plan;
}

} // namespace

void fillSite(const TestServer& server, const std::string& database, int tokens, int posts)
{
    elevated::HistoryLoader loader;
    check(loader.begin(server.target(database), "test site"));
    std::vector<domain::HistoryPost> rows;
    for (int post = 1; post <= posts; ++post)
        rows.push_back({std::to_string(post), "Post " + std::to_string(post), "author-1", domain::timeOf(1'700'000'000'000'000),
                        double(tokens)});
    check(loader.addPosts(rows));
    std::vector<domain::HistoryVote> votes;
    for (int i = 0; i < tokens * posts; ++i) {
        votes.push_back({std::to_string(1 + i / posts), std::to_string(1 + i % posts), 1.0,
                         domain::timeOf(1'700'000'000'000'000 + std::int64_t{i} * 1'000'000), "", "", "192.0.2.7"});
    }
    check(loader.addVotes(votes));
    check(loader.finish());
    const std::string adapter = server.queryText(database, "SELECT adapter FROM scrutineer.source");
    if (adapter != "imported")
        server.execute(database, "SELECT " + adapter +
                                     ".issue_token('token ' || token_key, 'secret-' || token_key, token_key) FROM " + adapter +
                                     ".token");
}

domain::VoidPlan voidPlan(const TestServer& server, const std::string& database, const std::vector<std::string>& votes,
                          const std::vector<domain::FlagKey>& flags)
{
    domain::VoidPlan plan = planOver(server, database, votes);
    plan.flags = flags;
    return plan;
}

domain::VoidPlan restorePlan(const TestServer& server, const std::string& database, const domain::VoidPlan& done)
{
    std::vector<std::string> keys;
    for (const auto& row : server.queryRows(database, "SELECT vote_key FROM scrutineer.restore_check WHERE request_id = '" +
                                                          done.request.text + "' AND hindrance IS NULL"))
        keys.push_back(row[0]);
    domain::VoidPlan plan = planOver(server, database, keys);
    plan.kind = domain::RequestKind::Restore;
    plan.restores = done.request;
    return plan;
}

domain::Flag flagOn(const std::string& token, const std::string& post, const std::vector<std::string>& votes)
{
    domain::Flag flag;
    flag.detector = domain::DetectorId::DuplicateVotes;
    flag.ruleVersion = "test";
    flag.subject = {domain::SubjectKind::Token, token, domain::PostKey{post}};
    flag.from = domain::timeOf(1'700'000'000'000'000);
    flag.to = domain::timeOf(1'700'000'100'000'000);
    flag.score = 7;
    flag.severity = domain::Severity::High;
    flag.headline = "A flag of the tests";
    flag.tokens = {domain::TokenKey{token}};
    flag.posts = {domain::PostKey{post}};
    for (const std::string& vote : votes) {
        if (!flag.votes.empty())
            flag.extraVotes.emplace_back(vote);
        flag.votes.emplace_back(vote);
    }
    flag.key = flagKeyOf(flag.detector, flag.subject, flag.from);
    return flag;
}

std::vector<std::vector<std::string>> scores(const TestServer& server, const std::string& database)
{
    return server.queryRows(
        database, "SELECT p.post_key, coalesce(s.score, 0), p.counter FROM scrutineer.post p LEFT JOIN "
                  "(SELECT post_key, sum(value::float8) AS score FROM scrutineer.vote WHERE state = 'counted' GROUP BY 1) s "
                  "ON s.post_key = p.post_key ORDER BY p.post_key");
}

std::vector<std::string> firstVotes(const TestServer& server, const std::string& database, int count)
{
    std::vector<std::string> keys;
    for (const auto& row :
         server.queryRows(database, "SELECT vote_key FROM scrutineer.vote ORDER BY vote_key LIMIT " + std::to_string(count)))
        keys.push_back(row[0]);
    return keys;
}

} // namespace scr::test
