#include "jobs/background.h"

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace scr::jobs {

void giveWay() noexcept
{
#ifdef __linux__
    // Of this thread alone: Linux keeps the nice value for each. Refused or not, the work is the same.
    constexpr int kNice = 10;
    static_cast<void>(setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice));
#endif
}

} // namespace scr::jobs
