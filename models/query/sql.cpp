#include "query/query.h"

#include <fmt/format.h>

namespace scr::query {

namespace {

/// Gathers conditions; a value only ever goes into the list of parameters.
class Conditions {
public:
    explicit Conditions(int firstParameter) : m_first{firstParameter} {}

    void add(const Term& term);
    void addTime(std::string_view op, domain::UtcTime time)
    {
        // microseconds as a whole number: to_timestamp() takes a double and would round them
        put(fmt::format("cast_at {} timestamptz 'epoch' + {}::bigint * interval '1 microsecond'", op,
                        parameter(std::to_string(domain::microsOf(time)))));
    }
    [[nodiscard]] SqlCondition take() { return std::move(m_condition); }

private:
    [[nodiscard]] std::string parameter(std::string value)
    {
        m_condition.parameters.push_back(std::move(value));
        return fmt::format("${}", m_first + static_cast<int>(m_condition.parameters.size()) - 1);
    }
    void put(std::string_view condition)
    {
        if (!m_condition.text.empty())
            m_condition.text += " AND ";
        m_condition.text += condition;
    }
    void addKey(std::string_view column, std::string_view type, const Term& term)
    {
        put(fmt::format("{} {} {}::{}", column, term.op == Op::NotEqual ? "<>" : "=", parameter(term.value), type));
    }

    int m_first;
    SqlCondition m_condition;
};

void Conditions::add(const Term& term)
{
    const bool isNot = term.op == Op::NotEqual;
    switch (term.field) {
    case Field::Token: addKey("token_key", "scrutineer.token_key", term); return;
    case Field::Post: addKey("post_key", "scrutineer.post_key", term); return;
    case Field::Vote: addKey("vote_key", "scrutineer.vote_key", term); return;
    case Field::Author: // a vote without an author is not by that author
        put(fmt::format("author_key::text {} {}::text", isNot ? "IS DISTINCT FROM" : "=", parameter(term.value)));
        return;
    case Field::Origin: // likewise one whose origin is not known is not from there
        put(isNot ? fmt::format("(origin <<= {}::inet) IS NOT TRUE", parameter(term.value))
                  : fmt::format("origin <<= {}::inet", parameter(term.value)));
        return;
    case Field::State: put(fmt::format("state {} {}::text", isNot ? "<>" : "=", parameter(term.value))); return;
    case Field::Value: // the column is real: 0.1 as a double would equal no 0.1 in it
        put(fmt::format("value {} {}::real", isNot ? std::string_view{"<>"} : nameOf(term.op), parameter(term.value)));
        return;
    }
}

} // namespace

SqlCondition sqlOf(const Query& query, int firstParameter)
{
    Conditions conditions{firstParameter};
    if (query.range.from)
        conditions.addTime(">=", *query.range.from);
    if (query.range.to)
        conditions.addTime("<", *query.range.to);
    for (const Term& term : query.filter.terms)
        conditions.add(term);
    return conditions.take();
}

} // namespace scr::query
