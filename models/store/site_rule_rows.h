#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"
#include "domain/site_rule.h"
#include "store/read_connection.h"

namespace scr::store {

/// A row as the rule's SQL gave it, checked but for its votes.
struct SiteRuleRow {
    std::string subject;
    std::vector<std::string> votes;
    double score{};
    std::string explanation;
};

inline constexpr std::size_t kMostSiteRows = 10'000;
inline constexpr std::size_t kMostSiteVotes = 1'000'000; ///< that the rows of one rule may name

/// The elements of an array as PostgreSQL prints it; nothing when one of them is null or the array is not a plain list.
[[nodiscard]] std::optional<std::vector<std::string>> plainElements(std::string_view text);

/// Collects the rows of one rule. Each failure is one sentence about the rule, to be read behind its name.
class SiteRuleRows {
public:
    /// Finds the columns by name. `connection` is asked what kind of types they have.
    [[nodiscard]] domain::Status describe(const ReadRows& rows, ReadConnection& connection);
    [[nodiscard]] domain::Status take(const ReadRows& rows);
    [[nodiscard]] const std::vector<SiteRuleRow>& rows() const noexcept { return m_rows; }

private:
    enum Column { Subject, Votes, Score, Explanation, Count };

    [[nodiscard]] domain::Result<SiteRuleRow> readRow(const ReadRows& rows, int row) const;

    int m_at[Count] = {-1, -1, -1, -1};
    std::size_t m_votes = 0;
    std::vector<SiteRuleRow> m_rows;
};

} // namespace scr::store
