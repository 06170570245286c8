#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace scr::domain {

/// What kind of thing went wrong; the views choose their words and the command line its exit code from it.
enum class Fault {
    NotFound,    ///< the thing asked for does not exist (any more)
    Rejected,    ///< the request was understood and refused: nothing was changed
    Invalid,     ///< the input is malformed: nothing was changed
    Unavailable, ///< the server, a file or a connection failed; trying again may help
    TimedOut,    ///< the server ended the query by its statement timeout
    Cancelled,   ///< stopped on request
    InDoubt,     ///< the connection broke during COMMIT; sending the same request id again tells
    Corrupt      ///< what was read contradicts itself
};

[[nodiscard]] std::string_view nameOf(Fault fault) noexcept;

struct Error {
    Fault fault{};
    std::string detail;   ///< one sentence: what happened
    std::string remedy;   ///< one sentence: what to do; may be empty
    std::string sqlstate; ///< five characters where the database said so, else empty

    friend bool operator==(const Error&, const Error&) = default; // a Result in a signal must be comparable
};

template <class T>
using Result = tl::expected<T, Error>; // std::expected once we build as C++23

struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};
using Status = Result<Nothing>;

[[nodiscard]] inline tl::unexpected<Error> failure(Fault fault, std::string detail, std::string remedy = {},
                                                   std::string sqlstate = {})
{
    return tl::unexpected<Error>{Error{fault, std::move(detail), std::move(remedy), std::move(sqlstate)}};
}

/// Passes the error of one Result on as that of another.
template <class T>
[[nodiscard]] tl::unexpected<Error> failureOf(const Result<T>& result)
{
    return tl::unexpected<Error>{result.error()};
}

/// `detail` and `remedy` as they are shown to a person: "detail. remedy".
[[nodiscard]] std::string sentenceOf(const Error& error);

} // namespace scr::domain
