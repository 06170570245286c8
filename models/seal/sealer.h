#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "audit/checkpoint.h"
#include "audit/note.h"
#include "domain/result.h"
#include "elevated/seal_session.h"
#include "seal/signed_state.h"

namespace scr::seal {

struct Sealed {
    std::uint64_t added{};                         ///< entries that were given their places
    std::optional<audit::Checkpoint> checkpoint{}; ///< that was signed; nothing when there was nothing new to sign
};

/// Gives what is new in the log its place, and signs what the log then is. It signs only after the commit, after computing all
/// that is new a second time from the stored entries with other code, and only an extension of what it signed last and kept
/// outside the database. Fault::Corrupt: it refuses to sign, `detail` says why; that is put on record in the database as well.
/// Several sealers may work on one log.
class Sealer {
public:
    /// `adopt`: where nothing is kept of what was signed, the database's last checkpoint is taken for it.
    Sealer(elevated::SealSession& session, const audit::SigningKey& key, SignedState state, bool adopt = false);

    [[nodiscard]] domain::Result<Sealed> sealOnce();
    /// Begins anew: everything that is there now becomes the tree of a new epoch, with an origin of its own.
    [[nodiscard]] domain::Result<Sealed> newEpoch(const std::string& reason);

    /// Between committing and signing, for tests that end a sealer there.
    std::function<void()> beforeSigning{};

private:
    [[nodiscard]] domain::Result<elevated::LogEpoch> currentEpoch();
    [[nodiscard]] domain::Status keepOrigin(const std::string& origin);
    [[nodiscard]] tl::unexpected<domain::Error> refused(int epoch, domain::Error error);
    [[nodiscard]] domain::Result<std::optional<audit::Checkpoint>> sign(const elevated::LogEpoch& epoch);
    /// What was signed last by what is kept here and in the database, and whether both have it.
    struct Last {
        std::optional<audit::Checkpoint> checkpoint;
        bool everywhere{};
    };
    [[nodiscard]] domain::Result<Last> lastSigned(const elevated::LogEpoch& epoch);
    [[nodiscard]] domain::Result<audit::Checkpoint> check(const elevated::LogEpoch& epoch, const audit::Frontier& head,
                                                          const std::optional<audit::Checkpoint>& last);
    [[nodiscard]] domain::Status checkLeaves(int epoch, std::uint64_t from, std::uint64_t to);
    [[nodiscard]] domain::Status publish(const elevated::LogEpoch& epoch, const audit::Checkpoint& checkpoint);

    elevated::SealSession& m_session;
    const audit::SigningKey& m_key;
    SignedState m_state;
    bool m_adopt;
    int m_lastEpoch = 0;
};

} // namespace scr::seal
