#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/network.h"
#include "domain/vote_columns.h"
#include "store/intern_cache.h"
#include "store/scan_layout.h"

namespace scr::store {

/// Walks the fields of one row of a binary COPY. After a field that is not as expected, `ok()` is false and stays so.
class FieldReader {
public:
    FieldReader(std::string_view row, std::uint16_t fields) noexcept;

    [[nodiscard]] bool ok() const noexcept { return m_ok; }
    [[nodiscard]] bool isNull() const noexcept { return m_ok && m_isNull; }
    void next() noexcept;
    [[nodiscard]] std::string_view bytes(std::size_t width) noexcept; ///< exactly that many, else not ok
    [[nodiscard]] std::string_view bytes() const noexcept { return m_field; }
    [[nodiscard]] std::int64_t micros() noexcept;

private:
    std::string_view m_rest;
    std::string_view m_field;
    bool m_isNull = false;
    bool m_ok = true;
};

/// Votes: vote_key, token_key, post_key, value real, cast_at, and where votes have one, origin inet. Whole-number keys take a
/// path without a branch a field. Those whose keys are among `voided` are left out.
class VoteDecoder {
public:
    VoteDecoder(const ScanLayout& layout, domain::VoteColumns& votes, const domain::KeyTable* voided = nullptr);

    [[nodiscard]] bool take(std::string_view row)
    {
        if (m_width == 0)
            return takeAny(row);
        if (m_layout.hasOrigins ? row.size() < m_width + 4 : row.size() != m_width)
            return false;
        if (!hasFixedShape(row.data()))
            return false;
        const std::int64_t key = keyOf(row.data());
        if (isVoided(key))
            return true;
        takeFixed(key, row.data());
        if (m_layout.hasOrigins && !takeOrigin(row.substr(m_width)))
            return false;
        if (++m_pending == kPending)
            internPending();
        return true;
    }
    void finish() { internPending(); } ///< after the last row

private:
    static constexpr std::size_t kFields = 5;
    static constexpr std::size_t kPending = 64;

    [[nodiscard]] bool hasFixedShape(const char* row) const noexcept;
    template <class KeyType>
    [[nodiscard]] bool isVoided(KeyType key) const
    {
        return m_voided != nullptr && m_voided->find(key) != domain::kNoIndex;
    }
    [[nodiscard]] std::int64_t keyOf(const char* row) const noexcept; ///< of a row of fixed shape
    void takeFixed(std::int64_t key, const char* row);
    [[nodiscard]] bool takeAny(std::string_view row);
    [[nodiscard]] bool takeOrigin(std::string_view field); ///< the field's length and its bytes
    [[nodiscard]] static domain::Origin originOf(std::string_view inet) noexcept;
    void pushNetwork(domain::NetworkCode network);
    void internPending();

    ScanLayout m_layout;
    const domain::KeyTable* m_voided; ///< none: nothing is left out
    domain::VoteColumns& m_votes;
    // Keys wait here until their places have come from memory, which takes longer than decoding a row.
    std::array<std::int64_t, kPending> m_tokenKeys{};
    std::array<std::int64_t, kPending> m_postKeys{};
    std::array<domain::NetworkCode, kPending> m_networks{};
    std::size_t m_pending = 0;
    std::size_t m_width = 0;                      ///< bytes of every row up to its origin; 0: they differ
    std::array<std::size_t, kFields> m_at{};      ///< where a field's bytes begin
    std::array<std::uint32_t, kFields> m_bytes{}; ///< and how many there are
    InternCache m_tokens;
    InternCache m_posts;
};

/// Attempts: attempt_key, token_key, post_key, attempted_at, finished_at, outcome, vote_key, and with text sqlstate, origin
/// and the hash of request_key.
class AttemptDecoder {
public:
    AttemptDecoder(const ScanLayout& layout, bool withText, domain::VoteColumns& tables, domain::AttemptColumns& attempts);
    [[nodiscard]] bool take(std::string_view row);
    void finish() {}

private:
    ScanLayout m_layout;
    bool m_withText;
    domain::VoteColumns& m_tables;
    domain::AttemptColumns& m_attempts;
};

/// Posts as postColumnsSql asks for them: post_key, counter double precision, author_key as text, created_at, closed_at; all but
/// the key may be null.
class PostDecoder {
public:
    PostDecoder(const ScanLayout& layout, domain::VoteColumns& tables, domain::PostColumns& posts);
    [[nodiscard]] bool take(std::string_view row);
    void finish() {}

private:
    ScanLayout m_layout;
    domain::VoteColumns& m_tables;
    domain::PostColumns& m_posts;
};

/// What posts had before the time that is read: post_key, sum of values double precision.
class EarlierScoreDecoder {
public:
    EarlierScoreDecoder(const ScanLayout& layout, domain::VoteColumns& votes);
    [[nodiscard]] bool take(std::string_view row);
    void finish() {}

private:
    ScanLayout m_layout;
    domain::VoteColumns& m_votes;
};

} // namespace scr::store
