#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"
#include "domain/time.h"

namespace scr::query {

/// What a term compares. `origin` takes an address or a network in CIDR notation.
enum class Field { Token, Post, Author, Vote, Origin, State, Value };
enum class Op { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };

[[nodiscard]] std::string_view nameOf(Field field) noexcept; // "token", "post", …
[[nodiscard]] std::string_view nameOf(Op op) noexcept;       // "=", "!=", "<", "<=", ">", ">="

/// One condition; all terms of a filter hold together.
struct Term {
    Field field{};
    Op op = Op::Equal;
    std::string value;

    friend bool operator==(const Term&, const Term&) = default;
};

struct Filter {
    std::vector<Term> terms;
    friend bool operator==(const Filter&, const Filter&) = default;
};

/// The one immutable question that table, chart, scan, export and void preview share.
struct Query {
    Filter filter;
    domain::TimeRange range;
    friend bool operator==(const Query&, const Query&) = default;
};

/// Reads "token=tok_7 state!=voided value>0 origin=10.1.0.0/16 post=\"with space\"". A colon stands for "=". An error names the
/// term and what is accepted.
[[nodiscard]] domain::Result<Filter> parseFilter(std::string_view text);
[[nodiscard]] std::string textOf(const Filter& filter); ///< parseFilter(textOf(f)) == f
[[nodiscard]] std::string textOf(const Term& term);

/// A condition over the columns of the contract view `scrutineer.vote`, with $1, $2, … from `firstParameter` on and their
/// values. Empty text when the query takes everything. Times go in as epoch microseconds.
struct SqlCondition {
    std::string text;
    std::vector<std::string> parameters;
};
[[nodiscard]] SqlCondition sqlOf(const Query& query, int firstParameter = 1);

} // namespace scr::query
