#pragma once

#include <cstddef>
#include <vector>

#include "detect/site_facts.h"

namespace scr::detect {

/// How popular a site's posts are, in classes of posts with about the same number of votes.
class PostPopularity {
public:
    explicit PostPopularity(const SiteFacts& facts);

    /// How many of so many votes of a group fall on posts that at least `needed` of them fall on, by how popular the posts are:
    /// on a site with few posts everybody has many in common with everybody.
    [[nodiscard]] double commonByChance(std::size_t needed, double groupVotes) const;

private:
    struct Class {
        double votes = 0;
        double posts = 0;
    };
    std::vector<Class> m_classes;
    double m_votes; ///< of the site
};

} // namespace scr::detect
