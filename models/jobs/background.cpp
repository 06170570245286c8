#include "jobs/background.h"

#include <algorithm>
#include <utility>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace scr::jobs {

void giveWay() noexcept
{
#ifdef __linux__
    // Of this thread alone: Linux keeps the nice value for each. Refused or not, the work is the same.
    constexpr int kNicer = 10;
    constexpr int kNicest = 19;
    thread_local bool nice = false; // a pool's thread does many jobs
    if (std::exchange(nice, true))
        return;
    const auto thread = static_cast<id_t>(gettid());
    static_cast<void>(setpriority(PRIO_PROCESS, thread, std::min(kNicest, getpriority(PRIO_PROCESS, thread) + kNicer)));
#endif
}

} // namespace scr::jobs
