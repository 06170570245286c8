#include "fuzz.h"

#include <algorithm>
#include <cstdint>

#include "audit/checkpoint.h"
#include "verify/trust.h"

/// The program and the stand-alone verifier read the same.
void look(std::string_view bytes)
{
    const auto ours = scr::audit::parseCheckpoint(bytes);
    if (ours)
        demand(scr::audit::textOf(*ours) == bytes, "a checkpoint has one form");
    if (const auto note = scr::audit::noteOfLine(bytes)) {
        const auto again = scr::audit::noteOfLine(scr::audit::lineOf(*note));
        demand(again && *again == *note, "a note is written as a line and read as the same");
    }
    const auto theirs = scr::verify::checkpointOfText(bytes, "example.org/log");
    demand(!theirs || ours, "what the verifier reads, the program reads");
    if (ours && (ours->origin == "example.org/log" || ours->origin == "example.org/log/epoch-2"))
        demand(theirs && theirs->size == ours->size &&
                   std::ranges::equal(theirs->root, ours->root, {}, [](char byte) { return static_cast<std::uint8_t>(byte); }),
               "and the other way round");
}
