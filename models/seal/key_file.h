#pragma once

#include <string>
#include <string_view>

#include "audit/note.h"
#include "domain/result.h"

namespace scr::seal {

/// Writes a secret into a new file that only its owner may read (0600), on disk when this returns. A file that is there is never
/// written over.
[[nodiscard]] domain::Status writeSecretFile(const std::string& path, std::string_view secret);
/// Refuses a file that others may read or write, and one of more than 1024 bytes.
[[nodiscard]] domain::Result<std::string> readSecretFile(const std::string& path);

/// Writes the key into a new file that only its owner may read (0600), on disk when this returns. A file that is there is never
/// written over: with it the log would lose its name.
[[nodiscard]] domain::Status writeKeyFile(const std::string& path, const audit::SigningKey& key);

/// Refuses a file that others may read or write.
[[nodiscard]] domain::Result<audit::SigningKey> readKeyFile(const std::string& path);

} // namespace scr::seal
