#include "fuzz.h"

#include <string>

#include "audit/entry.h"
#include "verify/json.h"

/// Decoding then encoding gives the same bytes or refuses; and the stand-alone verifier takes exactly the same for entries.
void look(std::string_view bytes)
{
    const auto entry = scr::audit::Entry::decode(bytes);
    if (entry)
        demand(entry->encode() == bytes, "an entry has one form");
    scr::verify::Entry theirs;
    const bool isEntry = bytes.size() <= scr::audit::kMostEntryBytes && theirs.parse(bytes);
    demand(isEntry == entry.has_value(), "both take the same for entries");
    if (entry)
        demand(theirs.at(theirs.isAttempt ? +scr::verify::Entry::Kind : +scr::verify::Entry::DecisionKind).text ==
                   entry->text("kind"),
               "and read the same");
}
