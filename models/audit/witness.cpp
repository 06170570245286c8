#include "audit/witness.h"

#include <algorithm>
#include <map>

namespace scr::audit {

namespace {

using Standing = Witness::Standing;

bool isOf(const NoteSignature& signature, const VerifierKey& key)
{
    return signature.name == key.name && signature.id == key.id;
}

Witness witnessOf(const std::string& text, const NoteSignature& signature, const std::vector<VerifierKey>& keys)
{
    const auto key = std::ranges::find_if(keys, [&](const VerifierKey& one) { return isOf(signature, one); });
    if (key == keys.end())
        return {signature.name, Standing::Unknown, {}};
    const auto signers = signersOf({text, {signature}}, {*key});
    if (!signers || signers->empty())
        return {signature.name, Standing::Bad, {}};
    return {signature.name, Standing::Good, signers->front().time};
}

} // namespace

std::vector<Witness> witnessesOf(std::string_view note, const std::vector<KeptSignature>& beside, const VerifierKey& log,
                                 const std::vector<VerifierKey>& witnesses)
{
    const auto parsed = parseNote(note);
    if (!parsed)
        return {};
    // A good signature is one whatever else stands there under the name: anybody may store a line.
    std::map<std::string, Witness> found;
    const auto take = [&found](Witness one) {
        const auto [known, isNew] = found.emplace(one.name, one);
        if (!isNew && one.standing < known->second.standing)
            known->second = std::move(one);
    };
    for (const NoteSignature& signature : parsed->signatures) {
        if (!isOf(signature, log))
            take(witnessOf(parsed->text, signature, witnesses));
    }
    for (const KeptSignature& kept : beside) {
        const auto known = found.find(kept.name);
        const bool isKnownGood = known != found.end() && known->second.standing == Standing::Good;
        if (kept.line.empty() || isKnownGood)
            continue;
        if (std::ranges::find(witnesses, kept.name, &VerifierKey::name) == witnesses.end()) {
            take({kept.name, Standing::Unknown, {}});
            continue;
        }
        // By itself under the text: a line that is none must not hide the others.
        const auto alone = parseNote(parsed->text + '\n' + kept.line + (kept.line.ends_with('\n') ? "" : "\n"));
        const bool isOne =
            alone && alone->text == parsed->text && alone->signatures.size() == 1 && alone->signatures.front().name == kept.name;
        take(isOne ? witnessOf(parsed->text, alone->signatures.front(), witnesses) : Witness{kept.name, Standing::Bad, {}});
    }
    std::vector<Witness> all;
    for (auto& [name, witness] : found)
        all.push_back(std::move(witness));
    return all;
}

} // namespace scr::audit
