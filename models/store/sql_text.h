#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/keys.h"
#include "domain/time.h"

namespace scr::store {

/// SQL that gives a timestamptz as epoch microseconds; infinities become the first and the last moment of years 1 to 9999.
[[nodiscard]] std::string microsSql(std::string_view column);

/// ORDER BY list that breaks ties as the rest of the program does (rank/order.h): whole numbers first and by value, then by
/// bytes.
[[nodiscard]] std::string keyOrderSql(std::string_view key);

/// A moment as PostgreSQL reads it, exact to the microsecond.
[[nodiscard]] std::string momentText(domain::UtcTime time);

/// The array literal of these texts, "{\"a\",\"b\"}".
[[nodiscard]] std::string arrayText(const std::vector<std::string>& elements);

template <class Tag>
[[nodiscard]] std::string arrayText(const std::vector<domain::Key<Tag>>& keys)
{
    std::vector<std::string> texts;
    texts.reserve(keys.size());
    for (const domain::Key<Tag>& key : keys)
        texts.push_back(key.text);
    return arrayText(texts);
}

/// The elements of a one-dimensional text array as PostgreSQL prints it.
[[nodiscard]] std::vector<std::string> arrayElements(std::string_view text);

} // namespace scr::store
