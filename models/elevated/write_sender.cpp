#include "elevated/write_sender.h"

#include <array>
#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "domain/time.h"
#include "elevated/server_refusal.h"
#include "elevated/write_transaction.h"

namespace scr::elevated {

using domain::Error;
using domain::failure;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;
using Json = nlohmann::json;
using std::chrono::milliseconds;

namespace {

constexpr int kRollbackRetries = 5;
constexpr int kConnectionRetries = 2;
/// A server that went down during COMMIT is given these pauses, about 16 seconds, and the time of the attempts between them.
constexpr std::array kDoubtPauses{milliseconds{200},  milliseconds{500},  milliseconds{1000},
                                  milliseconds{2000}, milliseconds{4000}, milliseconds{8000}};

struct Function {
    std::string_view name;
    std::string_view parameters;
};
constexpr std::array kFunctions{
    Function{"record_flags", "$1::uuid, $2::jsonb"},
    Function{"review_flag", "$1::uuid, $2::text, $3::text, $4::text, $5::timestamptz, $6::bigint"},
    Function{"void_votes", "$1::uuid, $2::text[], $3::text, $4::text, $5::text[]"},
    Function{"propose_void", "$1::uuid, $2::text[], $3::text, $4::text, $5::text[]"},
    Function{"approve_void", "$1::uuid, $2::text"},
    Function{"withdraw_proposal", "$1::uuid, $2::text"},
    Function{"restore_votes", "$1::uuid, $2::uuid, $3::text, $4::text"},
    Function{"log_export", "$1::uuid, $2::text"},
};

Result<std::string> sqlOf(const WriteCall& call)
{
    for (const Function& function : kFunctions) {
        if (function.name == call.function)
            return fmt::format("SELECT scrutineer.{}({})", function.name, function.parameters);
    }
    return failure(Fault::Invalid, fmt::format("there is no writing function \"{}\"", call.function),
                   "Use the program that made this request");
}

Result<std::string> callOnce(const domain::ConnectionTarget& target, const std::string& sql, const WriteCall& call)
{
    std::vector<SqlText> parameters{call.request.text};
    parameters.insert(parameters.end(), call.arguments.begin(), call.arguments.end());
    std::string answer;
    const Status done = inTransaction(target, WriteLimits{}, [&](Sql& session) {
        answer = session.text(sql, parameters);
        return Status{Nothing{}};
    });
    return done ? Result<std::string>{answer} : Result<std::string>{failureOf(done)};
}

tl::unexpected<Error> stillInDoubt(Error why)
{
    why.fault = Fault::InDoubt;
    why.remedy = "When the server is up again, send this request again: it is kept in the journal and is not carried out twice";
    return tl::unexpected<Error>{std::move(why)};
}

/// The request may have been carried out: only the database can tell, and sending the same id again makes it tell.
Result<std::string> resolveDoubt(const domain::ConnectionTarget& target, const std::string& sql, const WriteCall& call,
                                 Error doubt)
{
    for (const milliseconds pause : kDoubtPauses) {
        std::this_thread::sleep_for(pause);
        if (Result<std::string> answer = callOnce(target, sql, call))
            return answer;
    }
    return stillInDoubt(std::move(doubt));
}

Result<std::string> callUntilKnown(const domain::ConnectionTarget& target, const std::string& sql, const WriteCall& call)
{
    int rollbacks = 0;
    int losses = 0;
    for (;;) {
        Result<std::string> answer = callOnce(target, sql, call);
        if (answer)
            return answer;
        const Error& error = answer.error();
        const bool rolledBack = error.sqlstate == "40001" || error.sqlstate == "40P01";
        const bool lost = isConnectionLoss(error.sqlstate) && error.sqlstate != "08001";
        if (error.fault == Fault::InDoubt)
            return resolveDoubt(target, sql, call, error);
        if (rolledBack && rollbacks++ < kRollbackRetries)
            std::this_thread::sleep_for(milliseconds{20 * rollbacks});
        else if (lost && losses++ < kConnectionRetries)
            std::this_thread::sleep_for(milliseconds{300});
        else
            return answer;
    }
}

std::string listOf(const Json& lines)
{
    std::string text;
    std::size_t shown = 0;
    for (const Json& line : lines) {
        if (++shown > 5)
            return text + "; and more";
        text += (text.empty() ? "" : "; ") + line.get<std::string>();
    }
    return text;
}

Result<Json> understand(const std::string& text)
{
    const Json answer = Json::parse(text, nullptr, false);
    if (!answer.is_object())
        return failure(Fault::Corrupt, "the database's answer cannot be read",
                       "Upgrade the program and the database to the same version");
    const std::string status = answer.value("status", "");
    if (status == "done" || status == "repeated")
        return answer;
    if (status == "refused")
        return failure(Fault::Rejected, answer.value("reason", ""), answer.value("remedy", ""));
    if (status == "changed")
        return failure(
            Fault::Rejected,
            fmt::format("the votes changed since they were reviewed, nothing was done: {}", listOf(answer.at("differences"))),
            "Make the plan anew and look at it again");
    if (status == "conflict")
        return failure(Fault::Rejected,
                       fmt::format("{} decided \"{}\" at {}, after you loaded the flag", answer.value("actor", ""),
                                   answer.value("decision", ""),
                                   domain::isoText(domain::timeOf(answer.value("decided_at", std::int64_t{0})))),
                       "Look at the flag again, then decide");
    return failure(Fault::Corrupt, fmt::format("the database answered with the unknown status \"{}\"", status),
                   "Upgrade the program and the database to the same version");
}

std::string outcomeOf(const Result<std::string>& answer)
{
    if (!answer)
        return "failed";
    const Json parsed = Json::parse(*answer, nullptr, false);
    return parsed.is_object() ? parsed.value("status", "failed") : "failed";
}

} // namespace

Result<Json> send(const domain::ConnectionTarget& target, const RequestJournal& journal, const WriteCall& call, Sent sent)
{
    const Result<std::string> sql = sqlOf(call);
    if (!sql)
        return failureOf(sql);
    if (const Status kept = journal.sending(call, labelOf(target)); !kept) {
        // The line may be there although it could not be synced; what was never sent must not be offered for sending again.
        if (sent == Sent::First)
            static_cast<void>(journal.finished(call.request, call.function, "failed"));
        return failureOf(kept);
    }
    Result<std::string> answer = callUntilKnown(target, *sql, call);
    if (!answer && answer.error().fault == Fault::InDoubt)
        return failureOf(answer);
    if (!answer && sent == Sent::InDoubt) {
        answer.error().detail = "it is still not known whether the request was carried out: " + answer.error().detail;
        return stillInDoubt(std::move(answer.error()));
    }
    // The outcome is known even where it cannot be written down; the request then only stays offered for sending again.
    static_cast<void>(journal.finished(call.request, call.function, outcomeOf(answer)));
    if (!answer)
        return failureOf(answer);
    return understand(*answer);
}

} // namespace scr::elevated
