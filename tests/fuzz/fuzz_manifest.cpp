#include "fuzz.h"

#include "audit/minisign.h"
#include "verify/trust.h"

/// Manifests, signatures, keys and descriptions of packs.
void look(std::string_view bytes)
{
    for (const std::string_view name : {scr::verify::kSigned, scr::verify::kPayload}) {
        scr::verify::Findings findings;
        for (const auto& [path, hash] : scr::verify::manifestOf(name, bytes, findings))
            demand(path.front() != '/' && ('/' + path + '/').find("/../") == std::string::npos, "no path leads out of a pack");
    }
    demand(!scr::verify::isSignedBy("", bytes, "RWQ8GFbY6iz0zOd/oyDo9WWH7kHXb3K5gVDYhKlVHrdm5ZwJz7OTdonl"),
           "nobody signs by chance");
    (void)scr::verify::isSignedBy("", "", bytes);
    (void)scr::verify::logKeyOf(bytes);
    (void)scr::verify::descriptionOf(bytes);
    if (const auto key = scr::audit::MinisignKey::parse(bytes))
        demand(scr::audit::MinisignKey::parse(key->text()).has_value(), "a key that is read can be written");
}
