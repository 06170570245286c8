#pragma once

#include <memory>
#include <utility>
#include <vector>

#include <QFuture>
#include <QPromise>

#include "domain/result.h"

namespace scr::test {

/// Answers of one kind that a test gives when it wants to: ask() is what the double of a port returns.
template <class T>
class HeldBack {
public:
    QFuture<domain::Result<T>> ask()
    {
        m_promises.push_back(std::make_unique<QPromise<domain::Result<T>>>());
        m_promises.back()->start();
        return m_promises.back()->future();
    }
    void answer(std::size_t number, domain::Result<T> result)
    {
        m_promises[number]->addResult(std::move(result));
        m_promises[number]->finish();
    }
    [[nodiscard]] std::size_t asked() const { return m_promises.size(); }
    [[nodiscard]] bool isCancelled(std::size_t number) const { return m_promises[number]->isCanceled(); }

private:
    std::vector<std::unique_ptr<QPromise<domain::Result<T>>>> m_promises;
};

} // namespace scr::test
