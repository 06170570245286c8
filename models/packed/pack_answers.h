#pragma once

#include <utility>

#include <QFuture>
#include <QPromise>

namespace scr::packed {

/// What is known already, as a port answers it.
template <class Answer>
[[nodiscard]] QFuture<Answer> answer(Answer known)
{
    QPromise<Answer> promise;
    promise.start();
    promise.addResult(std::move(known));
    promise.finish();
    return promise.future();
}

} // namespace scr::packed
