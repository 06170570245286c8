#include "fuzz.h"

#include "audit/proof.h"
#include "audit/proof_text.h"

void look(std::string_view bytes)
{
    const auto proof = scr::audit::parseProof(bytes);
    if (!proof)
        return;
    const auto again = scr::audit::parseProof(scr::audit::textOf(*proof));
    demand(again && again->entry == proof->entry && again->index == proof->index && again->proof == proof->proof &&
               again->note == proof->note,
           "a proof that was read is written and read as the same");
    const scr::audit::Hash leaf = scr::audit::leafHash(proof->entry);
    const auto root = scr::audit::rootOf(leaf, proof->index, proof->index + 1, proof->proof);
    if (root)
        demand(scr::audit::verifyInclusion(leaf, proof->index, proof->index + 1, proof->proof, *root),
               "a root that it comes to is its root");
}
