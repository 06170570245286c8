#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace scr::domain {

/// Steps of which some need what others leave behind, shared out among threads: whoever is free takes the first step that can
/// begin. As long as a step reads only what the steps it comes after have written, the number of threads makes no difference.
class WorkPlan {
public:
    using Step = std::size_t;

    /// `work` gives false when it was stopped; no other step begins then. `after`: steps that were added before.
    Step add(std::function<bool()> work, std::vector<Step> after = {});
    /// Work that is not stopped.
    Step addWhole(std::function<void()> work, std::vector<Step> after = {});

    /// Once, on so many threads, this one included. False when a step was stopped; the first exception of a step is thrown on.
    [[nodiscard]] bool run(unsigned threads);

private:
    struct Task {
        std::function<bool()> work;
        std::vector<Step> after;
    };
    class Progress;

    std::vector<Task> m_tasks;
};

} // namespace scr::domain
