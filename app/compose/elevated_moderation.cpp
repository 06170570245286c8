#include "compose/elevated_moderation.h"

#include <algorithm>
#include <utility>

#include <QtConcurrentRun>

#include "domain/guard.h"

namespace scr::compose {

namespace {

ports::UnfinishedOrder orderOf(const elevated::UnfinishedRequest& one)
{
    return {one.call.request, one.call.function, elevated::wordsOf(one.call), one.sentAt};
}

/// Whether the database itself has said what became of a request; anything else leaves it in doubt.
bool isAnswer(domain::Fault fault)
{
    return fault == domain::Fault::Rejected || fault == domain::Fault::Corrupt;
}

} // namespace

ElevatedModeration::ElevatedModeration(const domain::ConnectionTarget& target, const std::filesystem::path& journalDirectory) :
    m_session{target, journalDirectory}
{
    m_pool.setMaxThreadCount(1);
    m_pool.setExpiryTimeout(-1);
    m_pool.start([] {}); // from here: a thread inherits the niceness of the one that starts it
}

ElevatedModeration::~ElevatedModeration()
{
    m_pool.waitForDone();
}

/// What a defect throws may have come after the request was sent, so it leaves the request in doubt.
template <class Work>
auto ElevatedModeration::inOrder(Work work)
{
    return QtConcurrent::run(&m_pool, [work = std::move(work)] { return domain::guarded(work, domain::Fault::InDoubt); });
}

QFuture<domain::Result<domain::ReviewEntry>> ElevatedModeration::review(const domain::ReviewOrder& order)
{
    return inOrder([this, order] { return m_session.review(order); });
}

QFuture<domain::Result<domain::VoidReceipt>> ElevatedModeration::commit(const domain::VoidPlan& plan, const std::string& reason)
{
    return inOrder([this, plan, reason] { return m_session.commit(plan, reason); });
}

QFuture<domain::Status> ElevatedModeration::propose(const domain::VoidPlan& plan, const std::string& reason)
{
    return inOrder([this, plan, reason] { return m_session.propose(plan, reason); });
}

QFuture<domain::Result<domain::VoidReceipt>> ElevatedModeration::approve(const domain::VoidPlan& plan)
{
    return inOrder([this, plan] { return m_session.approve(plan); });
}

QFuture<domain::Status> ElevatedModeration::withdraw(const domain::RequestId& proposal, const std::string& reason)
{
    return inOrder([this, proposal, reason] { return m_session.withdraw(proposal, reason); });
}

QFuture<domain::Result<std::int64_t>> ElevatedModeration::record(const std::vector<domain::Flag>& flags)
{
    return inOrder([this, flags]() -> domain::Result<std::int64_t> {
        return m_session.record(elevated::newRequestId(), flags).map([](const elevated::RecordResult& result) {
            return result.recorded;
        });
    });
}

QFuture<domain::Status> ElevatedModeration::accept(const domain::AcceptOrder& order)
{
    return inOrder([this, order] { return m_session.accept(elevated::newRequestId(), order); });
}

QFuture<domain::Status> ElevatedModeration::logExport(const std::string& detail)
{
    return inOrder([this, detail] { return m_session.logExport(elevated::newRequestId(), detail); });
}

QFuture<domain::Result<std::vector<ports::UnfinishedOrder>>> ElevatedModeration::unfinished()
{
    return inOrder([this]() -> domain::Result<std::vector<ports::UnfinishedOrder>> {
        const auto requests = m_session.unfinished();
        if (!requests)
            return domain::failureOf(requests);
        std::vector<ports::UnfinishedOrder> orders;
        for (const elevated::UnfinishedRequest& one : *requests)
            orders.push_back(orderOf(one));
        return orders;
    });
}

QFuture<domain::Result<std::vector<ports::SettledOrder>>>
ElevatedModeration::resend(const std::vector<ports::UnfinishedOrder>& orders)
{
    return settleEach(orders, &elevated::ElevatedSession::resend);
}

QFuture<domain::Result<std::vector<ports::SettledOrder>>>
ElevatedModeration::giveUp(const std::vector<ports::UnfinishedOrder>& orders)
{
    return settleEach(orders, &elevated::ElevatedSession::giveUp);
}

QFuture<domain::Result<std::vector<ports::SettledOrder>>>
ElevatedModeration::settleEach(const std::vector<ports::UnfinishedOrder>& orders, Settler settle)
{
    return inOrder([this, orders, settle]() -> domain::Result<std::vector<ports::SettledOrder>> {
        const auto requests = m_session.unfinished();
        if (!requests)
            return domain::failureOf(requests);
        std::vector<ports::SettledOrder> outcomes;
        for (const elevated::UnfinishedRequest& one : *requests) {
            if (std::find(orders.begin(), orders.end(), orderOf(one)) == orders.end())
                continue;
            const auto outcome = (m_session.*settle)(one);
            if (outcome)
                outcomes.push_back({one.call.request, *outcome, true});
            else
                outcomes.push_back({one.call.request,
                                    "The " + elevated::wordsOf(one.call) + ": " + domain::sentenceOf(outcome.error()),
                                    isAnswer(outcome.error().fault)});
        }
        return outcomes;
    });
}

} // namespace scr::compose
