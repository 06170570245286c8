#include "detect/groups.h"

#include <algorithm>
#include <map>

#include "domain/union_find.h"

namespace scr::detect {

namespace {

using domain::Index;

std::vector<Index> tokensOf(const std::vector<TokenPair>& edges)
{
    std::vector<Index> tokens;
    for (const TokenPair& edge : edges) {
        tokens.push_back(edge.first);
        tokens.push_back(edge.second);
    }
    std::sort(tokens.begin(), tokens.end());
    tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
    return tokens;
}

/// Triangles each edge is part of, edges falling away while they are in too few.
class Truss {
public:
    Truss(std::vector<TokenPair> edges, std::size_t triangles) : m_edges{std::move(edges)}, m_least{triangles}
    {
        const std::vector<Index> tokens = tokensOf(m_edges);
        m_neighbours.resize(tokens.size());
        for (std::size_t edge = 0; edge < m_edges.size(); ++edge) {
            const auto place = [&](Index token) {
                return static_cast<std::size_t>(std::lower_bound(tokens.begin(), tokens.end(), token) - tokens.begin());
            };
            m_ends.emplace_back(place(m_edges[edge].first), place(m_edges[edge].second));
            m_neighbours[m_ends.back().first].emplace_back(m_ends.back().second, edge);
            m_neighbours[m_ends.back().second].emplace_back(m_ends.back().first, edge);
        }
        for (auto& neighbours : m_neighbours)
            std::sort(neighbours.begin(), neighbours.end());
        m_gone.assign(m_edges.size(), false);
    }

    std::vector<TokenPair> peel()
    {
        std::vector<std::size_t> count(m_edges.size());
        std::vector<std::size_t> falling;
        for (std::size_t edge = 0; edge < m_edges.size(); ++edge) {
            eachTriangle(edge, [&](std::size_t, std::size_t) { ++count[edge]; });
            if (count[edge] < m_least)
                falling.push_back(edge);
        }
        while (!falling.empty()) {
            const std::size_t edge = falling.back();
            falling.pop_back();
            if (m_gone[edge])
                continue;
            eachTriangle(edge, [&](std::size_t one, std::size_t other) {
                for (const std::size_t side : {one, other}) {
                    if (count[side]-- == m_least)
                        falling.push_back(side);
                }
            });
            m_gone[edge] = true;
        }
        std::vector<TokenPair> left;
        for (std::size_t edge = 0; edge < m_edges.size(); ++edge) {
            if (!m_gone[edge])
                left.push_back(m_edges[edge]);
        }
        return left;
    }

private:
    /// Calls with the two other edges of each triangle that stands.
    template <class Visit>
    void eachTriangle(std::size_t edge, Visit visit) const
    {
        const auto& left = m_neighbours[m_ends[edge].first];
        const auto& right = m_neighbours[m_ends[edge].second];
        std::size_t i = 0;
        std::size_t j = 0;
        while (i < left.size() && j < right.size()) {
            if (left[i].first != right[j].first) {
                ++(left[i].first < right[j].first ? i : j);
                continue;
            }
            if (!m_gone[left[i].second] && !m_gone[right[j].second])
                visit(left[i].second, right[j].second);
            ++i;
            ++j;
        }
    }

    std::vector<TokenPair> m_edges;
    std::size_t m_least;
    std::vector<std::pair<std::size_t, std::size_t>> m_ends;
    std::vector<std::vector<std::pair<std::size_t, std::size_t>>> m_neighbours; ///< neighbour, edge
    std::vector<bool> m_gone;
};

} // namespace

std::vector<Group> componentsOf(const std::vector<TokenPair>& edges)
{
    const std::vector<Index> tokens = tokensOf(edges);
    const auto place = [&](Index token) {
        return static_cast<std::size_t>(std::lower_bound(tokens.begin(), tokens.end(), token) - tokens.begin());
    };
    domain::UnionFind sets{tokens.size()};
    for (const TokenPair& edge : edges)
        sets.join(place(edge.first), place(edge.second));
    std::map<std::size_t, Group> groups;
    for (std::size_t at = 0; at < tokens.size(); ++at)
        groups[sets.find(at)].members.push_back(tokens[at]);
    for (const TokenPair& edge : edges)
        groups[sets.find(place(edge.first))].edges.push_back(edge);
    std::vector<Group> all;
    for (auto& [root, group] : groups)
        all.push_back(std::move(group));
    return all;
}

std::vector<TokenPair> trussOf(std::vector<TokenPair> edges, std::size_t triangles)
{
    return Truss{std::move(edges), triangles}.peel();
}

} // namespace scr::detect
