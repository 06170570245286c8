#include "store/site_rule_votes.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "domain/visible_text.h"
#include "store/sql_text.h"

namespace scr::store {

namespace {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::SiteFinding;
using domain::Status;

constexpr std::size_t kAtOnce = 20'000;

struct Known {
    SiteFinding::Row row;
    bool counts{};
};
using KnownVotes = std::unordered_map<std::string, Known>;

Status lookUp(const std::vector<std::string>& keys, ReadConnection& connection, KnownVotes& known)
{
    static const std::string kSql =
        fmt::format("SELECT vote_key::text, token_key::text, post_key::text, {}, state::text = 'counted' FROM scrutineer.vote "
                    "WHERE vote_key = ANY ($1::text[]::scrutineer.vote_key[])",
                    microsSql("cast_at"));
    const auto rows = connection.query(kSql, {arrayText(keys)});
    if (!rows)
        return failureOf(rows);
    for (int row = 0; row < rows->size(); ++row) {
        std::string key{rows->text(row, 0)};
        Known vote{{domain::VoteKey{key}, domain::TokenKey{std::string{rows->text(row, 1)}},
                    domain::PostKey{std::string{rows->text(row, 2)}}, domain::timeOf(rows->integer(row, 3))},
                   rows->text(row, 4) == "t"};
        known.emplace(std::move(key), std::move(vote));
    }
    return domain::Nothing{};
}

domain::Result<KnownVotes> lookUpAll(const std::vector<SiteRuleRow>& rows, ReadConnection& connection)
{
    std::unordered_set<std::string> wanted;
    for (const SiteRuleRow& row : rows)
        wanted.insert(row.votes.begin(), row.votes.end());
    KnownVotes known;
    known.reserve(wanted.size());
    std::vector<std::string> keys;
    for (const std::string& key : wanted) {
        keys.push_back(key);
        if (keys.size() < kAtOnce)
            continue;
        if (const Status read = lookUp(keys, connection, known); !read)
            return failureOf(read);
        keys.clear();
    }
    if (const Status read = keys.empty() ? Status{} : lookUp(keys, connection, known); !read)
        return failureOf(read);
    return known;
}

/// Numbers of one length are in the order of their value, whatever order the rule's array has.
bool isEarlier(const SiteFinding::Row& left, const SiteFinding::Row& right)
{
    return std::tuple{left.castAt, left.vote.text.size(), std::string_view{left.vote.text}} <
           std::tuple{right.castAt, right.vote.text.size(), std::string_view{right.vote.text}};
}

class Maker {
public:
    Maker(const domain::SiteRule& rule, const domain::TimeRange& range, const KnownVotes& known) :
        m_rule{rule}, m_range{range}, m_known{known}
    {
    }

    [[nodiscard]] Status take(const SiteRuleRow& row)
    {
        SiteFinding finding{row.subject, {}, row.score, row.explanation};
        bool isAbout = m_rule.subject == domain::SubjectKind::Group;
        std::unordered_set<std::string_view> seen;
        for (const std::string& key : row.votes) {
            const auto vote = m_known.find(key);
            if (vote == m_known.end())
                return wrong(row, fmt::format("there is no vote \"{}\"", domain::visibleText(key)));
            const SiteFinding::Row& known = vote->second.row;
            isAbout =
                isAbout || row.subject == (m_rule.subject == domain::SubjectKind::Token ? known.token.text : known.post.text);
            if (vote->second.counts && m_range.contains(known.castAt) && seen.insert(key).second)
                finding.votes.push_back(known);
        }
        if (!isAbout)
            return wrong(row, fmt::format("no vote of the row has that {}", domain::nameOf(m_rule.subject)));
        return keep(row, std::move(finding));
    }

    [[nodiscard]] std::vector<SiteFinding> findings() { return std::move(m_findings); }

private:
    [[nodiscard]] static Status wrong(const SiteRuleRow& row, const std::string& why)
    {
        return failure(Fault::Invalid, fmt::format("Its row about \"{}\": {}", domain::visibleText(row.subject), why));
    }

    [[nodiscard]] Status keep(const SiteRuleRow& row, SiteFinding finding)
    {
        if (finding.votes.empty())
            return domain::Nothing{};
        std::sort(finding.votes.begin(), finding.votes.end(), isEarlier);
        // A flag is known again by its subject and first moment: two of them would overwrite each other.
        if (!m_starts.emplace(finding.subject, finding.votes.front().castAt).second)
            return wrong(row, "another row about it begins at the same moment; make one of the two");
        m_findings.push_back(std::move(finding));
        return domain::Nothing{};
    }

    const domain::SiteRule& m_rule;
    const domain::TimeRange& m_range;
    const KnownVotes& m_known;
    std::set<std::pair<std::string, domain::UtcTime>> m_starts;
    std::vector<SiteFinding> m_findings;
};

} // namespace

domain::Result<std::vector<SiteFinding>> findingsOf(const domain::SiteRule& rule, const std::vector<SiteRuleRow>& rows,
                                                    const domain::TimeRange& range, ReadConnection& connection)
{
    const auto known = lookUpAll(rows, connection);
    if (!known)
        return failureOf(known);
    Maker maker{rule, range, *known};
    for (const SiteRuleRow& row : rows) {
        if (const Status taken = maker.take(row); !taken)
            return failureOf(taken);
    }
    return maker.findings();
}

} // namespace scr::store
