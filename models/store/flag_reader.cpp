#include "store/flag_reader.h"

#include <fmt/format.h>

#include "codec/flag_json.h"
#include "store/sql_text.h"

namespace scr::store {

namespace {

using domain::Result;
using domain::ReviewEntry;

std::string flagColumnsSql()
{
    return fmt::format(
        "flag_key::text, body::text, state::text, coalesce(last_review, 0)::int8, actor::text, {}, subject_label::text, "
        "post_title::text, recorded_by::text, versions::int8, coalesce(changed_by, '')::text, {}",
        microsSql("recorded_at"), microsSql("changed_at"));
}

/// One flag that cannot be read must not hide the others.
class FlagReader {
public:
    void take(const SqlRow& row)
    {
        Result<domain::Flag> body = codec::flagFromJson(row.text(1));
        const auto state = domain::flagStateOf(row.text(2));
        if (body && state)
            m_list.flags.push_back({std::move(*body), *state, row.integer(3), row.text(4), row.time(5), row.text(6), row.text(7),
                                    row.text(8), row.integer(9), row.text(10), row.optionalTime(11)});
        else
            m_list.unreadable.push_back(
                fmt::format("Flag {} cannot be read: {}", row.text(0),
                            body ? "its state \"" + row.text(2) + "\" is not known" : body.error().detail));
    }
    [[nodiscard]] Result<ports::FlagList> result(const domain::Status& done)
    {
        if (!done)
            return domain::failureOf(done);
        return std::move(m_list);
    }

private:
    ports::FlagList m_list;
};

ReviewEntry reviewOf(const SqlRow& row)
{
    ReviewEntry entry;
    entry.review = row.integer(0);
    entry.flag = domain::FlagKey{row.text(1)};
    entry.decision = domain::decisionOf(row.text(2)).value_or(domain::Decision::Reopen);
    entry.reason = row.text(3);
    entry.actor = row.text(4);
    entry.decidedAt = row.time(5);
    entry.snoozeUntil = row.optionalTime(6);
    return entry;
}

} // namespace

Result<ports::FlagList> readFlags(SqlSession& session, const std::string& rest, const std::vector<std::string>& parameters)
{
    FlagReader reader;
    const domain::Status done = session.each(fmt::format("SELECT {} FROM scrutineer.flag_queue {}", flagColumnsSql(), rest),
                                             parameters, [&reader](const SqlRow& row) { reader.take(row); });
    return reader.result(done);
}

std::string flagOrderSql()
{
    return "array_position(ARRAY['critical', 'high', 'medium', 'low'], severity::text), priority DESC, score DESC, flag_key";
}

Result<std::vector<ReviewEntry>> readReviews(SqlSession& session, const domain::FlagKey& key)
{
    const std::string sql = fmt::format("SELECT review::int8, flag_key::text, decision::text, reason::text, actor::text, {}, {} "
                                        "FROM scrutineer.review_entry WHERE flag_key = $1 ORDER BY review DESC",
                                        microsSql("decided_at"), microsSql("snooze_until"));
    return session.rows<ReviewEntry>(sql, {key.text}, reviewOf);
}

} // namespace scr::store
