#include "fuzz.h"

#include "detect/rules.h"

void look(std::string_view bytes)
{
    const auto rules = scr::detect::parseRules(bytes);
    demand(rules || !rules.error().detail.empty(), "what is refused is said");
}
