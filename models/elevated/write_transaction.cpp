#include "elevated/write_transaction.h"

#include <pqxx/pqxx>

#include <fmt/format.h>

#include "elevated/server_refusal.h"

namespace scr::elevated {

using domain::Error;
using domain::failure;
using domain::Fault;
using domain::Nothing;
using domain::Status;

namespace {

/// Set in the transaction at its start and asked for before COMMIT: libpqxx reconnects silently, and a new session would not know
/// it.
constexpr const char* kSentinel = "scrutineer.transaction";

/// A line that died silently must not leave a commit waiting for hours; of several hosts only the primary can write.
constexpr const char* kSessionSettings = "keepalives_idle=20 keepalives_interval=5 keepalives_count=3 tcp_user_timeout=30000 "
                                         "target_session_attrs=primary";

class PqxxSql final : public Sql {
public:
    explicit PqxxSql(pqxx::work& work) : m_work{work} {}

    std::vector<std::vector<SqlText>> rows(const std::string& sql, const std::vector<SqlText>& parameters) override
    {
        std::vector<const char*> values;
        values.reserve(parameters.size());
        for (const SqlText& parameter : parameters)
            values.push_back(parameter ? parameter->c_str() : nullptr);
        const pqxx::result result = m_work.exec_params(sql, pqxx::prepare::make_dynamic_params(values));
        std::vector<std::vector<SqlText>> rows;
        for (const pqxx::row& row : result) {
            std::vector<SqlText>& fields = rows.emplace_back();
            for (const pqxx::field& field : row)
                fields.push_back(field.is_null() ? SqlText{} : SqlText{std::string{field.c_str(), field.size()}});
        }
        return rows;
    }

    void script(std::string_view statements) override { m_work.exec(std::string{statements}); }
    std::string quoteName(std::string_view name) override { return m_work.quote_name(std::string{name}); }
    std::string quoteText(std::string_view text) override { return m_work.quote(std::string{text}); }

private:
    pqxx::work& m_work;
};

Status runWork(pqxx::connection& connection, const WriteLimits& limits, const std::function<Status(Sql&)>& work)
{
    pqxx::work transaction{connection};
    transaction.exec(fmt::format("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE;"
                                 "SET LOCAL lock_timeout = {}; SET LOCAL statement_timeout = {};"
                                 "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL {} = 'ours';"
                                 // What is reported as done must outlive a crash, whatever the site allows its voters.
                                 "SELECT set_config('synchronous_commit', 'on', true)"
                                 " WHERE current_setting('synchronous_commit') = 'off'",
                                 limits.lock.count(), limits.statement.count(), kSentinel));
    PqxxSql sql{transaction};
    if (Status done = work(sql); !done)
        return done; // leaving the scope rolls back
    if (sql.text(fmt::format("SELECT current_setting('{}', true)", kSentinel)) != "ours")
        return failure(Fault::Unavailable, "the session was exchanged in the middle of the transaction", "Try again", "08006");
    transaction.commit();
    return Nothing{};
}

tl::unexpected<Error> rollbackOf(const char* state, const char* message, const domain::ConnectionTarget& target)
{
    return tl::unexpected<Error>{refusalOf(state, message, target)};
}

} // namespace

std::string Sql::text(const std::string& sql, const std::vector<SqlText>& parameters)
{
    const std::vector<std::vector<SqlText>> all = rows(sql, parameters);
    return all.empty() || all.front().empty() ? std::string{} : all.front().front().value_or("");
}

Status inTransaction(const domain::ConnectionTarget& target, const WriteLimits& limits, const std::function<Status(Sql&)>& work)
{
    std::unique_ptr<pqxx::connection> connection;
    try {
        connection = std::make_unique<pqxx::connection>(conninfoOf(target, kSessionSettings));
    } catch (const std::exception& refused) {
        return tl::unexpected<Error>{connectFailure(refused.what(), target)};
    }
    try {
        return runWork(*connection, limits, work);
    } catch (const pqxx::in_doubt_error& doubt) {
        return failure(Fault::InDoubt, fmt::format("the connection broke during COMMIT: {}", plainMessage(doubt.what())),
                       "Send the same request again: it is not carried out twice");
    } catch (const pqxx::statement_completion_unknown& doubt) {
        return failure(Fault::InDoubt,
                       fmt::format("the server does not know whether it committed: {}", plainMessage(doubt.what())),
                       "Send the same request again: it is not carried out twice");
    } catch (const pqxx::deadlock_detected& rollback) {
        return rollbackOf("40P01", rollback.what(), target);
    } catch (const pqxx::transaction_rollback& rollback) {
        return rollbackOf("40001", rollback.what(), target);
    } catch (const pqxx::broken_connection& broken) {
        return rollbackOf("08006", broken.what(), target);
    } catch (const pqxx::insufficient_privilege& refused) { // the one class that libpqxx 6.4 gives no SQLSTATE
        return rollbackOf("42501", refused.what(), target);
    } catch (const pqxx::sql_error& refused) {
        return rollbackOf(refused.sqlstate().c_str(), refused.what(), target);
    } catch (const pqxx::failure& failed) {
        return rollbackOf("", failed.what(), target);
    }
}

} // namespace scr::elevated
