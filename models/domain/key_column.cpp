#include "domain/key_column.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <optional>
#include <stdexcept>

#include "domain/large_pages.h"
#include "domain/prefetch.h"

namespace scr::domain {

namespace {

constexpr KeyTable::Index kFree = std::numeric_limits<KeyTable::Index>::max();
constexpr std::size_t kFirstPlaces = 64;

/// The number whose canonical decimal form is `key`.
std::optional<std::int64_t> wholeNumber(std::string_view key) noexcept
{
    const std::string_view digits = key.substr(key.starts_with('-') ? 1 : 0);
    if (digits.empty() || digits.size() > 19 || (digits.front() == '0' && key.size() > 1))
        return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    if (error != std::errc{} || end != key.data() + key.size())
        return std::nullopt;
    return number;
}

std::uint64_t mixed(std::uint64_t value) noexcept
{
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

std::uint32_t tagOf(std::int64_t key) noexcept
{
    return static_cast<std::uint32_t>(mixed(static_cast<std::uint64_t>(key)) >> 32U);
}

std::uint32_t tagOf(std::string_view key) noexcept
{
    std::uint64_t hash = 0x9e3779b97f4a7c15ULL ^ key.size();
    while (!key.empty()) {
        std::uint64_t word = 0;
        const std::size_t taken = std::min(key.size(), sizeof word);
        std::memcpy(&word, key.data(), taken);
        hash = mixed(hash ^ word) + 0x9e3779b97f4a7c15ULL;
        key.remove_prefix(taken);
    }
    return static_cast<std::uint32_t>(hash >> 32U);
}

template <class Place>
bool holds(const KeyList& keys, const Place& place, std::int64_t key) noexcept
{
    return place.slot == key && keys.isNumber(place.index);
}

template <class Place>
bool holds(const KeyList& keys, const Place& place, std::string_view key) noexcept
{
    return !keys.isNumber(place.index) && keys.text(place.index) == key;
}

} // namespace

void KeyList::reserve(std::size_t rows)
{
    m_slots.reserve(rows);
    preferLargePages(m_slots.data(), m_slots.capacity() * sizeof(std::int64_t));
}

void KeyList::push(std::int64_t key)
{
    m_slots.push_back(key);
    if (!m_isText.empty())
        m_isText.push_back(false);
}

void KeyList::push(std::string_view key)
{
    if (const auto number = wholeNumber(key)) {
        push(*number);
        return;
    }
    if (key.size() > std::numeric_limits<std::uint32_t>::max())
        throw std::length_error{"a key of more than 4 GiB"};
    m_isText.resize(m_slots.size(), false);
    m_isText.push_back(true);
    m_slots.push_back(static_cast<std::int64_t>(m_arena.size()));
    const auto length = static_cast<std::uint32_t>(key.size());
    std::array<char, sizeof length> prefix{};
    std::memcpy(prefix.data(), &length, sizeof length);
    m_arena.append(prefix.data(), prefix.size());
    m_arena.append(key);
}

void KeyList::append(const KeyList& other)
{
    const std::size_t before = m_slots.size();
    const auto arenaBefore = static_cast<std::int64_t>(m_arena.size());
    m_slots.insert(m_slots.end(), other.m_slots.begin(), other.m_slots.end());
    if (m_isText.empty() && other.m_isText.empty())
        return;
    m_isText.resize(before, false);
    m_arena += other.m_arena;
    m_isText.insert(m_isText.end(), other.m_isText.begin(), other.m_isText.end());
    m_isText.resize(m_slots.size(), false);
    for (std::size_t row = before; row < m_slots.size(); ++row) {
        if (m_isText[row])
            m_slots[row] += arenaBefore;
    }
}

void KeyList::move(std::size_t from, std::size_t to)
{
    m_slots[to] = m_slots[from];
    if (!m_isText.empty())
        m_isText[to] = m_isText[from];
}

void KeyList::truncate(std::size_t rows)
{
    m_slots.resize(rows);
    if (!m_isText.empty())
        m_isText.resize(rows);
}

std::uint64_t KeyList::hash(std::size_t row) const noexcept
{
    const std::uint64_t hash =
        isNumber(row) ? mixed(static_cast<std::uint64_t>(number(row)) + 1) : std::hash<std::string_view>{}(text(row));
    return hash == 0 ? 1 : hash;
}

std::string KeyList::at(std::size_t row) const
{
    return isNumber(row) ? std::to_string(m_slots.at(row)) : std::string{text(row)};
}

std::string_view KeyList::text(std::size_t row) const noexcept
{
    const char* place = m_arena.data() + m_slots[row];
    std::uint32_t length = 0;
    std::memcpy(&length, place, sizeof length);
    return {place + sizeof length, length};
}

std::size_t KeyList::bytes() const noexcept
{
    return m_slots.capacity() * sizeof(std::int64_t) + m_isText.capacity() / 8 + m_arena.capacity();
}

void KeyList::shrinkToFit()
{
    m_slots.shrink_to_fit();
    m_isText.shrink_to_fit();
    m_arena.shrink_to_fit();
}

template <class KeyType>
std::size_t KeyTable::placeOf(KeyType key, std::uint32_t tag) const noexcept
{
    const std::size_t mask = m_places.size() - 1;
    std::size_t at = static_cast<std::size_t>(static_cast<std::uint64_t>(tag) >> m_shift);
    while (m_places[at].index != kFree && !(m_places[at].tag == tag && holds(m_keys, m_places[at], key)))
        at = (at + 1) & mask;
    return at;
}

void KeyTable::grow()
{
    const std::size_t places = m_places.empty() ? kFirstPlaces : m_places.size() * 2;
    if (places > (std::size_t{1} << 32U))
        throw std::length_error{"more distinct keys than a scan can hold"};
    std::vector<Place> old(places, Place{0, kFree, 0});
    old.swap(m_places);
    m_shift = 32;
    for (std::size_t left = places; left > 1; left /= 2)
        --m_shift;
    for (const Place& place : old) {
        if (place.index == kFree)
            continue;
        std::size_t at = static_cast<std::size_t>(static_cast<std::uint64_t>(place.tag) >> m_shift);
        while (m_places[at].index != kFree)
            at = (at + 1) & (places - 1);
        m_places[at] = place;
    }
}

template <class KeyType>
KeyTable::Index KeyTable::internHashed(KeyType key, std::uint32_t tag)
{
    if (10 * (m_keys.size() + 1) > 7 * m_places.size())
        grow();
    Place& place = m_places[placeOf(key, tag)];
    if (place.index == kFree) {
        m_keys.push(key);
        const auto index = static_cast<Index>(m_keys.size() - 1);
        place = {m_keys.number(index), index, tag};
    }
    return place.index;
}

KeyTable::Index KeyTable::intern(std::int64_t key)
{
    return internHashed(key, tagOf(key));
}

KeyTable::Index KeyTable::intern(std::string_view key)
{
    if (const auto number = wholeNumber(key))
        return intern(*number);
    return internHashed(key, tagOf(key));
}

KeyTable::Index KeyTable::find(std::string_view key) const
{
    if (m_places.empty())
        return kFree;
    if (const auto number = wholeNumber(key))
        return m_places[placeOf(*number, tagOf(*number))].index;
    return m_places[placeOf(key, tagOf(key))].index;
}

KeyTable::Index KeyTable::find(std::int64_t key) const
{
    return m_places.empty() ? kFree : m_places[placeOf(key, tagOf(key))].index;
}

void KeyTable::prefetch(std::int64_t key) const noexcept
{
    if (!m_places.empty())
        scr::domain::prefetch(&m_places[static_cast<std::size_t>(static_cast<std::uint64_t>(tagOf(key)) >> m_shift)]);
}

std::size_t KeyTable::bytes() const noexcept
{
    return m_keys.bytes() + m_places.capacity() * sizeof(Place);
}

} // namespace scr::domain
