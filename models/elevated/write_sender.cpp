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
    bool inJournal = true;
};
constexpr std::array kFunctions{
    Function{"record_flags", "$1::uuid, $2::jsonb", false},
    Function{"record_controls", "$1::uuid, $2::jsonb", false},
    Function{"review_flag", "$1::uuid, $2::text, $3::text, $4::text, $5::timestamptz, $6::bigint"},
    Function{"void_votes", "$1::uuid, $2::text[], $3::text, $4::text, $5::text[]"},
    Function{"propose_void", "$1::uuid, $2::text[], $3::text, $4::text, $5::text[]"},
    Function{"approve_void", "$1::uuid, $2::text"},
    Function{"withdraw_proposal", "$1::uuid, $2::text"},
    Function{"restore_votes", "$1::uuid, $2::uuid, $3::text, $4::text"},
    Function{"accept_control", "$1::uuid, $2::text, $3::text, $4::timestamptz, $5::text"},
    Function{"log_export", "$1::uuid, $2::text"},
};

Result<Function> functionOf(const WriteCall& call)
{
    for (const Function& function : kFunctions) {
        if (function.name == call.function)
            return function;
    }
    return failure(Fault::Invalid, fmt::format("there is no writing function \"{}\"", call.function),
                   "Use the program that made this request");
}

std::string sqlOf(const Function& function)
{
    return fmt::format("SELECT scrutineer.{}({})", function.name, function.parameters);
}

std::vector<SqlText> parametersOf(const WriteCall& call)
{
    std::vector<SqlText> parameters{call.request.text};
    parameters.insert(parameters.end(), call.arguments.begin(), call.arguments.end());
    return parameters;
}

Result<std::string> callOnce(const domain::ConnectionTarget& target, const std::string& sql,
                             const std::vector<SqlText>& parameters)
{
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

Error notSettled(Error why)
{
    why.fault = Fault::InDoubt;
    why.detail = "it is still not known whether the request was carried out: " + why.detail;
    if (why.remedy.empty())
        why.remedy = "Try again when the server is up";
    return why;
}

/// The request may have been carried out: only the database can tell, and sending the same id again makes it tell.
Result<std::string> resolveDoubt(const domain::ConnectionTarget& target, const std::string& sql,
                                 const std::vector<SqlText>& parameters, Error doubt)
{
    for (const milliseconds pause : kDoubtPauses) {
        std::this_thread::sleep_for(pause);
        if (Result<std::string> answer = callOnce(target, sql, parameters))
            return answer;
    }
    return stillInDoubt(std::move(doubt));
}

Result<std::string> callUntilKnown(const domain::ConnectionTarget& target, const std::string& sql,
                                   const std::vector<SqlText>& parameters)
{
    int rollbacks = 0;
    int losses = 0;
    for (;;) {
        Result<std::string> answer = callOnce(target, sql, parameters);
        if (answer)
            return answer;
        const Error& error = answer.error();
        const bool rolledBack = error.sqlstate == "40001" || error.sqlstate == "40P01";
        const bool lost = isConnectionLoss(error.sqlstate) && error.sqlstate != "08001";
        if (error.fault == Fault::InDoubt)
            return resolveDoubt(target, sql, parameters, error);
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

/// Whatever is malformed in an answer, the request was answered, and what it did stands.
tl::unexpected<Error> unreadable(std::string_view why)
{
    return failure(Fault::Corrupt, fmt::format("the database's answer cannot be read: {}", why),
                   "Read the list again to see what was done; upgrade the program and the database to the same version");
}

Result<Json> understand(const std::string& text)
try {
    const Json answer = Json::parse(text, nullptr, false);
    if (!answer.is_object())
        return unreadable("it is not an object");
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
    return unreadable(fmt::format("unknown status \"{}\"", status));
} catch (const Json::exception& malformed) {
    return unreadable(malformed.what());
}

Result<Json> sendUnkept(const domain::ConnectionTarget& target, const Function& function, const WriteCall& call)
{
    Result<std::string> answer = callUntilKnown(target, sqlOf(function), parametersOf(call));
    if (!answer && answer.error().fault == Fault::InDoubt)
        answer.error().remedy = "When the server is up again, scan again: what is on record then is known already";
    if (!answer)
        return failureOf(answer);
    return understand(*answer);
}

std::string outcomeOf(const Result<std::string>& answer)
{
    if (!answer)
        return "failed";
    const Json parsed = Json::parse(*answer, nullptr, false);
    const auto status = parsed.is_object() ? parsed.find("status") : parsed.end();
    return status != parsed.end() && status->is_string() ? status->get<std::string>() : "failed";
}

} // namespace

Result<Json> send(const domain::ConnectionTarget& target, const RequestJournal& journal, const WriteCall& call)
{
    const Result<Function> function = functionOf(call);
    if (!function)
        return failureOf(function);
    if (!function->inJournal)
        return sendUnkept(target, *function, call);
    const std::string label = labelOf(target);
    const Result<bool> inDoubt = journal.isUnfinished(call, label);
    if (!inDoubt)
        return failureOf(inDoubt);
    if (!*inDoubt) {
        if (const Status kept = journal.sending(call, label); !kept) {
            // The line may be there although it could not be synced; what was never sent must not be offered for sending again.
            static_cast<void>(journal.finished(call, label, "failed"));
            return failureOf(kept);
        }
    }
    Result<std::string> answer = callUntilKnown(target, sqlOf(*function), parametersOf(call));
    if (!answer && answer.error().fault == Fault::InDoubt)
        return failureOf(answer);
    if (!answer && *inDoubt)
        return tl::unexpected<Error>{notSettled(answer.error())};
    // The outcome is known even where it cannot be written down; the request then only stays offered for sending again.
    static_cast<void>(journal.finished(call, label, outcomeOf(answer)));
    if (!answer)
        return failureOf(answer);
    return understand(*answer);
}

Result<Json> giveUp(const domain::ConnectionTarget& target, const RequestJournal& journal, const WriteCall& call)
{
    Result<std::string> answer =
        callUntilKnown(target, "SELECT scrutineer.give_up_request($1::uuid, $2::text)", {call.request.text, call.function});
    if (!answer)
        return tl::unexpected<Error>{notSettled(answer.error())};
    Result<Json> understood = understand(*answer);
    if (!understood)
        return tl::unexpected<Error>{notSettled(understood.error())};
    const bool carriedOut = understood->value("carried_out", false);
    static_cast<void>(journal.finished(call, labelOf(target), carriedOut ? "done" : "given up"));
    return understood;
}

} // namespace scr::elevated
