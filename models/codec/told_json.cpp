#include "codec/told_json.h"

#include "codec/json_fields.h"

namespace scr::codec {

using namespace domain;

std::string toldToJson(const ToldFlags& told)
{
    Json flags = Json::object();
    for (const auto& [key, flag] : told)
        flags[key.text] = {
            {"votes", flag.votes},     {"severity", nameOf(flag.severity)}, {"below_review_line", flag.belowReviewLine},
            {"subject", flag.subject}, {"from", isoText(flag.from)},        {"to", isoText(flag.to)}};
    return Json{{"told", std::move(flags)}}.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Result<ToldFlags> toldFromJson(std::string_view text)
{
    constexpr auto kRemedy = "Name another file, or remove this one: the flags of the window are then told anew";
    try {
        const Json json = Json::parse(text);
        ToldFlags told;
        for (const auto& [key, flag] : member(json, "told").items())
            told[FlagKey{key}] = {read<std::int64_t>(flag, "votes"),
                                  readName(flag, "severity", severityOf),
                                  read<bool>(flag, "below_review_line"),
                                  readText(flag, "subject"),
                                  readTime(flag, "from"),
                                  readTime(flag, "to")};
        return told;
    } catch (const Json::exception&) {
        return failure(Fault::Corrupt, "The state of the follower is not JSON", kRemedy);
    } catch (const std::invalid_argument& wrong) {
        return failure(Fault::Corrupt, std::string{"The state of the follower cannot be read: "} + wrong.what(), kRemedy);
    }
}

} // namespace scr::codec
