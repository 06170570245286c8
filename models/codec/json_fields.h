#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "domain/keys.h"
#include "domain/time.h"
#include "domain/visible_text.h"

/// Fields of the JSON that this folder writes and reads. What cannot be read throws std::invalid_argument, which the public
/// functions make an Error of.
namespace scr::codec {

using Json = nlohmann::ordered_json;

template <class Tag>
Json keysOf(const std::vector<domain::Key<Tag>>& keys)
{
    Json list = Json::array();
    for (const domain::Key<Tag>& key : keys)
        list.push_back(key.text);
    return list;
}

[[noreturn]] inline void refuse(const std::string& what)
{
    throw std::invalid_argument{what};
}

inline const Json& member(const Json& object, const char* name)
{
    if (!object.is_object() || !object.contains(name))
        refuse(std::string{"\""} + name + "\" is missing");
    return object.at(name);
}

template <class T>
T read(const Json& object, const char* name)
{
    const Json& value = member(object, name);
    const bool fits = std::is_same_v<T, std::string> ? value.is_string()
                      : std::is_same_v<T, bool>      ? value.is_boolean()
                      : std::is_floating_point_v<T>  ? value.is_number()
                                                     : value.is_number_integer();
    if (!fits)
        refuse(std::string{"\""} + name + "\" has the wrong kind of value");
    return value.get<T>();
}

inline std::string readText(const Json& object, const char* name)
{
    return read<std::string>(object, name);
}

inline std::string readOptionalText(const Json& object, const char* name)
{
    return object.contains(name) ? readText(object, name) : std::string{};
}

/// Nothing where the field is missing or null.
inline std::optional<double> readOptionalNumber(const Json& object, const char* name)
{
    return object.contains(name) && !object.at(name).is_null() ? std::optional{read<double>(object, name)} : std::nullopt;
}

inline domain::UtcTime readTime(const Json& object, const char* name)
{
    const auto time = domain::parseTime(readText(object, name));
    if (!time)
        refuse(std::string{"\""} + name + "\": " + time.error().detail);
    return *time;
}

template <class Name>
auto readName(const Json& object, const char* name, Name nameToValue)
{
    const auto value = nameToValue(readText(object, name));
    if (!value)
        refuse(std::string{"\""} + name + "\" has an unknown value \"" + domain::visibleText(readText(object, name)) + "\"");
    return *value;
}

inline const Json& readList(const Json& object, const char* name)
{
    const Json& list = member(object, name);
    if (!list.is_array())
        refuse(std::string{"\""} + name + "\" is not a list");
    return list;
}

inline std::vector<std::string> readTexts(const Json& object, const char* name)
{
    std::vector<std::string> texts;
    for (const Json& text : readList(object, name)) {
        if (!text.is_string())
            refuse(std::string{"\""} + name + "\" holds something that is not text");
        texts.push_back(text.get<std::string>());
    }
    return texts;
}

template <class KeyType>
std::vector<KeyType> readKeys(const Json& object, const char* name)
{
    std::vector<KeyType> keys;
    for (std::string& text : readTexts(object, name))
        keys.emplace_back(std::move(text));
    return keys;
}

} // namespace scr::codec
