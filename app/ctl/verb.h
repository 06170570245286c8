#pragma once

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace scr::ctl {

inline constexpr int kDone = 0;  ///< for scan: nothing at or above --fail-on
inline constexpr int kFound = 1; ///< scan: a flag at or above --fail-on; rules: they differ; evaluate, decoys: a target that is
                                 ///< missed; race: a violation; controls: one that does not hold; seal: it
                                 ///< refuses to sign; verify, cosign: something is not what was signed
inline constexpr int kCouldNot = 2; ///< nothing was changed, and standard error says why

using Run = std::function<int()>;

/// One verb of the command line. `add` declares its options on the sub-command and returns what runs it once they are parsed.
struct Verb {
    const char* name;
    const char* summary;
    const char* example; ///< shown below --help
    Run (*add)(CLI::App& command);
};

Run addInit(CLI::App& command);
Run addImport(CLI::App& command);
Run addSimulate(CLI::App& command);
Run addScan(CLI::App& command);
Run addDecoys(CLI::App& command);
Run addRules(CLI::App& command);
Run addEvaluate(CLI::App& command);
Run addExport(CLI::App& command);
Run addControls(CLI::App& command);
Run addRace(CLI::App& command);
Run addKeygen(CLI::App& command);
Run addSeal(CLI::App& command);
Run addVerify(CLI::App& command);
Run addCosign(CLI::App& command);
Run addDemo(CLI::App& command);
Run addVersion(CLI::App& command);

} // namespace scr::ctl
