#include <sodium.h>

#include <fmt/format.h>

#include "audit/hash.h"
#include "audit/note.h"
#include "audit/utf8.h"

namespace scr::audit {

using domain::failure;
using domain::Fault;
using domain::Result;

namespace {

constexpr std::string_view kPrivate = "PRIVATE+KEY+";

std::uint32_t idOf(std::string_view name, SignatureType type, std::string_view key)
{
    const Hash hash = sha256(fmt::format("{}\n{}{}", name, static_cast<char>(type), key));
    return static_cast<std::uint32_t>(hash[0]) << 24 | static_cast<std::uint32_t>(hash[1]) << 16 |
           static_cast<std::uint32_t>(hash[2]) << 8 | hash[3];
}

bool isName(std::string_view name)
{
    if (name.empty())
        return false;
    while (!name.empty()) {
        const auto character = takeCharacter(name);
        if (!character || isSpace(*character) || *character == U'+' || *character < 0x20)
            return false;
    }
    return true;
}

struct KeyText {
    std::string_view name;
    std::string_view id;
    SignatureType type{};
    std::string material;
};

/// "name+id+base64": the name has no plus, the base64 may have some.
std::optional<KeyText> split(std::string_view text)
{
    const auto first = text.find('+');
    const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
    if (second == std::string_view::npos)
        return std::nullopt;
    KeyText parts{text.substr(0, first), text.substr(first + 1, second - first - 1), {}, {}};
    auto bytes = bytesOfBase64(text.substr(second + 1));
    if (!isName(parts.name) || !bytes || bytes->size() != 33)
        return std::nullopt;
    const auto type = static_cast<unsigned char>(bytes->front());
    if (type != static_cast<unsigned char>(SignatureType::Log) && type != static_cast<unsigned char>(SignatureType::Cosignature))
        return std::nullopt;
    parts.type = static_cast<SignatureType>(type);
    parts.material = bytes->substr(1);
    sodium_memzero(bytes->data(), bytes->size());
    return parts;
}

tl::unexpected<domain::Error> notAKey(std::string_view what)
{
    return failure(Fault::Invalid, fmt::format("that is not {}", what),
                   "It is one line of the form name+id+base64, as keygen writes it");
}

} // namespace

Result<VerifierKey> parseVerifierKey(std::string_view text)
{
    const auto parts = split(text);
    if (!parts)
        return notAKey("a verifier key");
    VerifierKey key{std::string{parts->name}, idOf(parts->name, parts->type, parts->material), parts->type,
                    *hashOf(parts->material)};
    if (textOf(key) != text)
        return notAKey("a verifier key: its id is not that of its name and key");
    return key;
}

std::string textOf(const VerifierKey& key)
{
    const std::string_view material{reinterpret_cast<const char*>(key.key.data()), key.key.size()};
    return fmt::format("{}+{:08x}+{}", key.name, key.id, base64Of(static_cast<char>(key.type) + std::string{material}));
}

Result<SigningKey> SigningKey::of(std::string_view name, SignatureType type, std::string_view seed)
{
    if (sodium_init() < 0)
        return failure(Fault::Unavailable, "libsodium cannot be started", "See whether the system gives random numbers");
    if (!isName(name))
        return failure(Fault::Invalid, "the name of a key has no spaces and no plus sign",
                       "Take a name such as example.org/audit-log");
    SigningKey key;
    crypto_sign_seed_keypair(key.m_verifier.key.data(), key.m_secret.data(), reinterpret_cast<const unsigned char*>(seed.data()));
    key.m_verifier.name = name;
    key.m_verifier.type = type;
    key.m_verifier.id = idOf(name, type, {reinterpret_cast<const char*>(key.m_verifier.key.data()), key.m_verifier.key.size()});
    return key;
}

Result<SigningKey> SigningKey::make(std::string_view name, SignatureType type)
{
    if (sodium_init() < 0)
        return failure(Fault::Unavailable, "libsodium cannot be started", "See whether the system gives random numbers");
    std::array<char, crypto_sign_SEEDBYTES> seed;
    randombytes_buf(seed.data(), seed.size());
    auto key = of(name, type, {seed.data(), seed.size()});
    sodium_memzero(seed.data(), seed.size());
    return key;
}

Result<SigningKey> SigningKey::parse(std::string_view text)
{
    if (!text.starts_with(kPrivate))
        return notAKey("a private key");
    auto parts = split(text.substr(kPrivate.size()));
    if (!parts)
        return notAKey("a private key");
    auto key = of(parts->name, parts->type, parts->material);
    sodium_memzero(parts->material.data(), parts->material.size());
    if (key && fmt::format("{:08x}", key->m_verifier.id) != parts->id)
        return notAKey("a private key: its id is not that of its name and key");
    return key;
}

SigningKey::~SigningKey()
{
    sodium_memzero(m_secret.data(), m_secret.size());
}

std::string SigningKey::text() const
{
    std::string seed(1, static_cast<char>(m_verifier.type));
    seed.append(reinterpret_cast<const char*>(m_secret.data()), crypto_sign_SEEDBYTES);
    return fmt::format("{}{}+{:08x}+{}", kPrivate, m_verifier.name, m_verifier.id, base64Of(seed));
}

std::array<std::uint8_t, 64> SigningKey::sign(std::string_view message) const
{
    std::array<std::uint8_t, 64> signature;
    crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                         m_secret.data());
    return signature;
}

} // namespace scr::audit
