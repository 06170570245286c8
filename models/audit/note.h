#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/result.h"

namespace scr::audit {

/// Signed notes as C2SP signed-note has them: a text, an empty line, and lines "— name base64(id, signature)".

/// Signature types of C2SP signed-note: a log signs the text itself, a witness the text and a time (tlog-cosignature).
enum class SignatureType : std::uint8_t { Log = 1, Cosignature = 4 };

/// A public key as it is given to verifiers: "name+id+base64(type, Ed25519 key)".
struct VerifierKey {
    std::string name;
    std::uint32_t id{};
    SignatureType type = SignatureType::Log;
    std::array<std::uint8_t, 32> key{};

    friend bool operator==(const VerifierKey&, const VerifierKey&) = default;
};
[[nodiscard]] domain::Result<VerifierKey> parseVerifierKey(std::string_view text);
[[nodiscard]] std::string textOf(const VerifierKey& key);

/// A private key, "PRIVATE+KEY+name+id+base64(type, seed)". Its memory is overwritten when it goes.
class SigningKey {
public:
    [[nodiscard]] static domain::Result<SigningKey> make(std::string_view name, SignatureType type); ///< a new random one
    [[nodiscard]] static domain::Result<SigningKey> parse(std::string_view text);
    SigningKey(SigningKey&&) = default;
    SigningKey& operator=(SigningKey&&) = default;
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    ~SigningKey();

    [[nodiscard]] std::string text() const; ///< secret
    [[nodiscard]] const VerifierKey& verifier() const noexcept { return m_verifier; }
    [[nodiscard]] std::array<std::uint8_t, 64> sign(std::string_view message) const;

private:
    SigningKey() = default;
    [[nodiscard]] static domain::Result<SigningKey> of(std::string_view name, SignatureType type, std::string_view seed);

    VerifierKey m_verifier;
    std::array<std::uint8_t, 64> m_secret{}; ///< libsodium's form: seed and public key
};

struct NoteSignature {
    std::string name;
    std::uint32_t id{};
    std::string bytes; ///< what follows the id

    friend bool operator==(const NoteSignature&, const NoteSignature&) = default;
};

/// A note that is well-formed; nothing is said of its signatures.
struct Note {
    std::string text; ///< with its last line feed
    std::vector<NoteSignature> signatures;
};
/// At most a megabyte and 100 signatures.
[[nodiscard]] domain::Result<Note> parseNote(std::string_view bytes);

/// A signature by a key that was asked for, and that is good.
struct Signer {
    VerifierKey key;
    std::optional<std::int64_t> time; ///< of a cosignature: seconds since 1970

    friend bool operator==(const Signer&, const Signer&) = default;
};
/// Who of `keys` signed the note. One bad signature of a known key makes the whole note bad (Fault::Rejected); signatures of
/// others are left out. Empty when none of `keys` signed.
[[nodiscard]] domain::Result<std::vector<Signer>> signersOf(const Note& note, const std::vector<VerifierKey>& keys);

/// The signature line of a key under a text that ends with a line feed, its own line feed included. A cosigner gives the time.
[[nodiscard]] domain::Result<std::string> signatureLine(std::string_view text, const SigningKey& key,
                                                        std::optional<std::int64_t> time = {});
/// The text, the empty line and the line of one log key.
[[nodiscard]] domain::Result<std::string> signNote(std::string_view text, const SigningKey& key);

} // namespace scr::audit
