#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "domain/keys.h"
#include "domain/result.h"
#include "domain/time.h"

namespace scr::elevated {

/// A call of one of the database's writing functions, as it is sent and as the journal keeps it.
struct WriteCall {
    domain::RequestId request;
    std::string function;                              ///< "void_votes"
    std::vector<std::optional<std::string>> arguments; ///< after the request id, as PostgreSQL reads them

    friend bool operator==(const WriteCall&, const WriteCall&) = default;
};

/// What was asked for, for people: `void, "sock puppets"`.
[[nodiscard]] std::string wordsOf(const WriteCall& call);

struct UnfinishedRequest {
    WriteCall call;
    std::string target; ///< labelOf the connection it was meant for
    domain::UtcTime sentAt{};

    friend bool operator==(const UnfinishedRequest&, const UnfinishedRequest&) = default;
};

/// Append-only file of requests: written and synced to disk before a request is sent, and again with its outcome, so that after a
/// crash a person can be told what is in doubt and can send the same request again. Several processes may share one. A file that
/// has grown over a megabyte is written anew with what is unfinished.
class RequestJournal {
public:
    /// `directory` is made when it is missing (mode 0700); the file in it is requests.jsonl.
    explicit RequestJournal(std::filesystem::path directory);

    [[nodiscard]] domain::Status sending(const WriteCall& call, const std::string& target) const;
    /// `outcome` is one word: "done", "repeated", "refused", "changed", "conflict", "failed", "given up".
    [[nodiscard]] domain::Status finished(const WriteCall& call, const std::string& target, const std::string& outcome) const;
    /// Requests that were sent and whose outcome never became known, oldest first. A torn last line is passed over. A request is
    /// known by its id, its function and its target: a proposal's id is sent by more than one function, and a copy of a database
    /// holds the same ids.
    [[nodiscard]] domain::Result<std::vector<UnfinishedRequest>> unfinished() const;
    [[nodiscard]] domain::Result<bool> isUnfinished(const WriteCall& call, const std::string& target) const;
    [[nodiscard]] std::filesystem::path file() const { return m_directory / "requests.jsonl"; }

private:
    [[nodiscard]] domain::Status append(const std::string& line) const;
    void shorten() const;

    std::filesystem::path m_directory;
};

} // namespace scr::elevated
