#pragma once

#include <exception>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

#include "domain/result.h"

namespace scr::domain {

/// Runs `work`, which gives a Result. What it throws becomes an error: above a worker's thread nobody would catch it, and whoever
/// waits for the answer would wait for ever.
template <class Work>
[[nodiscard]] std::invoke_result_t<Work> guarded(Work&& work, Fault fault = Fault::Unavailable)
try {
    return std::forward<Work>(work)();
} catch (const std::bad_alloc&) {
    return failure(fault, "there is not enough memory", "Close other programs, or ask for less at a time");
} catch (const std::exception& unexpected) {
    return failure(fault, std::string{"unexpected: "} + unexpected.what(), "Try again, and report it when it comes back");
}

} // namespace scr::domain
