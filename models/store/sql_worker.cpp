#include "store/sql_worker.h"

namespace scr::store {

SqlWorker::SqlWorker(const domain::ConnectionTarget& target, const ReadSettings& settings) :
    m_session{std::make_unique<SqlSession>(target, settings)}
{
    m_pool.setMaxThreadCount(1);
    m_pool.setExpiryTimeout(-1); // the connection belongs to the thread that made it
}

SqlWorker::~SqlWorker()
{
    m_stopping = true;
    m_session->interrupt();
    m_pool.start([this] { m_session->close(); });
    m_pool.waitForDone();
}

void SqlWorker::enqueue(std::function<void()> job)
{
    m_pool.start(std::move(job));
    m_session->interrupt(); // what runs may be unwanted since; do not make the new job wait for the next look
}

} // namespace scr::store
