#include "packed/packed_flag_source.h"

#include <algorithm>

#include <fmt/format.h>

#include "packed/pack_answers.h"

namespace scr::packed {

using domain::FlagReading;
using domain::Result;

namespace {

bool isDecided(const FlagReading& one)
{
    return one.recorded.state == domain::FlagState::Dismissed || one.recorded.state == domain::FlagState::Voided;
}

const FlagReading* find(const OpenPack& pack, const domain::FlagKey& key)
{
    const auto found = std::ranges::find(pack.flags, key, [](const FlagReading& one) { return one.recorded.flag.key; });
    return found == pack.flags.end() ? nullptr : &*found;
}

} // namespace

QFuture<Result<ports::FlagList>> PackedFlagSource::flags(const domain::TimeRange& range, int limit)
{
    ports::FlagList list;
    const auto most = static_cast<std::size_t>(std::max(limit, 0));
    std::size_t decided = 0;
    for (const FlagReading& one : m_pack->flags) {
        const domain::Flag& flag = one.recorded.flag;
        const bool touches = (!range.from || flag.to >= *range.from) && (!range.to || flag.from < *range.to);
        if (touches)
            list.flags.push_back(one.recorded);
        decided += touches && isDecided(one) ? 1 : 0;
    }
    // Those that are decided are left out first, the worst of them last.
    for (std::size_t i = list.flags.size(); i-- > 0 && list.flags.size() > most;) {
        const domain::FlagState state = list.flags[i].state;
        const bool isDone = state == domain::FlagState::Dismissed || state == domain::FlagState::Voided;
        if (isDone || decided == 0) {
            list.flags.erase(list.flags.begin() + static_cast<std::ptrdiff_t>(i));
            decided -= isDone ? 1 : 0;
        }
    }
    return answer(Result<ports::FlagList>{std::move(list)});
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
