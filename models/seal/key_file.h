#pragma once

#include <string>

#include "audit/note.h"
#include "domain/result.h"

namespace scr::seal {

/// Writes the key into a new file that only its owner may read (0600), on disk when this returns. A file that is there is never
/// written over: with it the log would lose its name.
[[nodiscard]] domain::Status writeKeyFile(const std::string& path, const audit::SigningKey& key);

/// Refuses a file that others may read or write.
[[nodiscard]] domain::Result<audit::SigningKey> readKeyFile(const std::string& path);

} // namespace scr::seal
