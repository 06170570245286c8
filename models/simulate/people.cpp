#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "simulate/plan.h"

namespace scr::simulate {

namespace {

struct Zone {
    double share;
    std::int64_t offset;
};
constexpr std::array<Zone, 6> kZones{
    {{0.18, -8 * kHour}, {0.25, -5 * kHour}, {0.20, 0}, {0.20, kHour}, {0.11, 5 * kHour + kHour / 2}, {0.06, 9 * kHour}}};
constexpr double kBehindSharedAddress = 0.27;
constexpr double kRoaming = 0.04;
constexpr double kSixOnly = 0.30;
constexpr std::uint64_t kTokensAnAddress = 40;

std::int64_t zoneOffset(double u) noexcept
{
    for (const Zone& zone : kZones) {
        if (u < zone.share)
            return zone.offset;
        u -= zone.share;
    }
    return kZones.back().offset;
}

/// All addresses are from blocks reserved for private use, carriers' NAT and documentation: they are nobody's.
std::string sharedAddress(std::uint64_t number)
{
    return fmt::format("100.{}.{}.{}", 64 + (number >> 16U) % 64, (number >> 8U) & 0xffU, number & 0xffU);
}

/// A line of one's own.
std::string homeAddress(Random& random)
{
    const std::uint64_t bits = random.bits();
    if (random.chance(kSixOnly))
        return fmt::format("2001:db8:{:x}:{:x}::{:x}", 1 + (bits & 0xfffU), 1 + ((bits >> 16U) & 0x7fffU),
                           1 + ((bits >> 32U) & 0x7fffU));
    return fmt::format("10.{}.{}.{}", bits & 0xffU, (bits >> 8U) & 0xffU, 1 + ((bits >> 16U) & 0xffU) % 254);
}

} // namespace

Person personOf(const SiteOptions& options, std::uint32_t token)
{
    constexpr double kJoinsLate = 0.15;
    constexpr std::int64_t kOldest = 900;
    Random random{options.seed, Purpose::Person, token};
    Person person;
    person.speed = random.lognormal(1, 0.4);
    person.zoneOffset = zoneOffset(random.uniform());
    const auto end = static_cast<std::int64_t>(options.days) * kDay;
    person.joinedAt = random.chance(kJoinsLate)
                          ? static_cast<std::int64_t>(random.uniform() * 0.9 * static_cast<double>(end))
                          : -static_cast<std::int64_t>(random.uniform() * static_cast<double>(kOldest * kDay));
    return person;
}

std::string originOf(const SiteOptions& options, std::uint32_t token, std::int64_t at)
{
    Random random{options.seed, Purpose::Origin, token};
    const double kind = random.uniform();
    if (kind < kRoaming) {
        constexpr std::int64_t kStays = 3 * kHour;
        Random place{options.seed, Purpose::Origin,
                     (static_cast<std::uint64_t>(token) << 32U) + static_cast<std::uint64_t>(at / kStays) + 1};
        return sharedAddress((1U << 21U) + place.below(1U << 20U));
    }
    if (kind < kRoaming + kBehindSharedAddress) {
        // a few large ones and many small ones: the square of a uniform variable
        const double place = random.uniform();
        const auto addresses = static_cast<double>(options.tokens / kTokensAnAddress + 1);
        return sharedAddress(static_cast<std::uint64_t>(place * place * addresses));
    }
    return homeAddress(random);
}

std::string originOf(const SitePlan& plan, std::uint32_t campaign, bool inCampaign, std::uint32_t token, std::int64_t at)
{
    const PlannedCampaign* planned = inCampaign ? &plan.campaigns[campaign] : nullptr;
    switch (planned == nullptr ? OriginKind::OfToken : planned->origin) {
    case OriginKind::OfToken: break;
    case OriginKind::Residential: {
        Random random{plan.options.seed, Purpose::Origin, (3ULL << 60U) + token};
        return homeAddress(random);
    }
    case OriginKind::Subnet:
        return fmt::format("172.{}.{}.{}", 16 + (planned->network >> 8U) % 16, planned->network & 0xffU, 1 + token % 254);
    case OriginKind::OneAddress: {
        Random random{plan.options.seed, Purpose::Origin, (5ULL << 60U) + planned->network};
        return homeAddress(random);
    }
    case OriginKind::SubnetSix: return fmt::format("2001:db8:f000:{:x}::{:x}", planned->network, 1 + token % 0xffffU);
    }
    if (std::binary_search(plan.movedTokens.begin(), plan.movedTokens.end(), token))
        return fmt::format("192.168.{}.7", plan.campusNetwork & 0xffU);
    return originOf(plan.options, token, at);
}

} // namespace scr::simulate
