#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "domain/connection.h"
#include "domain/control.h"
#include "domain/flag.h"
#include "domain/result.h"
#include "domain/review.h"
#include "domain/void_plan.h"
#include "elevated/request_journal.h"

namespace scr::elevated {

struct RecordResult {
    std::int64_t recorded{}; ///< new ones
    std::int64_t known{};    ///< had been recorded before
    bool repeated{};

    friend bool operator==(const RecordResult&, const RecordResult&) = default;
};

/// The only way to write. Each call opens a connection, sends one function call in one transaction, and closes the connection.
/// The request is in the journal before it is sent. When the connection breaks during COMMIT, the same request id is sent again,
/// which does nothing twice; when that fails as well the answer is Fault::InDoubt and the request stays unfinished in the
/// journal, and so it stays at every later try until the database has answered. Fault::Rejected: nothing was changed, `detail`
/// says why and `remedy` what to do. Calls block; one session may be shared by threads.
class ElevatedSession {
public:
    ElevatedSession(domain::ConnectionTarget target, const std::filesystem::path& journalDirectory);

    [[nodiscard]] domain::Result<domain::ReviewEntry> review(const domain::ReviewOrder& order) const;
    /// Voids or restores, as the plan's kind says.
    [[nodiscard]] domain::Result<domain::VoidReceipt> commit(const domain::VoidPlan& plan, const std::string& reason) const;
    [[nodiscard]] domain::Status propose(const domain::VoidPlan& plan, const std::string& reason) const;
    [[nodiscard]] domain::Result<domain::VoidReceipt> approve(const domain::VoidPlan& plan) const;
    [[nodiscard]] domain::Status withdraw(const domain::RequestId& proposal, const std::string& reason) const;
    [[nodiscard]] domain::Result<RecordResult> record(const domain::RequestId& request,
                                                      const std::vector<domain::Flag>& flags) const;
    struct ControlOutcome {
        domain::Control control;
        domain::Flag ifFallen; ///< raised when the control held the last time that it could be told
    };
    /// Keeps what a check of the controls found; the names of those that fell, whose flags were raised.
    [[nodiscard]] domain::Result<std::vector<std::string>> record(const domain::RequestId& request,
                                                                  const std::vector<ControlOutcome>& outcomes) const;
    [[nodiscard]] domain::Status accept(const domain::RequestId& request, const domain::AcceptOrder& order) const;
    /// Writes to the audit log that data left the house: "report 2026-03, 14 flags, report.pdf".
    [[nodiscard]] domain::Status logExport(const domain::RequestId& request, const std::string& detail) const;

    /// Requests of this target whose outcome is not known.
    [[nodiscard]] domain::Result<std::vector<UnfinishedRequest>> unfinished() const;
    /// Sends such a request again; what it did, or had done, in one sentence.
    [[nodiscard]] domain::Result<std::string> resend(const UnfinishedRequest& request) const;
    /// Asks what became of it, and keeps it from being carried out when it was not yet (an approval or a withdrawal cannot be
    /// kept from that: others may send it too); what it came to, in one sentence.
    [[nodiscard]] domain::Result<std::string> giveUp(const UnfinishedRequest& request) const;

private:
    [[nodiscard]] domain::Result<nlohmann::json> call(const WriteCall& call) const;

    domain::ConnectionTarget m_target;
    RequestJournal m_journal;
};

/// A new random request id (UUID version 4).
[[nodiscard]] domain::RequestId newRequestId();

} // namespace scr::elevated
