#include "audit/hash.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

#include <openssl/evp.h>
#include <sodium.h>

namespace scr::audit {

namespace {

/// Fetching the digest and making a context cost more than hashing a leaf, so a thread does it once.
class Hasher {
public:
    Hasher() : m_digest{EVP_MD_fetch(nullptr, "SHA256", nullptr)}, m_context{EVP_MD_CTX_new()}
    {
        if (!m_digest || !m_context)
            throw std::bad_alloc{};
    }

    template <class... Parts>
    [[nodiscard]] Hash operator()(Parts... parts)
    {
        Hash hash;
        bool good = EVP_DigestInit_ex2(m_context.get(), m_digest.get(), nullptr) == 1;
        ((good = good && EVP_DigestUpdate(m_context.get(), parts.data(), parts.size()) == 1), ...);
        if (!good || EVP_DigestFinal_ex(m_context.get(), hash.data(), nullptr) != 1)
            throw std::bad_alloc{};
        return hash;
    }

private:
    struct Free {
        void operator()(EVP_MD* digest) const noexcept { EVP_MD_free(digest); }
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    };
    std::unique_ptr<EVP_MD, Free> m_digest;
    std::unique_ptr<EVP_MD_CTX, Free> m_context;
};

Hasher& hasher()
{
    thread_local Hasher ours;
    return ours;
}

constexpr std::string_view kLeaf{"\0", 1};
constexpr std::string_view kNode{"\1", 1};

} // namespace

Hash sha256(std::string_view bytes)
{
    return hasher()(bytes);
}

Hash leafHash(std::string_view entry)
{
    return hasher()(kLeaf, entry);
}

Hash nodeHash(const Hash& left, const Hash& right)
{
    std::array<char, 65> node;
    node[0] = kNode[0];
    std::memcpy(node.data() + 1, left.data(), left.size());
    std::memcpy(node.data() + 33, right.data(), right.size());
    return hasher()(std::string_view{node.data(), node.size()});
}

Hash emptyRoot()
{
    return sha256({});
}

Hash leafHashAgain(std::string_view entry)
{
    Hash hash;
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    const std::uint8_t prefix = 0;
    crypto_hash_sha256_update(&state, &prefix, 1);
    crypto_hash_sha256_update(&state, reinterpret_cast<const unsigned char*>(entry.data()), entry.size());
    crypto_hash_sha256_final(&state, hash.data());
    return hash;
}

std::string_view bytesOf(const Hash& hash) noexcept
{
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

std::optional<Hash> hashOf(std::string_view bytes) noexcept
{
    Hash hash;
    if (bytes.size() != hash.size())
        return std::nullopt;
    std::memcpy(hash.data(), bytes.data(), hash.size());
    return hash;
}

std::string hexOf(std::string_view bytes)
{
    std::string hex(bytes.size() * 2 + 1, '\0');
    sodium_bin2hex(hex.data(), hex.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    hex.pop_back();
    return hex;
}

std::string hexOf(const Hash& hash)
{
    return hexOf(bytesOf(hash));
}

std::optional<std::string> bytesOfHex(std::string_view hex)
{
    std::string bytes(hex.size() / 2, '\0');
    std::size_t length = 0;
    const char* end = nullptr;
    if (sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), hex.data(), hex.size(), nullptr, &length,
                       &end) != 0 ||
        length != bytes.size() || end != hex.data() + hex.size() || hexOf(bytes) != hex)
        return std::nullopt;
    return bytes;
}

std::optional<Hash> hashOfHex(std::string_view hex)
{
    const auto bytes = bytesOfHex(hex);
    return bytes ? hashOf(*bytes) : std::nullopt;
}

std::string base64Of(std::string_view bytes)
{
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back(); // its terminating zero
    return text;
}

std::optional<std::string> bytesOfBase64(std::string_view text)
{
    std::string bytes(text.size() / 4 * 3 + 3, '\0');
    std::size_t length = 0;
    const char* end = nullptr;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(), text.size(), nullptr,
                          &length, &end, sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != text.data() + text.size())
        return std::nullopt;
    bytes.resize(length);
    return base64Of(bytes) == text ? std::optional{std::move(bytes)} : std::nullopt;
}

std::optional<Hash> hashOfBase64(std::string_view text)
{
    const auto bytes = bytesOfBase64(text);
    return bytes ? hashOf(*bytes) : std::nullopt;
}

} // namespace scr::audit
