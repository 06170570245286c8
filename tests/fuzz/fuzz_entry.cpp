#include "fuzz.h"

#include <string>

#include "audit/entry.h"
#include "verify/rows.h"

/// Decoding then encoding gives the same bytes or refuses; and the stand-alone verifier takes exactly the same for entries.
void look(std::string_view bytes)
{
    const auto entry = scr::audit::Entry::decode(bytes);
    if (entry)
        demand(entry->encode() == bytes, "an entry has one form");
    scr::verify::Object object;
    const bool isObject = bytes.size() <= scr::audit::kMostEntryBytes && object.parse(bytes);
    const bool isEntry =
        isObject && object.find("v") && object.find("v")->number == 1 && object.find("kind") &&
        object.hasFields(object.find("kind")->text == "attempt" ? scr::verify::kAttempt : scr::verify::kDecision);
    demand(isEntry == entry.has_value(), "both take the same for entries");
    if (entry)
        demand(object.find("kind")->text == entry->text("kind"), "and read the same");
}
