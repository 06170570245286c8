#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace scr::domain {

/// Sets of numbers below a size that grow together; the smallest number stands for its set.
class UnionFind {
public:
    explicit UnionFind(std::size_t size) : m_parent(size) { std::iota(m_parent.begin(), m_parent.end(), std::size_t{0}); }

    [[nodiscard]] std::size_t find(std::size_t at)
    {
        while (m_parent[at] != at)
            at = m_parent[at] = m_parent[m_parent[at]];
        return at;
    }
    void join(std::size_t left, std::size_t right)
    {
        left = find(left);
        right = find(right);
        m_parent[std::max(left, right)] = std::min(left, right);
    }

private:
    std::vector<std::size_t> m_parent;
};

} // namespace scr::domain
