#pragma once

#include <string>
#include <string_view>

#include "domain/audit_reading.h"
#include "domain/keys.h"
#include "domain/result.h"

namespace scr::evidence {

/// Names for the people in a pack. Without a salt they keep those they have; with one, each token, address and author gets a name
/// that is always the same under that salt, and that nobody finds out who does not have it: HMAC-SHA256, cut to 80 bits.
class Redaction {
public:
    Redaction() = default;
    /// `salt`: at least 32 bytes.
    [[nodiscard]] static domain::Result<Redaction> with(std::string salt);

    [[nodiscard]] bool isClear() const noexcept { return m_salt.empty(); }
    [[nodiscard]] std::string token(const std::string& key) const;
    [[nodiscard]] std::string origin(const std::string& address) const;
    [[nodiscard]] std::string author(const std::string& key) const;
    /// Words that are addresses or networks are replaced; what else people wrote stays.
    [[nodiscard]] std::string text(std::string_view text) const;
    [[nodiscard]] domain::FlagReading flag(domain::FlagReading flag) const;

private:
    /// Likewise, and words that are keys of the flag's tokens or authors.
    [[nodiscard]] std::string sentence(std::string_view sentence, const domain::Flag& flag) const;
    [[nodiscard]] std::string name(std::string_view kind, std::string_view mark, const std::string& of) const;
    [[nodiscard]] domain::Evidence evidence(domain::Evidence evidence) const;

    std::string m_salt;
};

} // namespace scr::evidence
