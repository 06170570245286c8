#include "fuzz.h"

#include <string>

#include "audit/tiles.h"

void look(std::string_view bytes)
{
    const auto entries = scr::audit::entriesOf(bytes);
    if (!entries)
        return;
    std::string again;
    for (const std::string_view entry : *entries)
        scr::audit::appendToBundle(again, entry);
    demand(again == bytes, "a bundle has one form");
}
