#include "fuzz.h"

#include "audit/note.h"

/// A note that is read can be written again: its text, and its signatures as lines.
void look(std::string_view bytes)
{
    const auto note = scr::audit::parseNote(bytes);
    if (!note)
        return;
    demand(bytes.starts_with(note->text), "a note begins with its text");
    demand(!note->signatures.empty() && note->signatures.size() <= 100, "it has 1 to 100 signatures");
    scr::audit::VerifierKey key;
    key.name = note->signatures.front().name;
    key.id = note->signatures.front().id;
    demand(!scr::audit::signersOf(*note, {key}), "nobody signs with a key of zeros");
}
