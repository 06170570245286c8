#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <sodium.h>

#include "audit/hash.h"
#include "history/byte_source.h"

namespace scr::packed {

/// SHA-256 in steps.
class Hashing {
public:
    Hashing() { crypto_hash_sha256_init(&m_state); }
    void add(std::string_view bytes)
    {
        crypto_hash_sha256_update(&m_state, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    }
    [[nodiscard]] std::string hex()
    {
        std::string hash(crypto_hash_sha256_BYTES, '\0');
        crypto_hash_sha256_final(&m_state, reinterpret_cast<unsigned char*>(hash.data()));
        return audit::hexOf(hash);
    }

private:
    crypto_hash_sha256_state m_state{};
};

/// Bytes that are hashed as they are read.
class HashedBytes final : public history::ByteSource {
public:
    HashedBytes(std::unique_ptr<history::ByteSource> source, Hashing& hashing) : m_source{std::move(source)}, m_hashing{hashing}
    {
    }

    domain::Result<std::size_t> read(std::span<char> into) override
    {
        const auto count = m_source->read(into);
        if (count)
            m_hashing.add({into.data(), *count});
        return count;
    }
    std::uint64_t size() const noexcept override { return m_source->size(); }

private:
    std::unique_ptr<history::ByteSource> m_source;
    Hashing& m_hashing;
};

} // namespace scr::packed
