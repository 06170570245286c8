#include "packed/packed_flag_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "packed/pack_answers.h"

namespace scr::packed {

using domain::FlagReading;
using domain::Result;

namespace {

const FlagReading* find(const OpenPack& pack, const domain::FlagKey& key)
{
    const auto found = std::ranges::find(pack.flags, key, [](const FlagReading& one) { return one.recorded.flag.key; });
    return found == pack.flags.end() ? nullptr : &*found;
}

} // namespace

QFuture<Result<ports::FlagList>> PackedFlagSource::flags(const domain::TimeRange& range, int limit)
{
    return m_worker.run<ports::FlagList>([pack = m_pack, range, limit](PackSession&) -> Result<ports::FlagList> {
        std::vector<std::size_t> chosen;
        for (std::size_t i = 0; i < pack->flags.size(); ++i) {
            const domain::Flag& flag = pack->flags[i].recorded.flag;
            if ((!range.from || flag.to >= *range.from) && (!range.to || flag.from < *range.to))
                chosen.push_back(i);
        }
        // Those that are decided are left out first.
        std::ranges::stable_partition(chosen, [&pack](std::size_t i) {
            const domain::FlagState state = pack->flags[i].recorded.state;
            return state != domain::FlagState::Dismissed && state != domain::FlagState::Voided;
        });
        chosen.resize(std::min(chosen.size(), static_cast<std::size_t>(std::max(limit, 0))));
        std::ranges::sort(chosen);
        ports::FlagList list;
        for (const std::size_t i : chosen)
            list.flags.push_back(pack->flags[i].recorded);
        return list;
    });
}

QFuture<Result<domain::RecordedFlag>> PackedFlagSource::flag(const domain::FlagKey& key)
{
    const FlagReading* found = find(*m_pack, key);
    return answer(found ? Result<domain::RecordedFlag>{found->recorded}
                        : domain::failure(domain::Fault::NotFound, fmt::format("There is no flag {} in this pack", key.text)));
}

QFuture<Result<std::vector<domain::ReviewEntry>>> PackedFlagSource::reviews(const domain::FlagKey& key)
{
    const FlagReading* found = find(*m_pack, key);
    std::vector<domain::ReviewEntry> reviews = found ? found->decisions : std::vector<domain::ReviewEntry>{};
    std::ranges::reverse(reviews);
    return answer(Result<std::vector<domain::ReviewEntry>>{std::move(reviews)});
}

} // namespace scr::packed
