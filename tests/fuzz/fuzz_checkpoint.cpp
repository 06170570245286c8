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
    // The verifier reads more: what is signed with the log's key is well made otherwise.
    if (ours && ours->size < 1'000'000'000'000'000'000 &&
        (ours->origin == "example.org/log" || ours->origin == "example.org/log/epoch-2"))
        demand(theirs && theirs->origin == ours->origin && theirs->size == ours->size &&
                   std::ranges::equal(theirs->root, ours->root, {}, [](char byte) { return static_cast<std::uint8_t>(byte); }),
               "the verifier reads what the program reads, and the same");
    static const auto key = scr::verify::logKeyOf(
        "example.org/log+ddaaa2bc+AZEGHsXgZYLa6YtJtA4KQwECmtyRxZ/x/24jw5Qngm23"); // nobody has its other half
    demand(key && !scr::verify::checkpointOf(bytes, *key), "nobody signs by chance");
}
