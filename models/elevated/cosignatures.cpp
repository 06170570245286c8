#include "elevated/cosignatures.h"

#include "elevated/write_transaction.h"

namespace scr::elevated {

domain::Status storeCosignature(const domain::ConnectionTarget& target, int epoch, std::uint64_t size, const std::string& name,
                                const std::string& line)
{
    return inTransaction(target, {}, [&](Sql& sql) -> domain::Status {
        static_cast<void>(sql.rows("SELECT scrutineer.store_cosignature($1, $2, $3, $4)",
                                   {std::to_string(epoch), std::to_string(size), name, line}));
        return domain::Nothing{};
    });
}

} // namespace scr::elevated
