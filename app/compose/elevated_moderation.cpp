#include "compose/elevated_moderation.h"

#include <QtConcurrentRun>

namespace scr::compose {

ElevatedModeration::ElevatedModeration(const domain::ConnectionTarget& target, const std::filesystem::path& journalDirectory) :
    m_session{target, journalDirectory}
{
    m_pool.setMaxThreadCount(1);
}

ElevatedModeration::~ElevatedModeration()
{
    m_pool.waitForDone();
}

QFuture<domain::Result<domain::ReviewEntry>> ElevatedModeration::review(const domain::ReviewOrder& order)
{
    return QtConcurrent::run(&m_pool, [this, order] { return m_session.review(order); });
}

QFuture<domain::Result<domain::VoidReceipt>> ElevatedModeration::commit(const domain::VoidPlan& plan, const std::string& reason)
{
    return QtConcurrent::run(&m_pool, [this, plan, reason] { return m_session.commit(plan, reason); });
}

QFuture<domain::Status> ElevatedModeration::propose(const domain::VoidPlan& plan, const std::string& reason)
{
    return QtConcurrent::run(&m_pool, [this, plan, reason] { return m_session.propose(plan, reason); });
}

QFuture<domain::Result<domain::VoidReceipt>> ElevatedModeration::approve(const domain::VoidPlan& plan)
{
    return QtConcurrent::run(&m_pool, [this, plan] { return m_session.approve(plan); });
}

QFuture<domain::Status> ElevatedModeration::withdraw(const domain::RequestId& proposal, const std::string& reason)
{
    return QtConcurrent::run(&m_pool, [this, proposal, reason] { return m_session.withdraw(proposal, reason); });
}

QFuture<domain::Result<std::int64_t>> ElevatedModeration::record(const std::vector<domain::Flag>& flags)
{
    return QtConcurrent::run(&m_pool, [this, flags]() -> domain::Result<std::int64_t> {
        return m_session.record(elevated::newRequestId(), flags).map([](const elevated::RecordResult& result) {
            return result.recorded;
        });
    });
}

QFuture<domain::Status> ElevatedModeration::logExport(const std::string& detail)
{
    return QtConcurrent::run(&m_pool, [this, detail] { return m_session.logExport(elevated::newRequestId(), detail); });
}

QFuture<domain::Result<std::vector<ports::UnfinishedOrder>>> ElevatedModeration::unfinished()
{
    return QtConcurrent::run(&m_pool, [this]() -> domain::Result<std::vector<ports::UnfinishedOrder>> {
        const auto requests = m_session.unfinished();
        if (!requests)
            return domain::failureOf(requests);
        std::vector<ports::UnfinishedOrder> orders;
        for (const elevated::UnfinishedRequest& one : *requests)
            orders.push_back({one.call.request, one.call.function, one.sentAt});
        return orders;
    });
}

QFuture<domain::Result<std::vector<ports::ResentOrder>>> ElevatedModeration::resendUnfinished()
{
    return QtConcurrent::run(&m_pool, [this]() -> domain::Result<std::vector<ports::ResentOrder>> {
        const auto requests = m_session.unfinished();
        if (!requests)
            return domain::failureOf(requests);
        std::vector<ports::ResentOrder> outcomes;
        for (const elevated::UnfinishedRequest& one : *requests) {
            const auto outcome = m_session.resend(one);
            if (outcome)
                outcomes.push_back({*outcome, true});
            else
                outcomes.push_back({one.call.function + ": " + domain::sentenceOf(outcome.error()),
                                    outcome.error().fault != domain::Fault::InDoubt});
        }
        return outcomes;
    });
}

} // namespace scr::compose
