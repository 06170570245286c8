#pragma once

#include "ports/worker.h"
#include "store/sql_session.h"

namespace scr::store {

/// A thread of its own with a connection of its own; ends on the server what is not wanted any more.
class SqlWorker final : public ports::Worker<SqlSession> {
public:
    explicit SqlWorker(const domain::ConnectionTarget& target, const ReadSettings& settings = {}) : Worker{target, settings} {}
};

} // namespace scr::store
