#include "elevated/elevated_session.h"

#include <random>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "codec/flag_json.h"
#include "elevated/write_sender.h"

namespace scr::elevated {

using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;
using domain::VoidReceipt;
using Json = nlohmann::json;

namespace {

template <class T>
std::string keysLiteral(const std::vector<T>& items, const std::string& (*keyOf)(const T&))
{
    std::string text = "{";
    for (const T& item : items) {
        text += text.size() > 1 ? ",\"" : "\"";
        for (const char c : keyOf(item)) {
            if (c == '"' || c == '\\')
                text += '\\';
            text += c;
        }
        text += '"';
    }
    return text + "}";
}

const std::string& keyOfVote(const domain::Vote& vote)
{
    return vote.key.text;
}
const std::string& keyOfFlag(const domain::FlagKey& flag)
{
    return flag.text;
}

WriteCall voidCall(const char* function, const domain::VoidPlan& plan, const std::string& reason)
{
    return {
        plan.request, function, {keysLiteral(plan.votes, &keyOfVote), plan.digest, reason, keysLiteral(plan.flags, &keyOfFlag)}};
}

Result<VoidReceipt> receiptOf(const Result<Json>& answer, const domain::RequestId& request, domain::RequestKind kind)
{
    if (!answer)
        return failureOf(answer);
    VoidReceipt receipt;
    receipt.request = request;
    receipt.kind = kind;
    receipt.votes = answer->value("votes", std::int64_t{0});
    receipt.posts = answer->value("posts", std::int64_t{0});
    receipt.digest = answer->value("digest", "");
    receipt.actor = answer->value("actor", "");
    receipt.committedAt = domain::timeOf(answer->value("committed_at", std::int64_t{0}));
    receipt.repeated = answer->value("status", "") == "repeated";
    return receipt;
}

Status statusOf(const Result<Json>& answer)
{
    return answer ? Status{Nothing{}} : Status{failureOf(answer)};
}

std::string summaryOf(const WriteCall& call, const Json& answer, const std::string& outcome)
{
    const std::string number =
        answer.contains("number") ? fmt::format(" (V-{})", answer.at("number").get<std::int64_t>()) : std::string{};
    return fmt::format("The {} {}{}", wordsOf(call), outcome, number);
}

std::string whatBecameOf(const Json& answer)
{
    const auto proposal = answer.find("proposal");
    const std::string state = proposal != answer.end() && proposal->is_string() ? proposal->get<std::string>() : std::string{};
    if (!answer.value("carried_out", false))
        return answer.value("final", false) ? "was not carried out, and never will be"
               : state == "proposed"        ? "was not carried out so far; the proposal still waits: withdraw it to close it"
                                            : fmt::format("was not carried out; the proposal is {}", state);
    return answer.value("by_you", true) ? "had been carried out before"
                                        : fmt::format("was overtaken: {} did that", answer.value("by", ""));
}

} // namespace

ElevatedSession::ElevatedSession(domain::ConnectionTarget target, const std::filesystem::path& journalDirectory) :
    m_target{std::move(target)}, m_journal{journalDirectory}
{
}

Result<Json> ElevatedSession::call(const WriteCall& call) const
{
    return send(m_target, m_journal, call);
}

Result<domain::ReviewEntry> ElevatedSession::review(const domain::ReviewOrder& order) const
{
    const std::optional<std::string> until =
        order.snoozeUntil ? std::optional{domain::isoText(*order.snoozeUntil)} : std::nullopt;
    const Result<Json> answer =
        call({order.request,
              "review_flag",
              {order.flag.text, std::string{nameOf(order.decision)}, order.reason, until, std::to_string(order.seenReview)}});
    if (!answer)
        return failureOf(answer);
    return domain::ReviewEntry{answer->value("review", std::int64_t{0}),
                               order.flag,
                               order.decision,
                               order.reason,
                               answer->value("actor", ""),
                               domain::timeOf(answer->value("decided_at", std::int64_t{0})),
                               order.snoozeUntil};
}

Result<VoidReceipt> ElevatedSession::commit(const domain::VoidPlan& plan, const std::string& reason) const
{
    switch (plan.kind) {
    case domain::RequestKind::Void: return receiptOf(call(voidCall("void_votes", plan, reason)), plan.request, plan.kind);
    case domain::RequestKind::Restore:
        return receiptOf(call({plan.request, "restore_votes", {plan.restores.text, plan.digest, reason}}), plan.request,
                         plan.kind);
    }
    return failure(Fault::Invalid, "a plan that neither voids nor restores", "Make the plan anew");
}

Status ElevatedSession::propose(const domain::VoidPlan& plan, const std::string& reason) const
{
    return statusOf(call(voidCall("propose_void", plan, reason)));
}

Result<VoidReceipt> ElevatedSession::approve(const domain::VoidPlan& plan) const
{
    return receiptOf(call({plan.request, "approve_void", {plan.digest}}), plan.request, plan.kind);
}

Status ElevatedSession::withdraw(const domain::RequestId& proposal, const std::string& reason) const
{
    return statusOf(call({proposal, "withdraw_proposal", {reason}}));
}

Result<RecordResult> ElevatedSession::record(const domain::RequestId& request, const std::vector<domain::Flag>& flags) const
{
    std::string array = "[";
    for (const domain::Flag& flag : flags)
        array.append(array.size() > 1 ? "," : "").append(codec::flagToJson(flag));
    const Result<Json> answer = call({request, "record_flags", {array + "]"}});
    if (!answer)
        return failureOf(answer);
    return RecordResult{answer->value("recorded", std::int64_t{0}), answer->value("known", std::int64_t{0}),
                        answer->value("status", "") == "repeated"};
}

Result<std::vector<std::string>> ElevatedSession::record(const domain::RequestId& request,
                                                         const std::vector<ControlOutcome>& outcomes) const
{
    Json controls = Json::array();
    for (const ControlOutcome& one : outcomes) {
        controls.push_back({{"control", one.control.name},
                            {"state", nameOf(one.control.state)},
                            {"evidence", one.control.evidence},
                            {"took_us", one.control.took.count()},
                            {"flag", Json::parse(codec::flagToJson(one.ifFallen))}});
    }
    const Result<Json> answer =
        call({request, "record_controls", {controls.dump(-1, ' ', false, Json::error_handler_t::replace)}});
    if (!answer)
        return failureOf(answer);
    return answer->value("fell", std::vector<std::string>{});
}

Status ElevatedSession::accept(const domain::RequestId& request, const domain::AcceptOrder& order) const
{
    const std::optional<std::string> until = order.until ? std::optional{domain::isoText(*order.until)} : std::nullopt;
    return statusOf(call({request, "accept_control", {order.control, std::string{nameOf(order.state)}, until, order.reason}}));
}

Status ElevatedSession::logExport(const domain::RequestId& request, const std::string& detail) const
{
    return statusOf(call({request, "log_export", {detail}}));
}

Result<std::vector<UnfinishedRequest>> ElevatedSession::unfinished() const
{
    Result<std::vector<UnfinishedRequest>> open = m_journal.unfinished();
    if (open)
        std::erase_if(*open, [&](const UnfinishedRequest& one) { return one.target != labelOf(m_target); });
    return open;
}

Result<std::string> ElevatedSession::resend(const UnfinishedRequest& request) const
{
    const Result<Json> answer = call(request.call);
    if (!answer)
        return failureOf(answer);
    const bool before = answer->value("status", "") == "repeated";
    return summaryOf(request.call, *answer, before ? "had been carried out before" : "was carried out now");
}

Result<std::string> ElevatedSession::giveUp(const UnfinishedRequest& request) const
{
    const Result<Json> answer = elevated::giveUp(m_target, m_journal, request.call);
    if (!answer)
        return failureOf(answer);
    return summaryOf(request.call, *answer, whatBecameOf(*answer));
}

domain::RequestId newRequestId()
{
    std::random_device device;
    std::uint32_t words[4];
    for (std::uint32_t& word : words)
        word = device();
    words[1] = (words[1] & 0xffff0fffU) | 0x4000U;
    words[2] = (words[2] & 0x3fffffffU) | 0x80000000U;
    return domain::RequestId{fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:04x}{:08x}", words[0], words[1] >> 16U,
                                         words[1] & 0xffffU, words[2] >> 16U, words[2] & 0xffffU, words[3])};
}

} // namespace scr::elevated
