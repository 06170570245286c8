#include "audit/witness.h"

#include <algorithm>

namespace scr::audit {

namespace {

bool isOf(const NoteSignature& signature, const VerifierKey& key)
{
    return signature.name == key.name && signature.id == key.id;
}

Witness witnessOf(const std::string& text, const NoteSignature& signature, const std::vector<VerifierKey>& keys)
{
    const auto key = std::ranges::find_if(keys, [&](const VerifierKey& one) { return isOf(signature, one); });
    if (key == keys.end())
        return {signature.name, Witness::Standing::Unknown, {}};
    const auto signers = signersOf({text, {signature}}, {*key});
    if (!signers || signers->empty())
        return {signature.name, Witness::Standing::Bad, {}};
    return {signature.name, Witness::Standing::Good, signers->front().time};
}

} // namespace

std::vector<Witness> witnessesOf(std::string_view note, const std::vector<KeptSignature>& beside, const VerifierKey& log,
                                 const std::vector<VerifierKey>& witnesses)
{
    const auto parsed = parseNote(note);
    if (!parsed)
        return {};
    std::vector<Witness> found;
    std::vector<NoteSignature> signatures = parsed->signatures;
    for (const KeptSignature& kept : beside) {
        if (kept.line.empty())
            continue;
        // By itself under the text: a line that is none must not hide the others.
        auto alone = parseNote(parsed->text + '\n' + kept.line + (kept.line.ends_with('\n') ? "" : "\n"));
        if (alone && alone->text == parsed->text && alone->signatures.size() == 1)
            signatures.push_back(std::move(alone->signatures.front()));
        else
            found.push_back({kept.name, Witness::Standing::Bad, {}});
    }
    for (auto one = signatures.begin(); one != signatures.end(); ++one) {
        if (!isOf(*one, log) && std::find(signatures.begin(), one, *one) == one)
            found.push_back(witnessOf(parsed->text, *one, witnesses));
    }
    return found;
}

} // namespace scr::audit
