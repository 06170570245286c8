#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "ctl/terminal.h"
#include "ctl/verb.h"

namespace scr::ctl {

Run addVersion(CLI::App&)
{
    return [] {
        fmt::print("scrutineerctl {}\n", SCRUTINEER_VERSION);
        const domain::Status written = finishOutput();
        return written ? kDone : report(written.error());
    };
}

} // namespace scr::ctl
