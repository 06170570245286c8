#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "simulate/plan.h"

namespace scr::simulate {

/// What every kind of campaign needs: new and old tokens, posts that are alive at a moment, and votes that break no rule of the
/// site unless they are meant to.
class CampaignMaker {
public:
    explicit CampaignMaker(SitePlan& plan);

    /// Begins a campaign; the votes that follow belong to it.
    void begin(std::string_view kind, bool isAttack, OriginKind origin = OriginKind::OfToken, std::uint32_t network = 0);
    /// False when the token has voted on that post already, or the time is outside the site's days: then there is no vote.
    bool vote(std::int64_t at, std::uint32_t token, std::uint32_t post, bool up, Label label, std::int64_t shift = 0);
    /// A vote although there is one already.
    void voteAgain(std::int64_t at, std::uint32_t token, std::uint32_t post, bool up, Label label);
    void refuse(std::int64_t at, std::int64_t lasts, std::uint32_t token, std::uint32_t post, bool up);

    [[nodiscard]] std::uint32_t newToken(std::int64_t joinedAt);
    /// A token with at least so many honest votes.
    [[nodiscard]] std::uint32_t oldToken(Random& random, std::uint32_t votes);
    [[nodiscard]] std::uint32_t newPost(std::int64_t bornAt, double quality, std::uint32_t author);
    /// A post born within the last `age` before `at`, the best of `tries`.
    [[nodiscard]] std::uint32_t post(Random& random, std::int64_t at, std::int64_t age, int tries) const;
    /// Makes it a post of that author; false when a campaign has given it to somebody already.
    [[nodiscard]] bool give(std::uint32_t post, std::uint32_t author);
    [[nodiscard]] bool likes(Random& random, std::uint32_t post) const;
    /// A time in the simulated days, early enough that so much time is left.
    [[nodiscard]] std::int64_t start(Random& random, std::int64_t length) const;

    [[nodiscard]] SitePlan& plan() noexcept { return m_plan; }
    [[nodiscard]] const std::vector<std::uint32_t>& honestVotes() const noexcept { return m_honestVotes; }
    [[nodiscard]] bool has(std::uint32_t token, std::uint32_t post) const;
    [[nodiscard]] const std::vector<std::uint32_t>& postsByBirth() const noexcept { return m_byBirth; }

    /// Puts all votes of the campaigns among the honest ones.
    void finish();

private:
    struct Extra {
        std::int64_t at;
        std::int64_t shift;
        std::uint32_t token;
        std::uint32_t post;
        std::uint32_t mark;
        bool up;
    };
    [[nodiscard]] std::uint32_t markOf(Label label);
    void add(std::int64_t at, std::int64_t shift, std::uint32_t token, std::uint32_t post, bool up, Label label);
    void tell();

    SitePlan& m_plan;
    std::vector<std::uint64_t> m_pairs; ///< of the honest votes, ascending
    std::unordered_set<std::uint64_t> m_added;
    std::vector<std::uint32_t> m_honestVotes; ///< a token: how many
    std::vector<std::uint32_t> m_byBirth;
    std::unordered_set<std::uint32_t> m_given; ///< posts that have an author by a campaign
    std::vector<Extra> m_extras;
};

void addAttack(Family family, std::uint64_t number, const Scenario& scenario, CampaignMaker& maker);
void addControl(Control control, std::uint64_t number, const Scenario& scenario, CampaignMaker& maker);

} // namespace scr::simulate
