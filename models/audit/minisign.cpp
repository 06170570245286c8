#include "audit/minisign.h"

#include <algorithm>

#include <sodium.h>

#include <fmt/format.h>

#include "audit/hash.h"

namespace scr::audit {

namespace {

// A secret key file: algorithm, key derivation, checksum algorithm, 48 bytes of the derivation, then key id, key and checksum.
constexpr std::string_view kHead{"Ed\0\0B2", 6};
constexpr std::size_t kDerivation = 32 + 8 + 8;
constexpr std::size_t kChecksum = 32;
constexpr std::size_t kSecretSize = 6 + kDerivation + 8 + 64 + kChecksum;

std::string_view viewOf(const auto& bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string blake2b(std::string_view bytes, std::size_t length)
{
    std::string hash(length, '\0');
    crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                       reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr, 0);
    return hash;
}

} // namespace

MinisignKey::~MinisignKey()
{
    sodium_memzero(m_secret.data(), m_secret.size());
}

MinisignKey MinisignKey::make()
{
    MinisignKey key;
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> ignored{};
    randombytes_buf(key.m_id.data(), key.m_id.size());
    crypto_sign_keypair(ignored.data(), key.m_secret.data());
    return key;
}

domain::Result<MinisignKey> MinisignKey::parse(std::string_view file)
{
    const auto refused = [](std::string_view what) {
        return domain::failure(domain::Fault::Invalid, fmt::format("that is no key for evidence packs: {}", what),
                               "Make one with scrutineerctl keygen --exporter, or minisign -G -W");
    };
    const auto end = file.find('\n');
    if (!file.starts_with("untrusted comment: ") || end == std::string_view::npos)
        return refused("it does not begin as minisign's keys do");
    std::string_view line = file.substr(end + 1);
    line = line.substr(0, line.find('\n'));
    auto bytes = bytesOfBase64(line);
    if (!bytes || bytes->size() != kSecretSize || !bytes->starts_with("Ed"))
        return refused("its second line is none");
    if (!bytes->starts_with(kHead))
        return refused("it is protected by a password, which this program does not ask for");
    MinisignKey key;
    const std::string_view own = std::string_view{*bytes}.substr(6 + kDerivation);
    std::copy_n(own.data(), key.m_id.size(), key.m_id.begin());
    std::copy_n(own.data() + 8, key.m_secret.size(), key.m_secret.begin());
    const bool isWhole = key.checksum() == own.substr(8 + 64);
    sodium_memzero(bytes->data(), bytes->size());
    if (!isWhole)
        return refused("its checksum is wrong");
    return key;
}

std::string MinisignKey::checksum() const
{
    return blake2b(fmt::format("Ed{}{}", viewOf(m_id), viewOf(m_secret)), kChecksum);
}

std::string MinisignKey::text() const
{
    const std::string bytes =
        fmt::format("{}{}{}{}{}", kHead, std::string(kDerivation, '\0'), viewOf(m_id), viewOf(m_secret), checksum());
    return fmt::format("untrusted comment: secret key for evidence packs\n{}\n", base64Of(bytes));
}

std::string MinisignKey::publicKey() const
{
    return base64Of(fmt::format("Ed{}{}", viewOf(m_id), viewOf(m_secret).substr(32)));
}

std::string MinisignKey::sign(std::string_view message, std::string_view untrusted, std::string_view trustedComment) const
{
    const auto signatureOf = [this](std::string_view bytes) {
        std::string signature(crypto_sign_BYTES, '\0');
        crypto_sign_detached(reinterpret_cast<unsigned char*>(signature.data()), nullptr,
                             reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), m_secret.data());
        return signature;
    };
    const std::string signature = signatureOf(blake2b(message, crypto_generichash_BYTES_MAX));
    return fmt::format("untrusted comment: {}\n{}\ntrusted comment: {}\n{}\n", untrusted,
                       base64Of(fmt::format("ED{}{}", viewOf(m_id), signature)), trustedComment,
                       base64Of(signatureOf(fmt::format("{}{}", signature, trustedComment))));
}

} // namespace scr::audit
