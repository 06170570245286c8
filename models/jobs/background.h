#pragma once

namespace scr::jobs {

/// From now on the calling thread, and every thread it starts, gives way to the window's thread where both want the processor.
/// Only for threads that do nothing but background work: a thread cannot take it back.
void giveWay() noexcept;

} // namespace scr::jobs
